using System.Text.Json;
using System.Text.Json.Nodes;
using CodeComplete.Engine;
using CodeComplete.Server.Tests.Harness;

namespace CodeComplete.Server.Tests.Features;

/// <summary>What the user sees of the engine's work.</summary>
public sealed class StatusTests
{
    [Fact]
    public async Task The_status_is_sent_at_once_and_whenever_it_changes()
    {
        await using var client = await TestClient.StartInitializedAsync(Capabilities.Plain);
        CompletionTests.AssertJson("""{"state":"ready","message":"Ready."}""", await client.HearAsync("codecomplete/status"));
        client.Engine.Report(new EngineStatus(EngineState.Indexing, 40, "4 of 10 files"));
        CompletionTests.AssertJson(
            """{"state":"indexing","percent":40,"message":"4 of 10 files"}""",
            await client.HearAsync("codecomplete/status")
        );
        Assert.False(client.Heard("window/workDoneProgress/create"));
    }

    [Fact]
    public async Task Pausing_and_resuming_are_commands_and_a_status()
    {
        await using var client = await TestClient.StartInitializedAsync(Capabilities.Plain);
        CompletionTests.AssertJson("""{"state":"ready","message":"Ready."}""", await client.HearAsync("codecomplete/status"));

        await client.ResultAsync("workspace/executeCommand", new JsonObject { ["command"] = "codecomplete.pause" });
        CompletionTests.AssertJson("""{"state":"paused","message":"Paused."}""", await client.HearAsync("codecomplete/status"));

        await client.ResultAsync("workspace/executeCommand", new JsonObject { ["command"] = "codecomplete.resume" });
        CompletionTests.AssertJson("""{"state":"ready","message":"Ready."}""", await client.HearAsync("codecomplete/status"));
        Assert.Equal(["pause", "resume"], client.Engine.Calls);
    }

    [Fact]
    public async Task Each_time_of_work_is_one_progress()
    {
        var engine = new FakeEngine { Status = new(EngineState.Loading, null, "Shop.sln") };
        await using var client = await TestClient.StartInitializedAsync(Capabilities.VsCode, engine);
        CompletionTests.AssertJson("""{"token":"codecomplete/1"}""", await client.HearAsync("window/workDoneProgress/create"));
        await HearAsync(
            client,
            """{"token":"codecomplete/1","value":{"kind":"begin","title":"CodeComplete: loading","message":"Shop.sln"}}"""
        );
        engine.Report(new EngineStatus(EngineState.Loading, 50, "half"));
        await HearAsync(client, """{"token":"codecomplete/1","value":{"kind":"report","message":"half","percentage":50}}""");
        engine.Report(new EngineStatus(EngineState.Indexing, 0, "0 of 9"));
        await HearAsync(client, """{"token":"codecomplete/1","value":{"kind":"end"}}""");
        CompletionTests.AssertJson("""{"token":"codecomplete/2"}""", await client.HearAsync("window/workDoneProgress/create"));
        await HearAsync(
            client,
            """{"token":"codecomplete/2","value":{"kind":"begin","title":"CodeComplete: indexing","message":"0 of 9","percentage":0}}"""
        );
        engine.Report(new EngineStatus(EngineState.Ready, null, "Ready."));
        await HearAsync(client, """{"token":"codecomplete/2","value":{"kind":"end"}}""");
    }

    [Fact]
    public async Task A_client_that_refuses_progress_still_gets_the_status()
    {
        var engine = new FakeEngine { Status = new(EngineState.Loading, null, "x") };
        await using var client = TestClient.Start(engine);
        client.Refuses = method => method == "window/workDoneProgress/create";
        await client.InitializeAsync(Capabilities.VsCode);
        client.Notify("initialized", new JsonObject());
        await client.HearAsync("window/workDoneProgress/create");
        await client.HearAsync("codecomplete/status");
        engine.Report(new EngineStatus(EngineState.Ready, null, "Ready."));
        Assert.Equal("ready", (await client.HearAsync("codecomplete/status")).GetProperty("state").GetString());
        Assert.False(client.Heard("$/progress"));
    }

    [Theory]
    [InlineData(NoticeLevel.Error, 1, true)]
    [InlineData(NoticeLevel.Warning, 2, true)]
    [InlineData(NoticeLevel.Information, 3, false)]
    public async Task Notices_are_logged_and_shown_if_the_user_must_act(NoticeLevel level, int type, bool shown)
    {
        await using var client = await TestClient.StartInitializedAsync(Capabilities.Plain);
        client.Engine.Report(new Notice(level, "No model in /m; set 'codecomplete.model'."));
        client.Engine.Report(new Notice(NoticeLevel.Error, "last"));
        AssertMessage(await client.HearAsync("window/logMessage"), type);
        if (shown)
        {
            AssertMessage(await client.HearAsync("window/showMessage"), type);
        }

        Assert.Equal("last", (await client.HearAsync("window/showMessage")).GetProperty("message").GetString());
    }

    private static void AssertMessage(JsonElement message, int type)
    {
        Assert.Equal(type, message.GetProperty("type").GetInt32());
        Assert.Equal("No model in /m; set 'codecomplete.model'.", message.GetProperty("message").GetString());
    }

    private static async Task HearAsync(TestClient client, string expected) =>
        CompletionTests.AssertJson(expected, await client.HearAsync("$/progress"));
}
