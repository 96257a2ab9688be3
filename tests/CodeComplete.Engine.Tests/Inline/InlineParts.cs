using CodeComplete.Analysis;
using CodeComplete.Engine.Documents;
using CodeComplete.Engine.Inline;
using CodeComplete.Engine.Learning;
using CodeComplete.Engine.Listing;
using CodeComplete.Engine.Startup;
using CodeComplete.Memory;
using CodeComplete.Testing;
using CodeComplete.Transformer;
using Microsoft.Extensions.Logging.Abstractions;

namespace CodeComplete.Engine.Tests.Inline;

/// <summary>What ghost text is made by, on the sample, put together without an engine, so that a test chooses the drafts.</summary>
internal sealed class InlineParts : IAsyncDisposable
{
    private static readonly EngineSettings Settings = EngineSettings.Default with { Provider = "cpu" };

    private readonly TemporaryFolder _data = new();
    private readonly CodeWorkspace _workspace = new(new WorkspaceOptions { Folders = [SampleEngine.Root] });
    private readonly MemorySet _memories;
    private readonly Recaller _recaller;
    private readonly ListScorer _scorer;
    private readonly Learner _learner;

    private InlineParts()
    {
        _memories = new MemorySet(_data.Path, new Activity(), _ => { }, NullLogger.Instance);
        _recaller = new Recaller(_memories, () => true);
        _scorer = new ListScorer(_recaller, NullLogger.Instance);
        _learner = new Learner(_memories, TimeProvider.System, static work => work());
        Model = LoadedModel.Load(Settings);
    }

    public LoadedModel Model { get; }

    public static async Task<InlineParts> LoadAsync(CancellationToken cancellation)
    {
        var parts = new InlineParts();
        await parts._workspace.LoadAsync(firstFile: null, cancellation);
        parts._memories.Open(SampleEngine.Root, Settings);
        await parts._memories.IndexAsync(new Progress<IndexProgress>(), cancellation);
        return parts;
    }

    /// <summary>Ghost text at a place, with nothing left in the decoder or kept from before.</summary>
    public async Task<GhostAnswer> CompleteAsync(SamplePlace place, IDraftSource? drafts, CancellationToken cancellation, int lines = 1)
    {
        _workspace.Open(place.File, 1, place.Text);
        try
        {
            return await new InlineCompleter(
                new RecallingWriter(_recaller, _ => drafts),
                new ShownSuggestions(),
                _scorer,
                _learner
            ).CompleteAsync(
                _workspace.Take(place.File)!,
                new GhostRequest(place.File, new Position(place.Line, place.Character), Invoked: true) { Lines = lines },
                Task.FromResult<LoadedModel?>(Model),
                Settings,
                cancellation
            );
        }
        finally
        {
            _workspace.Close(place.File);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _memories.DisposeAsync();
        await _workspace.DisposeAsync();
        Model.Dispose();
        _data.Dispose();
    }
}
