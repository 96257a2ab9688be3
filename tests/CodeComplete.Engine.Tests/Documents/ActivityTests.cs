using CodeComplete.Engine.Documents;

namespace CodeComplete.Engine.Tests.Documents;

public class ActivityTests
{
    [Fact]
    public async Task Background_work_waits_until_the_last_request_has_ended()
    {
        var activity = new Activity();
        await activity.WhenIdleAsync(CancellationToken.None);

        var first = activity.Begin();
        var second = activity.Begin();
        var waiting = activity.WhenIdleAsync(CancellationToken.None).AsTask();
        first.Dispose();
        first.Dispose();
        Assert.False(waiting.IsCompleted);

        second.Dispose();
        await waiting;
    }

    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(500);

    [Fact]
    public async Task It_is_quiet_when_the_time_has_passed_since_the_last_keystroke()
    {
        var clock = new ManualClock();
        var activity = new Activity(clock);
        activity.Typed();
        clock.Advance(Quiet / 2);
        activity.Typed();
        var waiting = activity.WhenQuietAsync(Quiet, CancellationToken.None).AsTask();

        clock.Advance(Quiet - TimeSpan.FromMilliseconds(1));
        Assert.False(waiting.IsCompleted);

        clock.Advance(TimeSpan.FromMilliseconds(1));
        await waiting;
        Assert.True(activity.WhenQuietAsync(Quiet, CancellationToken.None).AsTask().IsCompletedSuccessfully);
    }

    [Fact]
    public async Task A_keystroke_while_waiting_starts_the_wait_anew()
    {
        var clock = new ManualClock();
        var activity = new Activity(clock);
        var waiting = activity.WhenQuietAsync(Quiet, CancellationToken.None).AsTask();

        clock.Advance(Quiet / 2);
        activity.Typed();
        clock.Advance(Quiet / 2);
        await clock.WhenAwaitedAsync();
        Assert.False(waiting.IsCompleted);

        clock.Advance(Quiet / 2);
        await waiting;
    }

    [Fact]
    public async Task It_is_not_quiet_while_a_request_runs_nor_right_after()
    {
        var clock = new ManualClock();
        var activity = new Activity(clock);
        var request = activity.Begin();
        clock.Advance(Quiet * 10);
        var waiting = activity.WhenQuietAsync(Quiet, CancellationToken.None).AsTask();
        Assert.False(waiting.IsCompleted);

        request.Dispose();
        await clock.WhenAwaitedAsync();
        clock.Advance(Quiet - TimeSpan.FromMilliseconds(1));
        Assert.False(waiting.IsCompleted);

        clock.Advance(TimeSpan.FromMilliseconds(1));
        await waiting;
    }

    [Fact]
    public async Task Waiting_for_quiet_can_be_cancelled()
    {
        var activity = new Activity(new ManualClock());
        using var cancellation = new CancellationTokenSource();
        var waiting = activity.WhenQuietAsync(Quiet, cancellation.Token).AsTask();

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }
}
