using CodeComplete.Testing;

namespace CodeComplete.Engine.Tests;

/// <summary>Invariant 5: a part that fails costs only what it gives, and one line says so.</summary>
public sealed class DegradationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _file;
    private readonly Position _position = new(0, "class A { void M(string s) { s.".Length);

    public DegradationTests()
    {
        _file = _folder.Write("work/A.cs", "class A { void M(string s) { s. } }");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Without_a_model_the_list_answers()
    {
        await using var engine = Start(EngineSettings.Default with { Model = Path.Combine(_folder.Path, "no-model") });
        await engine.WhenReadyAsync(_file, TimeSpan.FromMinutes(2), CancellationToken.None);

        var list = await engine.CompleteListAsync(new ListRequest(_file, _position, WaitForStars: true), CancellationToken.None);
        var ghost = await engine.CompleteInlineAsync(new GhostRequest(_file, _position), CancellationToken.None);

        Assert.Contains(list.Items, i => i.Label == "Length");
        Assert.DoesNotContain(list.Items, i => i.Starred);
        Assert.Null(ghost.Ghost);
        Assert.Contains(engine.Notices, n => n.Level == NoticeLevel.Error && n.Message.Contains("no-model", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_a_graph_that_gives_attention_an_explanation_says_so_and_tells_the_rest()
    {
        const string before = "class A\n{\n    int M(System.Collections.Generic.List<int> all)\n    {\n        return all.";
        var file = _folder.Write("work/B.cs", before + "\n    }\n}\n");
        var model = Path.Combine(_folder.Path, "model");
        Directory.CreateDirectory(model);
        foreach (
            var part in Directory.EnumerateFiles(Repository.Model).Where(static f => !f.EndsWith("explain.onnx", StringComparison.Ordinal))
        )
        {
            File.Copy(part, Path.Combine(model, Path.GetFileName(part)));
        }

        await using var engine = Start(EngineSettings.Default with { Model = model });
        await engine.WhenReadyAsync(file, TimeSpan.FromMinutes(2), CancellationToken.None);

        var explanation = await engine.ExplainAsync(
            new GhostRequest(file, new Position(4, "        return all.".Length), Invoked: true),
            new ExplainOptions(),
            CancellationToken.None
        );

        Assert.NotEmpty(explanation!.Lines);
        Assert.NotEmpty(explanation.Prompt);
        Assert.All(explanation.Prompt, static part => Assert.Null(part.Attention));
        Assert.StartsWith("Where the model looks cannot be told: '", explanation.NoAttention, StringComparison.Ordinal);
        Assert.Contains("model.explain.onnx' is missing", explanation.NoAttention, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_memory_the_model_writes()
    {
        // The data folder cannot be made: a file stands in its place.
        var data = _folder.Write("data", "not a folder");
        await using var engine = Start(EngineSettings.Default with { Provider = "cpu" }, data);
        await engine.WhenReadyAsync(_file, TimeSpan.FromMinutes(2), CancellationToken.None);

        var ghost = await engine.CompleteInlineAsync(new GhostRequest(_file, _position), CancellationToken.None);

        Assert.NotNull(ghost.Ghost);
        Assert.Contains(engine.Notices, n => n.Message.Contains("memory", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task With_the_memory_switched_off_nothing_is_stored()
    {
        var data = Path.Combine(_folder.Path, "untouched");
        await using (var engine = Start(EngineSettings.Default with { MemoryEnabled = false, Model = "none" }, data))
        {
            await engine.WhenReadyAsync(_file, TimeSpan.FromMinutes(2), CancellationToken.None);
            Assert.Empty(engine.MemoryStatistics);
        }

        Assert.False(Directory.Exists(data));
    }

    [Fact]
    public async Task A_missing_provider_is_said_once_and_the_processor_takes_over()
    {
        await using var engine = Start(
            EngineSettings.Default with
            {
                Provider = "webgpu",
                ProviderLibrary = Path.Combine(_folder.Path, "none.so"),
            }
        );
        await engine.WhenReadyAsync(_file, TimeSpan.FromMinutes(2), CancellationToken.None);

        Assert.Equal("cpu", engine.Model?.Provider);
        Assert.Single(engine.Notices, n => n.Message.Contains("webgpu", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task An_engine_that_is_stopped_while_it_starts_stops()
    {
        await using var engine = Start(EngineSettings.Default with { Model = "none" });
    }

    private CompletionEngine Start(EngineSettings settings, string? data = null) =>
        CompletionEngine.Start(
            new EngineOptions
            {
                WorkspaceFolders = [Path.Combine(_folder.Path, "work")],
                Settings = settings,
                DataDirectory = data ?? Path.Combine(_folder.Path, "memory"),
            }
        );
}
