using System.Collections.Concurrent;
using System.Text;
using CodeComplete.Memory.Sharing;
using CodeComplete.Memory.Snippets;
using CodeComplete.Memory.Storage;

namespace CodeComplete.Memory;

/// <summary>
/// Several processes on one memory. A visitor keeps its open buffers in an index of its own, for as long as the owner does not answer, and writes
/// what it learns to a journal of its own before it tells the owner: whichever of the two dies, what was confirmed stays.
/// </summary>
public sealed partial class ProjectMemory
{
    // Two changes to one file must reach this process and the owner in the same order, and none may be lost when the memory is taken over.
    private readonly Lock _changes = new();

    // What another store was asked to keep must be in the one that replaces it.
    private readonly Lock _recording = new();

    // Recorded here, and not yet known to the owner.
    private readonly ConcurrentDictionary<Guid, Acceptance> _untold = new();
    private int _telling;
    private Succession? _succession;
    private volatile SharingServer? _server;
    private volatile SharingClient? _owner;
    private volatile string? _aloneBecause;

    /// <summary><see cref="Role"/> has changed; <see cref="MemoryRole.Alone"/> is told when it has lasted some seconds. Raised on any thread; the handler must not wait for the memory or close it.</summary>
    public event Action? OwnershipChanged;

    /// <summary>Another process has recorded an acceptance, and <see cref="Acceptances"/> has it now. As <see cref="OwnershipChanged"/>.</summary>
    public event Action<Acceptance>? Learned;

    /// <summary>Something was forgotten: whoever has counted outcomes counts again. As <see cref="OwnershipChanged"/>.</summary>
    public event Action? Forgotten;

    /// <summary>What this process is to the memory; it may change at any time.</summary>
    public MemoryRole Role =>
        IsOwner ? MemoryRole.Owner
        : _owner is null ? MemoryRole.Alone
        : MemoryRole.Visitor;

    private SharingEndpoint Endpoint => SharingEndpoint.Of(_local.Store.Folder.FolderPath);

    /// <returns>As <see cref="RecordAcceptance"/>; here for another process, which is told nothing anew.</returns>
    internal bool RecordForVisitor(Acceptance acceptance)
    {
        var isNew = !_local.Store.Acceptances.Contains(acceptance.Id);
        var kept = RecordAcceptance(acceptance);
        if (isNew)
        {
            Learned?.Invoke(acceptance);
        }

        return kept;
    }

    private void Share()
    {
        if (_local.Store.IsOwner)
        {
            Serve();
        }
        else if (_local.Store.IsHeldByAnother)
        {
            var folder = _local.Store.Folder;
            _succession = new Succession(Endpoint, () => OwnerLock.TryTake(folder.Lock), new Successor(this));
            // Usually some milliseconds: who opens a memory wants to know what it is to it.
            _succession.FirstTry.Wait();
        }
    }

