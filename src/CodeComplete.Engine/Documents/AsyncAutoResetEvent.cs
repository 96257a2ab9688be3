namespace CodeComplete.Engine.Documents;

/// <summary>Wakes one that waits. Set several times before anybody waits, it wakes once.</summary>
internal sealed class AsyncAutoResetEvent(bool isSet) : IDisposable
{
    private readonly SemaphoreSlim _set = new(isSet ? 1 : 0, 1);

    /// <summary>Costs nothing; may be called from any thread.</summary>
    public void Set()
    {
        try
        {
            _set.Release();
        }
        catch (SemaphoreFullException)
        {
            // It is set already.
        }
    }

    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled.</exception>
    public Task WaitAsync(CancellationToken cancellation) => _set.WaitAsync(cancellation);

    public void Dispose() => _set.Dispose();
}
