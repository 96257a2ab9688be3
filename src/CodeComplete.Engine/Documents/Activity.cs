namespace CodeComplete.Engine.Documents;

/// <summary>Knows whether a request is being answered, so that work in the background makes way for it.</summary>
internal sealed class Activity
{
    private readonly Lock _gate = new();
    private TaskCompletionSource? _idle;
    private int _running;

    /// <summary>A request begins; dispose the answer when it has ended.</summary>
    public IDisposable Begin()
    {
        lock (_gate)
        {
            _running++;
            _idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        return new Ending(this);
    }

    /// <summary>Completes when no request is being answered; at once where none is.</summary>
    public ValueTask WhenIdleAsync(CancellationToken cancellation)
    {
        Task? wait;
        lock (_gate)
        {
            wait = _idle?.Task;
        }

        return wait is null ? ValueTask.CompletedTask : new ValueTask(wait.WaitAsync(cancellation));
    }

    private void End()
    {
        TaskCompletionSource? done = null;
        lock (_gate)
        {
            if (--_running == 0)
            {
                (done, _idle) = (_idle, null);
            }
        }

        done?.SetResult();
    }

    private sealed class Ending(Activity activity) : IDisposable
    {
        private Activity? _activity = activity;

        public void Dispose() => Interlocked.Exchange(ref _activity, null)?.End();
    }
}
