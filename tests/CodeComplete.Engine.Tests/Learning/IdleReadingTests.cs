using CodeComplete.Analysis;
using CodeComplete.Engine.Documents;
using CodeComplete.Engine.Learning;
using CodeComplete.Engine.Tests.Documents;
using CodeComplete.Memory;
using CodeComplete.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace CodeComplete.Engine.Tests.Learning;

public sealed class IdleReadingTests : IAsyncDisposable
{
    private static readonly TimeSpan Quiet = IdleWork.DefaultQuiet;

    private readonly TemporaryFolder _folder = new();
    private readonly ManualClock _clock = new();
    private readonly Activity _activity;
    private readonly IdleWork _idle;
    private readonly MemorySet _memories;
    private readonly CodeWorkspace _workspace = new(new WorkspaceOptions { Folders = [] });
    private readonly Encoder _encoder = new();

    public IdleReadingTests()
    {
        _activity = new Activity(_clock);
        _idle = new IdleWork(_activity, Quiet);
        _memories = new MemorySet(Path.Combine(_folder.Path, "data"), _activity, static _ => { }, NullLogger.Instance);
        var root = Path.Combine(_folder.Path, "shop");
        Directory.CreateDirectory(root);
        _memories.Open(root, new EngineSettings());
        foreach (var name in new[] { "Invoice", "Order", "Parcel" })
        {
            Memory.Put(name + ".cs", $"class {name}\n{{\n    int Count{name};\n}}\n");
        }
    }

    private ProjectMemory Memory => Assert.Single(_memories.All).Memory;

    public async ValueTask DisposeAsync()
    {
        await _memories.DisposeAsync();
        await _workspace.DisposeAsync();
        _idle.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task What_is_lacking_is_read()
    {
        using var reading = Reading();
        _clock.Advance(Quiet);

        await reading.ReadAllAsync(_idle, TestContext.Current.CancellationToken);

        var statistics = Memory.Statistics;
        Assert.Equal((statistics.Snippets, 3), (statistics.Vectors, _encoder.Encoded));
        Assert.True(statistics.Ngrams > 0);
    }

    [Fact]
    public async Task It_stops_at_a_keystroke_and_goes_on_when_it_is_quiet()
    {
        using var reading = Reading();
        _encoder.Encoding = _ =>
        {
            if (_encoder.Encoded == 2)
            {
                _activity.Typed();
            }
        };
        _clock.Advance(Quiet);

        var done = reading.ReadAllAsync(_idle, TestContext.Current.CancellationToken);
        await _clock.WhenAwaitedAsync();
        Assert.Equal(2, _encoder.Encoded);
        Assert.False(done.IsCompleted);

        _clock.Advance(Quiet);
        await done;
        Assert.Equal(3, _encoder.Encoded);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(int.MaxValue)]
    public async Task Files_that_cannot_be_read_do_not_keep_it_from_its_end(int failing)
    {
        using var reading = Reading();
        _encoder.Encoding = _ =>
        {
            if (_encoder.Encoded <= failing)
            {
                throw new IOException("It cannot be read.");
            }
        };
        _clock.Advance(Quiet);

        await reading.ReadAllAsync(_idle, TestContext.Current.CancellationToken);

        Assert.Equal(3, _encoder.Encoded);
        Assert.Equal(failing == 2, Memory.Statistics.Ngrams > 0);
    }

    [Fact]
    public async Task It_begins_again_when_it_is_stirred_whatever_happened_before()
    {
        var begun = 0;
        using var reading = Reading(() =>
            ++begun == 1 ? throw new OperationCanceledException() : Task.FromResult<ITokenEncoder?>(_encoder)
        );
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var last = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _encoder.Encoding = _ =>
        {
            if (_encoder.Encoded == 3)
            {
                last.SetResult();
            }
        };
        _clock.Advance(Quiet);

        var running = reading.RunAsync(stop.Token);
        reading.Stir();
        await Task.WhenAny(last.Task, running);

        Assert.False(running.IsCompleted);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    private IdleReading Reading(Func<Task<ITokenEncoder?>>? tokens = null) =>
        new(
            _memories,
            new GraphIndexing(_workspace, NullLogger.Instance),
            _idle,
            tokens ?? (() => Task.FromResult<ITokenEncoder?>(_encoder)),
            NullLogger.Instance
        );

    private sealed class Encoder : ITokenEncoder
    {
        public string Id => "letters";

        public int Encoded { get; private set; }

        public Action<string>? Encoding { get; set; }

        public IReadOnlyList<int> Encode(string text)
        {
            Encoded++;
            Encoding?.Invoke(text);
            return [.. text.Select(static c => (int)c)];
        }
    }
}
