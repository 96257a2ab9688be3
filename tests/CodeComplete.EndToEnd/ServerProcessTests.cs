using System.Diagnostics;
using System.Text.Json.Nodes;
using CodeComplete.Testing;

namespace CodeComplete.EndToEnd;

/// <summary>A spawned server over its standard streams, with the shipped model, on the sample.</summary>
public sealed class ServerProcessTests : IAsyncLifetime
{
    private static readonly string BillingFile = Path.Combine(Product.Sample, "src", "Clinic.Domain", "Billing", "Payment.cs");

    private const string Source = """
        namespace Clinic.Domain.Billing;

        public class Till
        {
            private readonly List<decimal> _amounts = new();

            public decimal Total()
            {
                return _amounts.
            }
        }
        """;

    private const int Line = 8;
    private const int Character = 24;

    private readonly TemporaryFolder _data = new();
    private LspClient _client = null!;

    public ValueTask InitializeAsync()
    {
        _client = Product.StartServer(_data.Path);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        _data.Dispose();
    }

    [Fact]
    public async Task A_cold_server_answers_with_ghost_text_and_a_list_and_ends_cleanly()
    {
        var initialized = await _client.InitializeAsync(Product.Sample);
        await _client.OpenAsync(BillingFile, Source);
        var ghost = await _client.AskAsync("textDocument/inlineCompletion", LspClient.At(BillingFile, Line, Character));
        var list = await _client.AskAsync("textDocument/completion", LspClient.At(BillingFile, Line, Character));

        Assert.True((bool)initialized["result"]!["capabilities"]!["inlineCompletionProvider"]!);
        var props = await File.ReadAllTextAsync(
            Path.Combine(Repository.Root, "Directory.Build.props"),
            TestContext.Current.CancellationToken
        );
        var version = (string)initialized["result"]!["serverInfo"]!["version"]!;
        Assert.Contains($"<Version>{version}</Version>", props, StringComparison.Ordinal);
        var item = ghost["result"]!["items"]![0]!;
        Assert.NotEqual("", (string)item["insertText"]!);
        Assert.Equal("codecomplete.accepted", (string)item["command"]!["command"]!);
        var items = list["result"]!["items"]!.AsArray();
        Assert.Contains(items, i => ((string)i!["label"]!).EndsWith("Sum", StringComparison.Ordinal));
        Assert.Equal(0, await _client.ShutDownAsync());
    }

