namespace CodeComplete.Engine.Documents;

/// <summary>Knows whether a request is being answered, and since when nobody has typed or asked, so that work in the background makes way.</summary>
internal sealed class Activity(TimeProvider clock)
{
    private readonly Lock _gate = new();
    private TaskCompletionSource? _idle;
    private int _running;

    // Of the monotonic clock: the one on the wall may go backwards.
    private long _lastActive = clock.GetTimestamp();

    public Activity()
        : this(TimeProvider.System) { }

    /// <summary>A request begins; dispose the answer when it has ended.</summary>
    public IDisposable Begin()
    {
        lock (_gate)
        {
            _running++;
            _lastActive = clock.GetTimestamp();
            _idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        return new Ending(this);
    }

    /// <summary>The user has typed.</summary>
    public void Typed()
    {
        lock (_gate)
        {
            _lastActive = clock.GetTimestamp();
        }
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

    /// <summary>
    /// Completes when no request is being answered and <paramref name="quiet"/> has passed since the last keystroke, and since the last
    /// request began or ended; at once where that is so.
    /// </summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled.</exception>
    public async ValueTask WhenQuietAsync(TimeSpan quiet, CancellationToken cancellation)
    {
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            await WhenIdleAsync(cancellation);
            TimeSpan left;
            lock (_gate)
            {
                left = quiet - clock.GetElapsedTime(_lastActive);
                if (_running == 0 && left <= TimeSpan.Zero)
                {
                    return;
                }
            }

            if (left > TimeSpan.Zero)
            {
                // A timer of whole milliseconds would fire too early and be set again for nothing.
                await Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)), clock, cancellation);
            }
        }
    }

    private void End()
    {
        TaskCompletionSource? done = null;
        lock (_gate)
        {
            _lastActive = clock.GetTimestamp();
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
