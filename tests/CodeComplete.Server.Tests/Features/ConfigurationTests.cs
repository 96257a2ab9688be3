using System.Text.Json.Nodes;
using CodeComplete.Engine;
using CodeComplete.Server.Tests.Harness;
using Microsoft.Extensions.Logging;

namespace CodeComplete.Server.Tests.Features;

/// <summary>Where settings come from, and when the engine hears of them.</summary>
public sealed class ConfigurationTests
{
    [Fact]
    public async Task What_the_command_line_says_wins_at_the_start_and_later()
    {
        await using var client = TestClient.Start(overrule: settings => settings with { Provider = "cpu", MemoryEnabled = false });
        await client.InitializeAsync(Capabilities.Plain, JsonNode.Parse("""{"threads":4,"provider":"cuda"}"""));
        var expected = EngineSettings.Default with { Provider = "cpu", MemoryEnabled = false, Threads = 4 };
        Assert.Equal(expected, client.Started!.Settings);

        client.Notify("workspace/didChangeConfiguration", JsonNode.Parse("""{"settings":{"list":"off","memory":{"enabled":true}}}"""));
        Assert.Equal(expected with { List = ListMode.Off }, await client.Engine.ConfiguredAsync());
    }

    [Fact]
    public async Task The_log_takes_what_the_setting_says_from_the_start_and_after_each_change()
    {
        await using var client = await TestClient.StartInitializedAsync(
            Capabilities.Plain,
            options: JsonNode.Parse("""{"log.level":"error"}""")
        );
        client.Notify("workspace/didChangeConfiguration", JsonNode.Parse("""{"settings":{"log":{"level":"debug"}}}"""));
        client.Notify("workspace/didChangeConfiguration", JsonNode.Parse("""{"settings":{"log":{"level":"loud"}}}"""));
        await client.SettleAsync();
        // A wrong value leaves what was given at the start.
        Assert.Equal([LogLevel.Error, LogLevel.Debug, LogLevel.Error], client.LogLevels);
    }

    [Fact]
    public async Task Source_text_is_logged_by_the_most_talkative_level_alone()
    {
        const string Secret = "rosebud";
        var engine = new FakeEngine
        {
            Ghost = (_, _) => Task.FromResult(new GhostAnswer(null, new StageTimings(), $"nothing fits '{Secret}'")),
        };
        await using var client = await TestClient.StartInitializedAsync(engine: engine);
        client.Open("file:///w/a.cs", $"class {Secret} {{}}");
        client.Change("file:///w/a.cs", 2, $"class {Secret} {{ }}");
        await client.ResultAsync("textDocument/inlineCompletion", TestClient.InlineAt("file:///w/a.cs"));
        await client.ResultAsync("textDocument/completion", TestClient.At("file:///w/a.cs"));
        await client.SettleAsync();

        var telling = client.Logs.Lines.Where(line => line.Contains(Secret, StringComparison.Ordinal)).ToList();
        Assert.Equal(3, telling.Count);
        Assert.All(telling, line => Assert.StartsWith("Trace: ", line, StringComparison.Ordinal));
        Assert.Contains(client.Logs.Lines, line => line.StartsWith("Debug: List of /w/a.cs in 0 ms: 0 items", StringComparison.Ordinal));
        Assert.Contains(client.Logs.Lines, line => line.StartsWith("Debug: No ghost text of /w/a.cs", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_client_is_asked_for_its_settings_and_again_when_they_change()
    {
        var answers = new Queue<string>(["""[{"list":"off"}]""", """[{"list":"starred"}]"""]);
        await using var client = TestClient.Start();
        client.Answers = (method, _) => method == "workspace/configuration" ? JsonNode.Parse(answers.Dequeue()) : null;
        await client.InitializeAsync(Capabilities.Neovim, JsonNode.Parse("""{"threads":4}"""));
        client.Notify("initialized", new JsonObject());
        CompletionTests.AssertJson("""{"items":[{"section":"codecomplete"}]}""", await client.HearAsync("workspace/configuration"));
        Assert.Equal(EngineSettings.Default with { List = ListMode.Off, Threads = 4 }, await client.Engine.ConfiguredAsync());

        // What comes along is not believed where the client can be asked.
        client.Notify("workspace/didChangeConfiguration", JsonNode.Parse("""{"settings":{"codecomplete":{"list":"full"}}}"""));
        Assert.Equal(EngineSettings.Default with { List = ListMode.Starred, Threads = 4 }, await client.Engine.ConfiguredAsync());
    }

    [Fact]
    public async Task A_client_that_cannot_be_asked_sends_its_settings()
    {
        await using var client = await TestClient.StartInitializedAsync(Capabilities.Plain);
        client.Notify(
            "workspace/didChangeConfiguration",
            JsonNode.Parse("""{"settings":{"codecomplete":{"ghost":{"multiline":false}}}}""")
        );
        Assert.Equal(EngineSettings.Default with { GhostMultiline = false }, await client.Engine.ConfiguredAsync());
        Assert.False(client.Heard("workspace/configuration"));
    }

    [Fact]
    public async Task Settings_that_stay_the_same_do_not_disturb_the_engine()
    {
        await using var client = await TestClient.StartInitializedAsync(
            Capabilities.Plain,
            options: JsonNode.Parse("""{"exclude":["a"]}""")
        );
        client.Notify("workspace/didChangeConfiguration", JsonNode.Parse("""{"settings":{"codecomplete":{"exclude":["a"]}}}"""));
        client.Notify("workspace/didChangeConfiguration", JsonNode.Parse("""{"settings":null}"""));
        client.Notify("workspace/didChangeConfiguration", new JsonObject());
        await client.SettleAsync();
        Assert.Empty(client.Engine.Calls);
    }

    [Fact]
    public async Task A_mistake_is_shown_once()
    {
        await using var client = await TestClient.StartInitializedAsync(Capabilities.Plain);
        var wrong = JsonNode.Parse("""{"settings":{"codecomplete":{"lst":"off"}}}""");
        client.Notify("workspace/didChangeConfiguration", wrong);
        client.Notify("workspace/didChangeConfiguration", wrong!.DeepClone());
        CompletionTests.AssertJson(
            """{"type":2,"message":"There is no setting 'codecomplete.lst'; check its spelling."}""",
            await client.HearAsync("window/showMessage")
        );
        client.Engine.Report(new Notice(NoticeLevel.Warning, "Next."));
        await client.HearAsync("window/logMessage");
        Assert.Equal("Next.", (await client.HearAsync("window/showMessage")).GetProperty("message").GetString());
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("[null]")]
    [InlineData("""{"list":"off"}""")]
    [InlineData("[1,2]")]
    public async Task An_odd_answer_changes_nothing_and_the_next_one_counts(string odd)
    {
        var answers = new Queue<string>([odd, """[{"threads":7}]"""]);
        await using var client = TestClient.Start();
        client.Answers = (method, _) => method == "workspace/configuration" ? JsonNode.Parse(answers.Dequeue()) : null;
        await client.InitializeAsync(Capabilities.Neovim);
        client.Notify("initialized", new JsonObject());
        await client.HearAsync("workspace/configuration");
        client.Notify("workspace/didChangeConfiguration", new JsonObject());
        Assert.Equal(EngineSettings.Default with { Threads = 7 }, await client.Engine.ConfiguredAsync());
    }
}
