using System.Threading.Channels;
using CodeComplete.Engine.Documents;

namespace CodeComplete.Engine.Tests.Documents;

public class IdleWorkTests
{
    private static readonly TimeSpan Quiet = IdleWork.DefaultQuiet;

    private readonly ManualClock _clock = new();
    private readonly Channel<int> _done = Channel.CreateUnbounded<int>();

    [Fact]
    public async Task Work_pauses_after_a_keystroke_and_goes_on_where_it_was()
    {
        var activity = new Activity(_clock);
        using var idle = new IdleWork(activity, Quiet);
        var running = idle.RunAsync(
            [1, 2, 3],
            (piece, _) =>
            {
                _done.Writer.TryWrite(piece);
                if (piece == 1)
                {
                    activity.Typed();
                }

                return Task.CompletedTask;
            },
            CancellationToken.None
        );

        Assert.False(_done.Reader.TryRead(out _));
        _clock.Advance(Quiet);
        Assert.Equal(1, await _done.Reader.ReadAsync());
        await _clock.WhenAwaitedAsync();
        Assert.False(_done.Reader.TryRead(out _));

        _clock.Advance(Quiet);
        await running;
        Assert.Equal((2, 3), (await _done.Reader.ReadAsync(), await _done.Reader.ReadAsync()));
    }

    [Fact]
    public async Task A_piece_that_a_request_interrupts_is_done_again()
    {
        var activity = new Activity(_clock);
        using var idle = new IdleWork(activity, Quiet);
        _clock.Advance(Quiet);
        var tries = 0;
        var running = idle.RunAsync(
            [1],
            async (piece, token) =>
            {
                if (++tries == 1)
                {
                    activity.Begin().Dispose();
                    await Task.Delay(Timeout.Infinite, token);
                }

                await _done.Writer.WriteAsync(piece, token);
            },
            CancellationToken.None
        );

        await _clock.WhenAwaitedAsync();
        Assert.False(_done.Reader.TryRead(out _));
        _clock.Advance(Quiet);
        await running;

        Assert.Equal((1, 2), (await _done.Reader.ReadAsync(), tries));
    }

    [Fact]
    public async Task Two_kinds_of_work_take_turns()
    {
        using var idle = new IdleWork(new Activity(_clock), Quiet);
        _clock.Advance(Quiet);
        var atOnce = 0;
        var most = 0;

        await Task.WhenAll(Run(), Run());

        Assert.Equal(1, most);

        Task Run() =>
            idle.RunAsync(
                Enumerable.Range(0, 50),
                async (_, _) =>
                {
                    most = Math.Max(most, Interlocked.Increment(ref atOnce));
                    await Task.Yield();
                    Interlocked.Decrement(ref atOnce);
                },
                CancellationToken.None
            );
    }

    [Fact]
    public async Task A_piece_that_fails_or_is_cancelled_leaves_the_turn_to_others()
    {
        using var idle = new IdleWork(new Activity(_clock), Quiet);
        using var cancellation = new CancellationTokenSource();
        var waiting = idle.RunAsync([1], (_, _) => Task.CompletedTask, cancellation.Token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        _clock.Advance(Quiet);
        await Assert.ThrowsAsync<IOException>(() => idle.RunAsync([1], (_, _) => throw new IOException(), CancellationToken.None));

        await idle.RunAsync([7], (piece, token) => _done.Writer.WriteAsync(piece, token).AsTask(), CancellationToken.None);

        Assert.Equal(7, await _done.Reader.ReadAsync());
    }
}
