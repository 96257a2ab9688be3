using CodeComplete.Engine.Chain;

namespace CodeComplete.Engine.Tests.Chain;

public sealed class DecoderQueueTests
{
    private readonly DecoderQueue _queue = new();
    private readonly TaskCompletionSource _end = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_piece_of_work_is_done_at_a_time_and_the_newest_first()
    {
        var done = new List<int>();
        var first = Work(0, waits: true);
        var older = Work(1);
        var newer = Work(2);

        _end.SetResult();
        await Task.WhenAll(first, older, newer);

        Assert.Equal([0, 2, 1], done);

        Task Work(int number, bool waits = false) =>
            _queue.RunAsync(
                () =>
                {
                    if (waits)
                    {
                        _end.Task.Wait(Cancellation);
                    }

                    // Two at a time would not keep the list whole.
                    done.Add(number);
                    return number;
                },
                Cancellation
            );
    }

    [Fact]
    public async Task Who_is_cancelled_leaves_the_queue_at_once()
    {
        using var stop = new CancellationTokenSource();
        var first = Wait();
        var cancelled = _queue.RunAsync(() => 1, stop.Token);

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);

        _end.SetResult();
        Assert.Equal(0, await first);
        Assert.Equal(2, await _queue.RunAsync(() => 2, Cancellation));
    }

    [Fact]
    public async Task What_fails_or_is_cancelled_in_its_turn_passes_it_on()
    {
        using var stop = new CancellationTokenSource();
        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            _queue.RunAsync<int>(() => throw new InvalidOperationException(), Cancellation)
        );
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            _queue.RunAsync<int>(
                () =>
                {
                    stop.Cancel();
                    stop.Token.ThrowIfCancellationRequested();
                    return 1;
                },
                stop.Token
            )
        );

        Assert.Equal(2, await _queue.RunAsync(() => 2, Cancellation));
    }

    [Fact]
    public async Task Closing_waits_for_the_work_under_way_and_begins_no_other()
    {
        var first = Wait();
        var waiting = _queue.RunAsync(() => 1, Cancellation);

        var closing = _queue.CloseAsync();
        Assert.False(closing.IsCompleted);
        _end.SetResult();
        await closing;

        Assert.Equal(0, await first);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _queue.RunAsync(() => 2, Cancellation));
    }

    private Task<int> Wait() =>
        _queue.RunAsync(
            () =>
            {
                _end.Task.Wait(Cancellation);
                return 0;
            },
            Cancellation
        );
}
