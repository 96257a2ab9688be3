namespace CodeComplete.Memory.Storage;

/// <summary>
/// All acceptances of a workspace: the ones found on disk and the ones of this process. Each process writes a journal of its own; the owner takes
/// the journals of the others into its own when it opens the memory.
/// </summary>
internal sealed class AcceptanceLog : IDisposable
{
    /// <summary>Habits change: beyond so many, those recorded first are dropped when the memory is opened.</summary>
    public const int Most = 5000;

    // Not at every opening is one dropped.
    private const int Slack = Most / 10;

    private readonly Lock _gate = new();
    private readonly HashSet<Guid> _ids = [];
    private readonly List<Acceptance> _all = [];
    private readonly AcceptanceJournal? _journal;

    // Every recall asks for it; made when it is asked for after a change.
    private IReadOnlyList<Acceptance>? _newestFirst;

    private AcceptanceLog(AcceptanceJournal? journal) => _journal = journal;

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _all.Count;
            }
        }
    }

    /// <summary>What was dropped for its age when the log was opened.</summary>
    public IReadOnlyCollection<Guid> Decayed { get; private set; } = [];

    /// <summary>Nothing of it reaches the disk.</summary>
    public bool IsInMemory => _journal is null;

    /// <summary>A log that lasts as long as the process.</summary>
    public static AcceptanceLog InMemory() => new(null);

    /// <summary>Reads what is there, and writes to a journal that the owner takes over later.</summary>
    public static AcceptanceLog OpenAsVisitor(MemoryFolder folder)
    {
        var log = new AcceptanceLog(new AcceptanceJournal(folder.NewVisitorJournal()));
        foreach (var path in folder.VisitorJournals().Prepend(folder.Journal))
        {
            Guarded(() => log.Keep(AcceptanceJournal.Read(path)));
        }

        return log;
    }

    /// <summary>Joins the owner's journal, the visitors' journals and the database. A visitor's journal goes once it is ours and its process has ended.</summary>
    /// <param name="inDatabase">What the database holds; the journal alone is the authority, but either can get lost.</param>
    public static AcceptanceLog OpenAsOwner(MemoryFolder folder, IReadOnlyList<Acceptance> inDatabase)
    {
        var log = new AcceptanceLog(new AcceptanceJournal(folder.Journal));
        Guarded(() => log.Keep(AcceptanceJournal.Read(folder.Journal)));
        Guarded(() => log.TakeOver(inDatabase));
        foreach (var path in folder.VisitorJournals())
        {
            Guarded(() => log.TakeOverJournal(path));
        }

        if (log._all.Count > Most + Slack)
        {
            var oldest = log._all.Take(log._all.Count - Most).Select(static acceptance => acceptance.Id).ToHashSet();
            Guarded(() => log.Decayed = log.Remove(acceptance => oldest.Contains(acceptance.Id)));
        }

        return log;
    }

    /// <summary>Adds an acceptance; one that is known already changes nothing.</summary>
    /// <returns>What went wrong, where it is not on the disk when this returns; it is remembered all the same.</returns>
    public Exception? Add(Acceptance acceptance)
    {
        lock (_gate)
        {
            if (!_ids.Add(acceptance.Id))
            {
                return null;
            }

            _newestFirst = null;
            _all.Add(acceptance);
            try
            {
                _journal?.Append([acceptance]);
                return null;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ObjectDisposedException)
            {
                return exception;
            }
        }
    }

    /// <summary>Takes acceptances out of the log and of its journal.</summary>
    /// <returns>The ids of those that it took out.</returns>
    /// <exception cref="IOException">The journal could not be written; all are still there.</exception>
    /// <exception cref="UnauthorizedAccessException">The journal could not be written; all are still there.</exception>
    /// <exception cref="ObjectDisposedException">The log is closed; all are still there.</exception>
    public IReadOnlyCollection<Guid> Remove(Func<Acceptance, bool> which)
    {
        lock (_gate)
        {
            var removed = _all.Where(which).Select(static acceptance => acceptance.Id).ToHashSet();
            if (removed.Count > 0)
            {
                _journal?.Rewrite(_all.Where(acceptance => !removed.Contains(acceptance.Id)));
                _newestFirst = null;
                _all.RemoveAll(acceptance => removed.Contains(acceptance.Id));
                _ids.ExceptWith(removed);
            }

            return removed;
        }
    }

    /// <summary>Takes in the journals of processes that have ended. (<see cref="OpenAsOwner"/> has done so for those of before.)</summary>
    /// <returns>Whether those of others that still run are left.</returns>
    public bool TakeOverJournals(MemoryFolder folder)
    {
        lock (_gate)
        {
            foreach (var path in folder.VisitorJournals())
            {
                Guarded(() => TakeOverJournal(path));
            }

            return folder.VisitorJournals().Count > 0;
        }
    }

    /// <summary>Adds what other processes have on the disk already; nothing is written.</summary>
    /// <returns>Those that were not known.</returns>
    public IReadOnlyList<Acceptance> Learn(IEnumerable<Acceptance> acceptances)
    {
        lock (_gate)
        {
            var unknown = acceptances.Where(acceptance => !_ids.Contains(acceptance.Id)).ToList();
            Keep(unknown);
            return unknown;
        }
    }

    public bool Contains(Guid id)
    {
        lock (_gate)
        {
            return _ids.Contains(id);
        }
    }

    /// <summary>All, newest first; of the same instant, the one recorded last.</summary>
    public IReadOnlyList<Acceptance> NewestFirst()
    {
        lock (_gate)
        {
            return _newestFirst ??= [.. Enumerable.Reverse(_all).OrderByDescending(static acceptance => acceptance.When)];
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _journal?.Dispose();
        }
    }

    private void Keep(IEnumerable<Acceptance> acceptances)
    {
        foreach (var acceptance in acceptances)
        {
            if (_ids.Add(acceptance.Id))
            {
                _newestFirst = null;
                _all.Add(acceptance);
            }
        }
    }

    private void TakeOver(IEnumerable<Acceptance> acceptances)
    {
        var unknown = acceptances.Where(acceptance => !_ids.Contains(acceptance.Id)).ToList();
        if (unknown.Count > 0)
        {
            Keep(unknown);
            _journal!.Append(unknown);
        }
    }

    private void TakeOverJournal(string path)
    {
        try
        {
            // Nobody has it open: the process has ended, and no other will take this name.
            using (var journal = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.None))
            {
                TakeOver(AcceptanceJournal.Read(journal));
            }

            File.Delete(path);
        }
        catch (IOException exception) when (OwnerLock.IsHeld(exception))
        {
            TakeOver(AcceptanceJournal.Read(path));
        }
    }

    // One journal that cannot be read or written must not cost the others.
    private static void Guarded(Action step)
    {
        try
        {
            step();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException) { }
    }
}
