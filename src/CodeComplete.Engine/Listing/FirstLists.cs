using CodeComplete.Analysis;
using CodeComplete.Engine.Documents;
using Microsoft.Extensions.Logging;

namespace CodeComplete.Engine.Listing;

/// <summary>
/// Has the compiler read what is around a document that was just opened, while its user still looks at it: the first list in it would wait for
/// that.
/// </summary>
/// <param name="isWanted">Whether anybody is given completions just now.</param>
internal sealed class FirstLists(CodeWorkspace workspace, IdleWork idle, Func<bool> isWanted, ILogger log) : IDisposable
{
    /// <summary>A short one, and apart from the other work in idle time: whoever opens a document soon asks for a list in it.</summary>
    public static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(100);

    private readonly AsyncAutoResetEvent _stirred = new(isSet: false);

    // Of several the newest is looked at.
    private string? _opened;

    /// <summary>The compiler has read what the first list in this document needs.</summary>
    public event Action<string>? Done;

    /// <summary>A document was opened. Costs nothing.</summary>
    public void Opened(string document)
    {
        Volatile.Write(ref _opened, document);
        _stirred.Set();
    }

    /// <summary>A project was loaded: the document's may be there now.</summary>
    public void Stir() => _stirred.Set();

    /// <summary>Works until it is cancelled.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        while (true)
        {
            await _stirred.WaitAsync(cancellation);
            await idle.RunAsync([this], static (lists, token) => lists.PrepareAsync(token), cancellation);
        }
    }

    public void Dispose() => _stirred.Dispose();

    private async Task PrepareAsync(CancellationToken cancellation)
    {
        if (
            !isWanted()
            || Volatile.Read(ref _opened) is not { } document
            || workspace.Take(document) is not { IsProjectLoaded: true } snapshot
        )
        {
            return;
        }

        try
        {
            await ItemLister.PrepareAsync(snapshot, cancellation);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            // The first list will be slow, or say what is wrong.
            log.LogWarning(e, "The first list of a document could not be prepared");
        }

        Interlocked.CompareExchange(ref _opened, null, document);
        Done?.Invoke(document);
    }
}
