using CodeComplete.Analysis;
using Microsoft.Extensions.Logging;

namespace CodeComplete.Engine.Documents;

/// <summary>
/// Has the source generators of the projects that are worked on run when nobody types or asks: they take the compiler, and what they wrote before is
/// nearly always still right.
/// </summary>
/// <param name="changed">Told when they have written something else than before.</param>
internal sealed class SourceGeneration(CodeWorkspace workspace, IdleWork idle, Action changed, ILogger log) : IDisposable
{
    private readonly AsyncAutoResetEvent _stirred = new(isSet: true);

    /// <summary>A document or a project has changed. Costs nothing.</summary>
    public void Stir() => _stirred.Set();

    /// <summary>Runs until it is cancelled.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        while (true)
        {
            await _stirred.WaitAsync(cancellation);
            try
            {
                await idle.RunAsync(workspace.Generating(workspace.OpenDocuments), RunAsync, cancellation);
            }
            catch (Exception e) when (!cancellation.IsCancellationRequested)
            {
                log.LogWarning(e, "Source generators could not be run");
            }
        }
    }

    /// <summary>Has those of the documents' projects run now.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled.</exception>
    public async Task RunNowAsync(IEnumerable<string> documents, CancellationToken cancellation)
    {
        foreach (var project in workspace.Generating(documents))
        {
            await RunAsync(project, cancellation);
        }
    }

    public void Dispose() => _stirred.Dispose();

    private async Task RunAsync(GeneratingProject project, CancellationToken cancellation)
    {
        if (await project.RunAsync(cancellation))
        {
            changed();
        }
    }
}
