namespace CodeComplete.Engine.Chain;

/// <summary>There is one decoder with one key/value buffer: one piece of work at a time, in the order of asking.</summary>
internal sealed class DecoderQueue : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <exception cref="OperationCanceledException">Cancelled while waiting or in the work itself.</exception>
    public async Task<T> RunAsync<T>(Func<T> work, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            return await Task.Run(work, cancellation);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();
}