    private void StopSharing()
    {
        // In this order: who has just taken over has a server, and the lock goes after it.
        _succession?.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _server?.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    private void Serve()
    {
        try
        {
            _server = SharingServer.Start(Endpoint, new OwnedMemory(this));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Say(
                $"Other editors on this workspace cannot share this memory ({exception.Message.ReplaceLineEndings(" ").TrimEnd('.')}); what they learn is joined the next time it is opened."
            );
        }
    }

    private void Say(string message) => Degraded?.Invoke(message);

    /// <returns><see langword="null"/> where this process does not visit, or the owner does not answer.</returns>
    private T? Ask<T>(Func<SharingClient, Task<T>> ask)
        where T : class
    {
        try
        {
            return _owner is { } owner ? ask(owner).GetAwaiter().GetResult() : null;
        }
        catch (Exception exception) when (exception is IOException or TimeoutException or InvalidDataException)
        {
            return null;
        }
    }

    // Nobody waits for it. Where it is lost, the owner is too; the next one is told anew.
    private void Tell(Func<SharingClient, Task> tell)
    {
        if (_owner is { } owner)
        {
            _ = tell(owner).ContinueWith(static told => told.Exception, TaskScheduler.Default);
        }
    }

    private bool RecordAndTell(Acceptance acceptance)
    {
        bool kept;
        lock (_recording)
        {
            if (!IsOwner && !_local.Store.Acceptances.Contains(acceptance.Id))
            {
                _untold[acceptance.Id] = acceptance;
            }

            kept = _local.Record(acceptance);
        }

        _server?.Tell(acceptance);
        TellUntold();
        return kept;
    }

    private void TellUntold()
    {
        if (!_untold.IsEmpty && _owner is { } owner && Interlocked.Exchange(ref _telling, 1) == 0)
        {
            _ = Task.Run(() => TellUntoldAsync(owner));
        }
    }

    // One after the other: an owner that was away for long must not be flooded.
    private async Task TellUntoldAsync(SharingClient owner)
    {
        var told = true;
        while (told && _untold.Values.FirstOrDefault() is { } acceptance)
        {
            told = await IsToldAsync(owner, acceptance);
            if (told)
            {
                _untold.TryRemove(acceptance.Id, out _);
            }
        }

        Volatile.Write(ref _telling, 0);
        if (told || _owner != owner)
        {
            TellUntold(); // what came since, or to who came since
        }
    }

    // Where it is not, it waits until the next is recorded or the next owner found; in the journal it is anyhow.
    private static async Task<bool> IsToldAsync(SharingClient owner, Acceptance acceptance)
    {
        try
        {
            await owner.RecordAsync(acceptance, CancellationToken.None);
            return true;
        }
        catch (InvalidDataException)
        {
            return true; // too large to be told; the next opening joins it
        }
        catch (Exception exception) when (exception is IOException or TimeoutException)
        {
            return false;
        }
    }

    private void Learn(IEnumerable<Acceptance> acceptances)
    {
        foreach (var acceptance in _local.Store.Acceptances.Learn(acceptances))
        {
            Learned?.Invoke(acceptance);
        }
    }

    private void LearnFromJournal()
    {
        try
        {
            Learn(AcceptanceJournal.Read(_local.Store.Folder.Journal));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // What it has learned is missed here until the next time; it stays in the journal.
        }
    }

    private bool TakeOver(OwnerLock ownerLock)
    {
        var owned = new LocalMemory(Options, Rules, _edits, ownerLock);
        if (!owned.Store.IsOwner)
        {
            Say(_aloneBecause = owned.Store.Message!);
            owned.Dispose();
            return false;
        }

        owned.Store.Degraded += Say;
        LocalMemory visited;
        IReadOnlyList<Acceptance> learned;
        lock (_recording)
        {
            visited = _local;
            learned = visited.Store.Acceptances.Learn(owned.Store.Acceptances.NewestFirst());
            foreach (var acceptance in visited.Store.Acceptances.NewestFirst().Where(a => !owned.Store.Acceptances.Contains(a.Id)))
            {
                owned.Record(acceptance);
            }

            lock (_changes)
            {
                foreach (var (path, text) in Buffers())
                {
                    owned.Put(path, text, FileStamp.None);
                }

                _local = owned;
            }

            _untold.Clear();
        }

        visited.Dispose();
        _aloneBecause = null;
        Serve();
        if (owned.Store.Message is { } message)
        {
            Say(message);
        }

        foreach (var acceptance in learned)
        {
            Learned?.Invoke(acceptance);
        }

        OwnershipChanged?.Invoke();
        return true;
    }

    // What did not come from the disk, so that no indexing would bring it back; as it was cleaned.
    private List<(string Path, string Text)> Buffers() =>
        [
            .. Paths()
                .Select(Find)
                .OfType<RememberedFile>()
                .Where(static file => file.Stamp == FileStamp.None)
                .Select(file => (file.Path, Text: _local.TextOf(file)))
                .Where(static buffer => buffer.Text is not null)
                .Select(static buffer => (buffer.Path, Encoding.UTF8.GetString(buffer.Text!))),
        ];

    private sealed class Successor(ProjectMemory memory) : ISuccessor
    {
        public bool Own(OwnerLock ownerLock) => memory.TakeOver(ownerLock);

        public void Visit(SharingClient owner)
        {
            lock (memory._changes)
            {
                memory._owner = owner;
                foreach (var (path, text) in memory.Buffers())
                {
                    memory.Tell(to => to.PutAsync(path, text, CancellationToken.None));
                }
            }

            memory._aloneBecause = null;
            memory.TellUntold();
            // The owner tells from now on; what it learned before stands in its journal.
            memory.LearnFromJournal();
            memory.OwnershipChanged?.Invoke();
        }

        public void Leave(SharingClient owner) => memory._owner = null;

        public void Alone(string why)
        {
            memory.Say(
                memory._aloneBecause =
                    $"Another process holds the memory of this workspace, and {why}; meanwhile this one knows only what it reads itself, and keeps what it learns in a journal."
            );
            memory.OwnershipChanged?.Invoke();
        }

        public void Learned(Acceptance acceptance) => memory.Learn([acceptance]);

        public void Forgotten(Forgetting what)
        {
            memory.ForgetOwn(what);
            memory.Forgotten?.Invoke();
        }
    }
}
