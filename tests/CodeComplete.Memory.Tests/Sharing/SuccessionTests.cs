using System.Threading.Channels;
using CodeComplete.Memory.Sharing;
using CodeComplete.Memory.Storage;
using CodeComplete.Testing;

namespace CodeComplete.Memory.Tests.Sharing;

/// <summary>Who owns a memory when its owner goes, with the real lock and the real pipe.</summary>
public sealed class SuccessionTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<Process> _processes = [];

    private static CancellationToken None => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
        {
            await process.DisposeAsync();
        }

        _folder.Dispose();
    }

    [Fact]
    public async Task The_first_owns_and_the_others_visit_it()
    {
        var first = Begin();
        Assert.Equal("own", await first.NextAsync());
        var second = Begin();
        var third = Begin();

        Assert.Equal("visit", await second.NextAsync());
        Assert.Equal("visit", await third.NextAsync());
    }

    [Fact]
    public async Task When_the_owner_goes_one_takes_over_and_the_others_visit_that_one()
    {
        var first = Begin();
        Assert.Equal("own", await first.NextAsync());
        Process[] heirs = [Begin(), Begin(), Begin()];
        foreach (var heir in heirs)
        {
            Assert.Equal("visit", await heir.NextAsync());
        }

        await first.DisposeAsync();

        var next = new List<string>();
        foreach (var heir in heirs)
        {
            Assert.Equal("leave", await heir.NextAsync());
            next.Add(await heir.NextAsync());
        }

        Assert.Equal(["own", "visit", "visit"], next.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task An_owner_that_does_not_answer_is_spoken_of_once_and_inherited_from_in_the_end()
    {
        // It holds the lock and listens to nobody.
        var ownerLock = OwnerLock.TryTake(Path.Combine(_folder.Path, "owner.lock"));
        var heir = Begin();

        Assert.Equal("alone: it does not answer", await heir.NextAsync());
        ownerLock!.Dispose();

        Assert.Equal("own", await heir.NextAsync());
    }

    [Fact]
    public async Task Who_cannot_open_the_memory_goes_on_visiting()
    {
        var unable = Begin(canOwn: false);
        Assert.Equal("unable", await unable.NextAsync());

        var owner = Begin();
        Assert.Equal("own", await owner.NextAsync());

        Assert.Equal("visit", await unable.NextAsync());
        await owner.DisposeAsync();
        Assert.Equal("leave", await unable.NextAsync());
        var next = Begin();
        Assert.Equal("own", await next.NextAsync());
        Assert.Equal("visit", await unable.NextAsync());
    }

    private Process Begin(bool canOwn = true)
    {
        var process = new Process(_folder.Path, canOwn);
        _processes.Add(process);
        return process;
    }

    /// <summary>What a process would be: it notes what becomes of it, and serves where it owns.</summary>
    private sealed class Process : ISuccessor, IAsyncDisposable
    {
        private readonly Channel<string> _events = Channel.CreateUnbounded<string>();
        private readonly SharingEndpoint _endpoint;
        private readonly Succession _succession;
        private readonly bool _canOwn;
        private OwnerLock? _lock;
        private SharingServer? _server;

        public Process(string folder, bool canOwn)
        {
            _canOwn = canOwn;
            _endpoint = SharingEndpoint.Of(folder);
            _succession = new Succession(_endpoint, () => OwnerLock.TryTake(Path.Combine(folder, "owner.lock")), this);
        }

        public async Task<string> NextAsync() => await _events.Reader.ReadAsync(None);

        public bool Own(OwnerLock ownerLock)
        {
            if (!_canOwn)
            {
                ownerLock.Dispose();
                _events.Writer.TryWrite("unable");
                return false;
            }

            _lock = ownerLock;
            _server = SharingServer.Start(_endpoint, new SharedMemoryFake());
            _events.Writer.TryWrite("own");
            return true;
        }

        public void Visit(SharingClient owner) => _events.Writer.TryWrite("visit");

        public void Leave(SharingClient owner) => _events.Writer.TryWrite("leave");

        public void Alone(string why) => _events.Writer.TryWrite("alone: " + why);

        public void Learned(Acceptance acceptance) { }

        public void Forgotten(Forgetting what) { }

        public async ValueTask DisposeAsync()
        {
            await _succession.DisposeAsync();
            if (_server is not null)
            {
                await _server.DisposeAsync();
                _server = null;
            }

            _lock?.Dispose();
        }
    }
}
