namespace CodeComplete.Engine.Documents;

/// <summary>
/// Work that waits until the user does nothing: done piece by piece, with a pause at every keystroke and request. All such work goes through
/// one gate, so only one piece runs at a time, whoever has more to do.
/// </summary>
internal sealed class IdleWork(Activity activity, TimeSpan quiet) : IDisposable
{
    /// <summary>As long as a thought between two keystrokes.</summary>
    public static readonly TimeSpan DefaultQuiet = TimeSpan.FromMilliseconds(500);

    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Does one piece after the other, each off the caller's thread and when its time has come.</summary>
    /// <param name="work">
    /// Its token is also cancelled by a keystroke or request; a piece that ends by it is done again when it is quiet. One that does not listen
    /// should take some milliseconds, not more.
    /// </param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled.</exception>
    public async Task RunAsync<T>(IEnumerable<T> pieces, Func<T, CancellationToken, Task> work, CancellationToken cancellation)
    {
        foreach (var piece in pieces)
        {
            await _turn.WaitAsync(cancellation);
            try
            {
                while (!await TryAsync(piece))
                {
                    // Somebody needed the processor.
                }
            }
            finally
            {
                _turn.Release();
            }
        }

        async Task<bool> TryAsync(T piece)
        {
            var stirred = await activity.WhenQuietAsync(quiet, cancellation);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(stirred, cancellation);
            try
            {
                await Task.Run(() => work(piece, either.Token), either.Token);
                return true;
            }
            catch (OperationCanceledException) when (stirred.IsCancellationRequested && !cancellation.IsCancellationRequested)
            {
                return false;
            }
        }
    }

    public void Dispose() => _turn.Dispose();
}
