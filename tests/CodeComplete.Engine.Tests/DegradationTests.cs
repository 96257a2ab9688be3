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
