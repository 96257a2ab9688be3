namespace CodeComplete.Engine.Documents;

/// <summary>Knows whether a request is being answered, so that work in the background makes way for it.</summary>
internal sealed class Activity
{
    private readonly Lock gate = new();
    private TaskCompletionSource? idle;
    private int running;

    /// <summary>A request begins; dispose the answer when it has ended.</summary>
    public IDisposable Begin()
    {
        lock (gate)
        {
            running++;
            idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        return new Ending(this);
    }

    /// <summary>Completes when no request is being answered; at once where none is.</summary>
    public ValueTask WhenIdleAsync(CancellationToken cancellation)
    {
        Task? wait;
        lock (gate)
        {
            wait = idle?.Task;
        }

        return wait is null ? ValueTask.CompletedTask : new ValueTask(wait.WaitAsync(cancellation));
    }

    private void End()
    {
        TaskCompletionSource? done = null;
        lock (gate)
        {
            if (--running == 0)
            {
                (done, idle) = (idle, null);
            }
        }

        done?.SetResult();
    }

    private sealed class Ending(Activity activity) : IDisposable
    {
        private Activity? activity = activity;

        public void Dispose() => Interlocked.Exchange(ref activity, null)?.End();
    }
}
