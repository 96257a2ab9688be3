namespace CodeComplete.Engine.Documents;

/// <summary>Knows whether a request is being answered, and since when nobody has typed or asked, so that work in the background makes way.</summary>
internal sealed class Activity(TimeProvider clock)
{
    private readonly Lock _gate = new();
    private TaskCompletionSource? _idle;
    private int _running;

    // Cancelled by whoever stirs; made only when somebody works quietly.
    private CancellationTokenSource? _quiet;

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
            _idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        Stir();
        return new Ending(this);
    }

    /// <summary>The user has typed.</summary>
    public void Typed() => Stir();

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
    /// <returns>Cancelled as soon as somebody types or asks again.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled.</exception>
    public async ValueTask<CancellationToken> WhenQuietAsync(TimeSpan quiet, CancellationToken cancellation)
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
                    return (_quiet ??= new CancellationTokenSource()).Token;
                }
            }

            if (left > TimeSpan.Zero)
            {
                // A timer of whole milliseconds would fire too early and be set again for nothing.
                await Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)), clock, cancellation);
            }
        }
    }

    private void Stir()
    {
        CancellationTokenSource? quiet;
        lock (_gate)
        {
            _lastActive = clock.GetTimestamp();
            (quiet, _quiet) = (_quiet, null);
        }

        // What listens runs elsewhere: a keystroke waits for nobody.
        _ = quiet?.CancelAsync();
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
