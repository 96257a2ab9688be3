namespace CodeComplete.Engine.Tests.Documents;

/// <summary>A clock that stands still until the test moves it.</summary>
internal sealed class ManualClock : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<Timer> _timers = [];
    private TimeSpan _now;
    private TaskCompletionSource _waited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp()
    {
        lock (_gate)
        {
            return _now.Ticks;
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        lock (_gate)
        {
            var timer = new Timer(this, () => callback(state), _now + dueTime);
            _timers.Add(timer);
            _waited.TrySetResult();
            _next.SetResult();
            _next = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return timer;
        }
    }

    /// <summary>Completes when somebody waits for the time to pass.</summary>
    public Task WhenAwaitedAsync()
    {
        lock (_gate)
        {
            return _waited.Task;
        }
    }

    /// <summary>Completes when the next one begins to wait, whoever waits already.</summary>
    public Task WhenNextAwaitedAsync()
    {
        lock (_gate)
        {
            return _next.Task;
        }
    }

    public void Advance(TimeSpan time)
    {
        List<Timer> due;
        lock (_gate)
        {
            _now += time;
            due = [.. _timers.Where(t => t.Due <= _now)];
            _timers.RemoveAll(due.Contains);
            if (_timers.Count == 0 && _waited.Task.IsCompleted)
            {
                _waited = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }

        due.ForEach(t => t.Fire());
    }

    private sealed class Timer(ManualClock clock, Action fire, TimeSpan due) : ITimer
    {
        public TimeSpan Due => due;

        public void Fire() => fire();

        public bool Change(TimeSpan dueTime, TimeSpan period) => throw new NotSupportedException("No timer here is set twice.");

        public void Dispose()
        {
            lock (clock._gate)
            {
                clock._timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
