using System.Text.Json;
using CodeComplete.Engine.Startup;
using CodeComplete.Testing;
using CodeComplete.Transformer;

namespace CodeComplete.Engine.Tests;

/// <summary>A server instead of the local decoder: verification and all else stays, and without a url nobody is asked.</summary>
public sealed class RemoteEngineTests : IAsyncLifetime
{
    private const string Text = "using System.Collections.Generic;\nclass A { int M(List<int> all) { return all.Co";
    private readonly TemporaryFolder _folder = new();
    private readonly CompletionServerStub _server = new();
    private string _file = "";
    private string _model = "";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static Position Cursor => new(1, Text.Length - Text.IndexOf('\n', StringComparison.Ordinal) - 1);

    public ValueTask InitializeAsync()
    {
        _file = _folder.Write("work/A.cs", Text + "\n} }\n");
        _folder.Write("model/prompt.json", TinyModel.Prompt());
        _folder.Write("model/tokenizer.json", new TinyModel().Tokenizer());
        _model = Path.Combine(_folder.Path, "model");
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task The_server_writes_the_compiler_judges_and_the_list_has_no_stars()
    {
        _server.Answers(200, CompletionServerStub.Completion("unt;\n"));
        await using var engine = await StartAsync();

        var ghost = await engine.CompleteInlineAsync(new GhostRequest(_file, Cursor), Cancellation);
        var list = await engine.CompleteListAsync(new ListRequest(_file, Cursor, WaitForStars: true), Cancellation);
        while (list.IsIncomplete)
        {
            // What is not imported is still being read; stars are not waited for.
            list = await engine.CompleteListAsync(new ListRequest(_file, Cursor, WaitForStars: true), Cancellation);
        }

        Assert.Equal("unt;", ghost.Ghost?.Text);
        Assert.True(ghost.Ghost!.Verified);
        Assert.Contains(list.Items, i => i.Label == "Count");
        Assert.DoesNotContain(list.Items, i => i.Starred);
        Assert.Equal("remote", engine.Model?.Provider);
        Assert.Empty(engine.Notices);
        var request = Assert.Single(_server.Requests);
        using var body = JsonDocument.Parse(request.Body);
        var prompt = body.RootElement.GetProperty("prompt").GetString()!;
        Assert.Contains($"<|fim_prefix|>{Text}<|fim_suffix|>", prompt, StringComparison.Ordinal);
        Assert.EndsWith("<|fim_middle|>", prompt, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_explanation_says_in_a_sentence_what_a_server_does_not_tell()
    {
        _server.Answers(200, CompletionServerStub.Completion("unt;\n"));
        await using var engine = await StartAsync();

        var explanation = await engine.ExplainAsync(new GhostRequest(_file, Cursor), new ExplainOptions(), Cancellation);

        Assert.Equal("unt;", explanation!.Lines[0].Text);
        Assert.Empty(explanation.Prompt);
        Assert.StartsWith("A server runs the model, so it cannot be told", explanation.NoAttention, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_server_writes_and_the_compiler_rejects_is_not_shown_and_not_asked_for_again()
    {
        _server.Answers(200, CompletionServerStub.Completion("nfused();"));
        await using var engine = await StartAsync();

        var ghost = await engine.CompleteInlineAsync(new GhostRequest(_file, Cursor), Cancellation);

        Assert.Null(ghost.Ghost);
        Assert.Contains("compiles", ghost.Why, StringComparison.Ordinal);
        Assert.Single(_server.Requests);
    }

    [Fact]
    public async Task A_server_that_fails_is_said_in_one_line_and_the_list_answers()
    {
        _server.Answers(500, "");
        await using var engine = await StartAsync();

        var first = await engine.CompleteInlineAsync(new GhostRequest(_file, Cursor), Cancellation);
        var second = await engine.CompleteInlineAsync(new GhostRequest(_file, Cursor), Cancellation);
        var list = await engine.CompleteListAsync(new ListRequest(_file, Cursor), Cancellation);

        Assert.Null(first.Ghost);
        Assert.Null(second.Ghost);
        var notice = Assert.Single(engine.Notices);
        Assert.Equal(NoticeLevel.Warning, notice.Level);
        Assert.StartsWith($"The remote engine at {_server.Url}/v1/completions failed (500)", notice.Message, StringComparison.Ordinal);
        Assert.Equal(notice.Message, first.Why);
        Assert.Contains(list.Items, i => i.Label == "Count");
    }

    [Fact]
    public async Task An_edit_ends_the_request_to_the_server()
    {
        await using var engine = await StartAsync();
        engine.Open(_file, 1, Text + "\n} }\n");

        var running = engine.CompleteInlineAsync(new GhostRequest(_file, Cursor), Cancellation);
        await _server.Asked.WaitAsync(Cancellation);
        engine.Change(_file, 2, [new DocumentEdit(new TextRange(new Position(0, 0), new Position(0, 0)), "// ")]);

        Assert.Null((await running).Ghost);
        await _server.Left.WaitAsync(Cancellation);
        Assert.Empty(engine.Notices);
    }

    [Fact]
    public async Task Without_a_url_nobody_is_asked_whatever_else_is_set()
    {
        new TinyModel().Writes("<|fim_middle|>", ".Co", "unt", "<|endoftext|>").Export(_model, new TinyExport());
        _server.Answers(200, CompletionServerStub.Completion("unt;"));
        await using var engine = await StartAsync(Settings with { RemoteUrl = null, RemoteKeyEnv = "PATH", Provider = "cpu" });

        await engine.CompleteInlineAsync(new GhostRequest(_file, Cursor), Cancellation);

        Assert.NotEqual("remote", engine.Model?.Provider);
        Assert.Empty(_server.Requests);
        using var model = LoadedModel.Load(Settings with { RemoteUrl = null, Provider = "cpu" });
        Assert.IsNotType<RemoteGenerator>(model.Generator);
        Assert.NotNull(model.Scorer);
        Assert.Null(EngineSettings.Default.RemoteUrl);
    }

    [Fact]
    public async Task A_model_of_ones_own_writes_from_a_folder()
    {
        new TinyModel().Writes("<|fim_middle|>", ".Co", "unt", ";", "<|endoftext|>").Export(_model, new TinyExport());
        await using var engine = await StartAsync(Settings with { RemoteUrl = null, Provider = "cpu" });

        var ghost = await engine.CompleteInlineAsync(new GhostRequest(_file, Cursor, Invoked: true), Cancellation);
        var list = await engine.CompleteListAsync(new ListRequest(_file, Cursor, WaitForStars: true), Cancellation);

        Assert.Equal("unt;", ghost.Ghost?.Text);
        Assert.True(ghost.Ghost!.Verified);
        Assert.Contains(list.Items, i => i.Label == "Count");
    }

    private EngineSettings Settings => EngineSettings.Default with { Model = _model, RemoteUrl = _server.Url, MemoryEnabled = false };

    private async Task<CompletionEngine> StartAsync(EngineSettings? settings = null)
    {
        var engine = CompletionEngine.Start(
            new EngineOptions
            {
                WorkspaceFolders = [Path.Combine(_folder.Path, "work")],
                Settings = settings ?? Settings,
                DataDirectory = Path.Combine(_folder.Path, "memory"),
            }
        );
        await engine.WhenReadyAsync(_file, TimeSpan.FromMinutes(2), Cancellation);
        return engine;
    }
}
