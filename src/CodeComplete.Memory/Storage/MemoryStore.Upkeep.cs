using CodeComplete.Memory.Lexical;
using CodeComplete.Memory.Snippets;

namespace CodeComplete.Memory.Storage;

// What the writing thread does beside writing: the index's image, the budgets, erasing.
internal sealed partial class MemoryStore
{
    // So many files changed since the last image are put again at an opening in a few hundred milliseconds.
    private const int ChangesWorthAnImage = 64;

    // After so many documents LiteDB's cache holds megabytes of pages that nobody asks for again.
    private const int WritesWorthReopening = 2000;

    private const int WritesWorthALook = 512;

    // Room is made below the budget, so that not every new file makes room again.
    private const double FilledAfterEviction = 0.9;
    private const int MostEvictionRounds = 6;

    // LiteDB waits for ever for a write that does not fit on the disk, so it is not let near the disk's end.
    private const long LeastFreeBytes = 32L * 1024 * 1024;

    private const string OwnerIsElsewhere =
        "Another process holds the memory of this workspace; close it and forget again, or ask there, to erase what is on the disk.";

    private const string OthersRun =
        "Other processes that use the memory of this workspace still run and may know what was forgotten; close them and forget again.";

    private int _writesSinceOpening;
    private int _writesSinceLook;
    private bool _garbageInFile = true;

    /// <summary>What others hold in memory of what the memory knows, in bytes; it counts towards the budget.</summary>
    public Func<long>? OthersInMemory { get; set; }

    /// <summary>Told of each file that had to make room, under <see cref="Changes"/>.</summary>
    public Action<string>? Evicted { get; set; }

    /// <summary>Does now what is otherwise done when nothing has come for a while.</summary>
    public void Maintain() => _writer?.Do(Idle);

    /// <summary>Forgets acceptances, and makes the files of the memory hold nothing of what was removed from it before.</summary>
    /// <returns>How many acceptances went; and what is in the way of erasing, in one line.</returns>
    public (int Acceptances, string? Failure) Forget(Func<Acceptance, bool> which)
    {
        if (_writer is null)
        {
            return (Acceptances.Remove(which).Count, Acceptances.IsInMemory ? null : OwnerIsElsewhere);
        }

        string? left = null;
        var othersRun = Acceptances.TakeOverJournals(Folder);
        var removed = Guarded<IReadOnlyCollection<Guid>>(() => Acceptances.Remove(which), out var problem) ?? [];
        _writer.Add(changes => changes.Remove(removed));
        var done = _writer.Do(() => left = Erase());
        left = problem ?? (done ? left : "The memory could not be written.");
        return (removed.Count, left ?? (othersRun ? OthersRun : null));
    }

    private void Written(PendingChanges changes)
    {
        Texts.Saved(changes.Files.Values.Select(static change => change.File).OfType<StoredFile>());
        _garbageInFile = true;
        _writesSinceOpening += changes.Files.Count + changes.Parts.Count;
        _writesSinceLook += changes.Files.Count + changes.Parts.Count;
        if (_writesSinceLook >= WritesWorthALook)
        {
            // A first index may be larger than the budget, and is never idle.
            _writesSinceLook = 0;
            KeepMemoryBudget();
        }
    }

    private void Idle()
    {
        KeepMemoryBudget();
        KeepDiskBudget();
        WriteImage(ChangesWorthAnImage);
        if (_writesSinceOpening >= WritesWorthReopening)
        {
            _writesSinceOpening = 0;
            _database!.Reopen();
        }
    }

    private void KeepMemoryBudget()
    {
        var used = _index.Bytes + Texts.Bytes + (OthersInMemory?.Invoke() ?? 0);
        if (used > _options.MemoryBudgetBytes)
        {
            Evict(1 - (FilledAfterEviction * _options.MemoryBudgetBytes / used));
        }
    }

    private void KeepDiskBudget()
    {
        if (Folder.Bytes() <= _options.DiskBudgetBytes)
        {
            return;
        }

        if (_garbageInFile && !Guarded(TryCompact, out _))
        {
            return;
        }

        // What a file takes is not all text, so once is not always enough; but what is noted of evicted files stays.
        var used = Folder.Bytes();
        for (var round = 0; round < MostEvictionRounds && used > _options.DiskBudgetBytes; round++)
        {
            if (!Evict(1 - (FilledAfterEviction * _options.DiskBudgetBytes / used)))
            {
                return;
            }

            // The image first: the old one is as large as what it was made of.
            WriteImage(atLeast: 0);
            Guarded(TryCompact, out _);
            used = Folder.Bytes();
        }
    }

    /// <summary>Drops the texts, words and parts of the least useful files, and notes that they are known.</summary>
    /// <param name="share">Of all text, from 0 to 1.</param>
    private bool Evict(double share)
    {
        lock (Changes)
        {
            var files = _index.LeastUsefulFirst();
            var left = share * files.Sum(static file => (double)file.TextLength);
            foreach (var file in files.TakeWhile(file => (left -= file.TextLength) + file.TextLength > 0))
            {
                var noted = CutFile.Noted(RememberedFile.Noted(file.Path, file.Hash, file.Stamp, FileState.Evicted));
                Put(StoredFile.Of(noted), [], _index.Put(noted));
                Evicted?.Invoke(file.Path);
            }

            return files.Count > 0;
        }
    }

    private string? Erase()
    {
        Guarded(
            () =>
            {
                foreach (var path in Folder.Copies())
                {
                    File.Delete(path);
                }

                WriteImage(atLeast: 0);
                Compact();
                return true;
            },
            out var failure
        );
        return failure;
    }

    // A full disk must not end the writing of what fits.
    private static T? Guarded<T>(Func<T> step, out string? failure)
    {
        try
        {
            failure = null;
            return step();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            failure =
                $"What was forgotten may still be on the disk ({OneLine(exception)}). Make room on it, or close what holds the files, and forget it again.";
            return default;
        }
    }

    private bool TryCompact()
    {
        Compact();
        return true;
    }

    private void Compact()
    {
        _writer!.WriteNow();
        RequireRoom(LeastFreeBytes + (2 * Folder.Bytes("memory*.db")));
        _database!.Compact(Folder);
        _garbageInFile = false;
        _writesSinceOpening = 0;
    }

    private void RequireRoom(long bytes)
    {
        if ((_options.FreeDiskBytes ?? Folder.FreeBytes)() < bytes)
        {
            throw new IOException("There is not enough space on the disk.");
        }
    }

    // First the database, then the image: what an image has, the database has as well.
    private void WriteImage(int atLeast)
    {
        IReadOnlyList<byte[]> sections;
        long sequence,
            clock;
        lock (Changes)
        {
            (sequence, clock) = (_sequence, _index.Clock);
            if (_sinceImage.Count < atLeast && (atLeast > 1 || (sequence == _imageSequence && clock == _imageClock)))
            {
                return;
            }

            sections = _index.Save();
            _sinceImage.Clear();
        }

        _writer!.WriteNow();
        try
        {
            new ImageFile(new ImageOrigin(_database!.Id, LexicalIndex.ImageProducer), sequence, sections).Write(Folder.IndexImage);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return; // it only costs time at the next start
        }

        _database.ForgetRecent(sequence);
        (_imageSequence, _imageClock) = (sequence, clock);
    }
}