    [Fact]
    public async Task Accepting_is_remembered_across_servers()
    {
        await _client.InitializeAsync(Product.Sample);
        // On a busy machine the project takes longer than a request waits for it.
        await _client.NotifiedAsync("codecomplete/status", p => (string?)p?["state"] == "ready");
        await _client.OpenAsync(BillingFile, Source);
        var ghost = await _client.AskAsync("textDocument/inlineCompletion", LspClient.At(BillingFile, Line, Character));
        var command = ghost["result"]!["items"]![0]!["command"]!;
        var accepted = await _client.AskAsync(
            "workspace/executeCommand",
            new JsonObject { ["command"] = (string)command["command"]!, ["arguments"] = command["arguments"]!.DeepClone() }
        );
        Assert.Null(accepted["error"]);
        Assert.Equal(0, await _client.ShutDownAsync());

        var (exitCode, output, _) = await Product.RunAsync(["index", Product.Sample, "--data-dir", _data.Path]);

        Assert.Equal(0, exitCode);
        Assert.Contains("1 accepted", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_started_again_knows_the_projects_before_msbuild_does()
    {
        await _client.InitializeAsync(Product.Sample);
        await _client.NotifiedAsync("codecomplete/status", p => (string?)p?["state"] == "ready");
        Assert.Equal(0, await _client.ShutDownAsync());

        var empty = Directory.CreateDirectory(Path.Combine(_data.Path, "empty"));
        await using var again = Product.StartServerWithoutSdk(_data.Path, empty.FullName);
        await again.InitializeAsync(Product.Sample);
        await again.OpenAsync(BillingFile, Source);
        var ghost = await again.AskAsync("textDocument/inlineCompletion", LspClient.At(BillingFile, Line, Character));

        // What cannot be verified is not shown, and without MSBuild's word nothing can.
        Assert.NotEmpty(ghost["result"]!["items"]!.AsArray());
        await again.NotifiedAsync(
            "window/showMessage",
            message => ((string)message!["message"]!).Contains("SDK could not be run", StringComparison.Ordinal)
        );
        Assert.Equal(0, await again.ShutDownAsync());
    }

    [Fact]
    public async Task Ghost_text_for_an_older_version_is_never_sent()
    {
        await _client.InitializeAsync(Product.Sample);
        await _client.OpenAsync(BillingFile, Source);
        await _client.AskAsync("textDocument/inlineCompletion", LspClient.At(BillingFile, Line, Character));

        for (var version = 2; version <= 12; version++)
        {
            var text = Source.Replace("_amounts.", $"_amounts /* {version} */.", StringComparison.Ordinal);
            await _client.ChangeAsync(BillingFile, version, text);
            var (_, answer) = await _client.BeginAsync("textDocument/inlineCompletion", LspClient.At(BillingFile, Line, Character));
            await _client.ChangeAsync(BillingFile, version, "// " + text);

            Assert.Empty((await answer)["result"]!["items"]!.AsArray());
        }
    }

    [Fact]
    public async Task A_list_survives_typing_on_in_its_word_and_ends_outside_it()
    {
        await _client.InitializeAsync(Product.Sample);
        await _client.OpenAsync(BillingFile, Source);

        var (_, kept) = await _client.BeginAsync("textDocument/completion", LspClient.At(BillingFile, Line, Character));
        await ChangeAt(2, Line, Character, "S");
        Assert.Null((await kept)["error"]);

        var (_, ended) = await _client.BeginAsync("textDocument/completion", LspClient.At(BillingFile, Line, Character + 1));
        await ChangeAt(3, 0, 0, "// ");
        var answer = await ended;
        // It may have been answered before the edit came; if not, it is ContentModified.
        Assert.True(answer["result"] is not null || (int)answer["error"]!["code"]! == -32801);
    }

    [Fact]
    public async Task A_pause_is_told_and_lasts_until_it_is_resumed()
    {
        await _client.InitializeAsync(Product.Sample);
        await _client.OpenAsync(BillingFile, Source);
        await _client.NotifiedAsync("codecomplete/status", p => (string?)p?["state"] == "ready");

        await RunAsync("codecomplete.pause");
        await _client.NotifiedAsync("codecomplete/status", p => (string?)p?["state"] == "paused");
        Assert.Equal(0, await GhostCountAsync());
        Assert.Equal(0, await ListCountAsync());

        var told = _client.Notifications.Count(n => n.Method == "codecomplete/status");
        await RunAsync("codecomplete.resume");
        Assert.NotEqual(0, await GhostCountAsync());
        Assert.NotEqual(0, await ListCountAsync());
        var states = _client
            .Notifications.Where(n => n.Method == "codecomplete/status")
            .Skip(told)
            .Select(n => (string?)n.Params?["state"]);
        Assert.Contains("ready", states);

        async Task RunAsync(string command) =>
            Assert.Null((await _client.AskAsync("workspace/executeCommand", new JsonObject { ["command"] = command }))["error"]);
        async Task<int> GhostCountAsync() => await CountAsync("textDocument/inlineCompletion");
        async Task<int> ListCountAsync() => await CountAsync("textDocument/completion");
        async Task<int> CountAsync(string method) =>
            (await _client.AskAsync(method, LspClient.At(BillingFile, Line, Character)))["result"]!["items"]!.AsArray().Count;
    }

    [Fact]
    public async Task A_list_of_stars_alone_is_asked_for_again_until_it_has_them()
    {
        // A cold server: neither its project nor its model is there when it is asked first.
        await _client.InitializeAsync(Product.Sample, options: new JsonObject { ["list"] = "starred" });
        await _client.OpenAsync(BillingFile, Source);

        // A client asks again for a list that says it is incomplete, and never for one that does not.
        JsonNode list;
        do
        {
            var answer = await _client.AskAsync("textDocument/completion", LspClient.At(BillingFile, Line, Character));
            list = answer["result"]!;
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        } while ((bool)list["isIncomplete"]!);

        Assert.NotEmpty(list["items"]!.AsArray());
        Assert.All(list["items"]!.AsArray(), item => Assert.StartsWith("★ ", (string)item!["label"]!, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("debug", false)]
    [InlineData("trace", true)]
    public async Task The_log_holds_source_text_at_the_level_trace_alone(string level, bool isExpected)
    {
        await _client.InitializeAsync(Product.Sample, options: new JsonObject { ["list"] = "off" });
        await _client.NotifyAsync(
            "workspace/didChangeConfiguration",
            new JsonObject { ["settings"] = new JsonObject { ["log.level"] = level } }
        );
        // Messages are read ahead of the one that is handled.
        await _client.AskAsync("completionItem/resolve", new JsonObject { ["label"] = "barrier" });
        await _client.OpenAsync(BillingFile, Source);
        await _client.AskAsync("textDocument/inlineCompletion", LspClient.At(BillingFile, Line, Character));
        Assert.Equal(0, await _client.ShutDownAsync());

        var log = await File.ReadAllTextAsync(Path.Combine(_data.Path, "logs", "codecomplete.log"));
        Assert.Contains("ready: model", log, StringComparison.Ordinal);
        Assert.Equal(level != "info", log.Contains("host text of", StringComparison.Ordinal));
        Assert.Equal(isExpected, log.Contains("_amounts", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Exit_without_shutdown_is_exit_code_1()
    {
        await _client.InitializeAsync(Product.Sample);
        await _client.NotifyAsync("exit", null);
        await _client.Server!.WaitForExitAsync();

        Assert.Equal(1, _client.Server.ExitCode);
    }

    [Fact]
    public async Task The_server_ends_when_the_clients_process_dies()
    {
        // Any process that waits will do as the client; this one waits for input that never comes.
        using var editor = Process.Start(
            new ProcessStartInfo(Product.Dotnet, Product.Arguments("lsp", "--data-dir", Path.Combine(_data.Path, "editor")))
            {
                UseShellExecute = false,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            }
        )!;
        await _client.AskAsync(
            "initialize",
            new JsonObject
            {
                ["processId"] = editor.Id,
                ["rootUri"] = null,
                ["capabilities"] = new JsonObject(),
            }
        );

        editor.Kill();
        await _client.Server!.WaitForExitAsync();

        Assert.NotEqual(0, _client.Server.ExitCode);
    }

    [Fact]
    public async Task A_body_that_is_no_json_is_answered_and_the_stream_goes_on()
    {
        await _client.InitializeAsync(Product.Sample);

        await _client.SendRawAsync("{ this is no json");
        await _client.OpenAsync(BillingFile, Source);
        var list = await _client.AskAsync("textDocument/completion", LspClient.At(BillingFile, Line, Character));

        Assert.NotEmpty(list["result"]!["items"]!.AsArray());
        Assert.Contains(_client.Notifications, n => (int?)n.Params?["error"]?["code"] == -32700);
    }

    [Fact]
    public async Task A_request_before_initialize_is_refused_and_a_negative_line_is_empty()
    {
        var early = await _client.AskAsync("textDocument/completion", LspClient.At(BillingFile, 0, 0));
        Assert.Equal(-32002, (int)early["error"]!["code"]!);

        await _client.InitializeAsync(Product.Sample);
        await _client.OpenAsync(BillingFile, Source);
        var outside = await _client.AskAsync("textDocument/inlineCompletion", LspClient.At(BillingFile, -1, 0));

        Assert.Null(outside["error"]);
        Assert.Empty(outside["result"]!["items"]!.AsArray());
    }

    [Fact]
    public async Task Without_a_model_the_user_is_told_once_and_the_list_answers()
    {
        await using var bare = Product.StartServer(_data.Path, "--model", Path.Combine(_data.Path, "no-model"));
        await bare.InitializeAsync(Product.Sample);
        await bare.OpenAsync(BillingFile, Source);
        var ghost = await bare.AskAsync("textDocument/inlineCompletion", LspClient.At(BillingFile, Line, Character));
        var list = await bare.AskAsync("textDocument/completion", LspClient.At(BillingFile, Line, Character));

        Assert.Empty(ghost["result"]!["items"]!.AsArray());
        Assert.NotEmpty(list["result"]!["items"]!.AsArray());
        var message = await bare.NotifiedAsync(
            "window/showMessage",
            p => ((string)p!["message"]!).Contains("no-model", StringComparison.Ordinal)
        );
        Assert.Equal(1, (int)message!["type"]!);
        Assert.DoesNotContain('\n', (string)message["message"]!);
    }

    private Task ChangeAt(int version, int line, int character, string text) =>
        _client.NotifyAsync(
            "textDocument/didChange",
            new JsonObject
            {
                ["textDocument"] = new JsonObject { ["uri"] = new Uri(BillingFile).AbsoluteUri, ["version"] = version },
                ["contentChanges"] = new JsonArray(
                    new JsonObject
                    {
                        ["range"] = new JsonObject
                        {
                            ["start"] = new JsonObject { ["line"] = line, ["character"] = character },
                            ["end"] = new JsonObject { ["line"] = line, ["character"] = character },
                        },
                        ["text"] = text,
                    }
                ),
            }
        );
}
