using System.Runtime.InteropServices;
using System.Threading.Channels;
using CodeComplete.Engine.Documents;
using Microsoft.Extensions.Logging.Abstractions;

namespace CodeComplete.Engine.Tests.Documents;

public class MemoryReleaseTests
{
    private readonly ManualClock _clock = new();
    private readonly Channel<bool> _released = Channel.CreateUnbounded<bool>();
    private readonly Activity _activity;
    private readonly MemoryRelease _release;

    public MemoryReleaseTests()
    {
        _activity = new Activity(_clock);
        _release = new MemoryRelease(_activity, _clock, () => _released.Writer.TryWrite(true), NullLogger.Instance);
    }

    [Fact]
    public async Task It_waits_until_all_is_loaded_and_it_is_quiet()
    {
        using var stop = new CancellationTokenSource();
        var loaded = new TaskCompletionSource();
        _clock.Advance(MemoryRelease.Quiet);
        var running = _release.RunAsync(loaded.Task, stop.Token);
        Assert.False(_released.Reader.TryRead(out _));

        _activity.Typed();
        loaded.SetException(new IOException("The index is gone."));
        await _clock.WhenAwaitedAsync();
        Assert.False(_released.Reader.TryRead(out _));

        _clock.Advance(MemoryRelease.Quiet);
        Assert.True(await _released.Reader.ReadAsync(TestContext.Current.CancellationToken));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public async Task It_is_done_again_after_a_while_when_it_is_quiet_then()
    {
        using var stop = new CancellationTokenSource();
        _clock.Advance(MemoryRelease.Quiet);
        var running = _release.RunAsync(Task.CompletedTask, stop.Token);
        await _released.Reader.ReadAsync(TestContext.Current.CancellationToken);
        await _clock.WhenAwaitedAsync();
        _clock.Advance(MemoryRelease.Interval - TimeSpan.FromSeconds(1));
        Assert.False(_released.Reader.TryRead(out _));

        _activity.Typed();
        var waits = _clock.WhenNextAwaitedAsync();
        _clock.Advance(TimeSpan.FromSeconds(1));
        await waits;
        Assert.False(_released.Reader.TryRead(out _));
        _clock.Advance(MemoryRelease.Quiet);
        Assert.True(await _released.Reader.ReadAsync(TestContext.Current.CancellationToken));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public async Task Where_it_cannot_be_done_nobody_is_disturbed()
    {
        _clock.Advance(MemoryRelease.Quiet);
        var release = new MemoryRelease(_activity, _clock, static () => throw new DllNotFoundException(), NullLogger.Instance);
        await release.RunAsync(Task.CompletedTask, TestContext.Current.CancellationToken);
    }

    [Fact]
    public void The_garbage_collectors_heap_shrinks()
    {
        const long size = 256 << 20;
        var before = Grown(size);
        MemoryRelease.OfProcess();
        Assert.True(
            GC.GetGCMemoryInfo().TotalCommittedBytes < before - size / 2,
            $"{before} bytes before, {GC.GetGCMemoryInfo().TotalCommittedBytes} after"
        );
    }

    [Fact]
    public void The_native_heap_shrinks()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only glibc keeps what is freed.");
        var blocks = new nint[65_536];
        for (var i = 0; i < blocks.Length; i++)
        {
            blocks[i] = Marshal.AllocHGlobal(1000);
        }

        // The last one keeps the heap from shrinking from its end.
        foreach (var block in blocks[..^1])
        {
            Marshal.FreeHGlobal(block);
        }

        Assert.True(NativeHeap.Trim());
        Marshal.FreeHGlobal(blocks[^1]);
    }

    /// <summary>What the collector holds while so many bytes of it are small objects that nobody wants any more.</summary>
    private static long Grown(long size)
    {
        var objects = new byte[size / 1024][];
        for (var i = 0; i < objects.Length; i++)
        {
            objects[i] = new byte[1000];
        }

        GC.Collect();
        GC.KeepAlive(objects);
        return GC.GetGCMemoryInfo().TotalCommittedBytes;
    }
}
