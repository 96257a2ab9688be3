namespace CodeComplete.Engine.Chain;

/// <summary>
/// There is one decoder with one key/value buffer: one piece of work at a time, on a thread of its own, since it takes long and the pool's few threads have
/// other requests to answer. Of those that wait the newest comes first: the others were asked for a place that the user has left.
/// </summary>
internal sealed class DecoderQueue
{
    private readonly Lock _gate = new();

    // The newest last.
    private readonly List<TaskCompletionSource> _waiting = [];
    private bool _isTaken;
    private bool _isClosed;

    /// <exception cref="OperationCanceledException">Cancelled while waiting or in the work itself.</exception>
    public async Task<T> RunAsync<T>(Func<T> work, CancellationToken cancellation)
    {
        await TurnAsync(cancellation);
        try
        {
            return await Task.Factory.StartNew(work, cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
        finally
        {
            PassOn();
        }
    }

    /// <summary>Waits for the work under way; none is begun any more, and what waits is cancelled.</summary>
    public async Task CloseAsync()
    {
        await TurnAsync(CancellationToken.None);
        lock (_gate)
        {
            _isClosed = true;
            _waiting.ForEach(static waiting => waiting.TrySetCanceled());
            _waiting.Clear();
        }
    }

    private async Task TurnAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        TaskCompletionSource turn;
        lock (_gate)
        {
            if (_isClosed)
            {
                throw new OperationCanceledException("The decoder is closed.");
            }

            if (!_isTaken)
            {
                _isTaken = true;
                return;
            }

            turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add(turn);
        }

        // Who has got the turn meanwhile keeps it, and passes it on as soon as the work sees the cancellation.
        using var leaving = cancellation.Register(() => turn.TrySetCanceled(cancellation));
        await turn.Task;
    }

    private void PassOn()
    {
        lock (_gate)
        {
            while (_waiting.Count > 0)
            {
                var newest = _waiting[^1];
                _waiting.RemoveAt(_waiting.Count - 1);
                if (newest.TrySetResult())
                {
                    return;
                }
            }

            _isTaken = false;
        }
    }
}
