namespace CodeComplete.Memory.Storage;

/// <summary>
/// Writes changes to the database on a thread of its own, in batches of one transaction each, so that neither typing nor indexing waits for the
/// disk. After a failure nothing more is written; the file is left as the last whole batch made it.
/// </summary>
internal sealed class WriteBehind : IDisposable
{
    // While one types, each pause changes the same file; what comes within this time is written once.
    private const long LingerMilliseconds = 1000;
    private const int FullBatch = 128;
    private const int Crowded = 4 * FullBatch;

    // Nothing has come for so long: time for what takes longer.
    private const long IdleMilliseconds = 5000;

    // Not a Lock: it is waited on.
    private readonly object _gate = new();
    private readonly MemoryDatabase _database;
    private readonly Action _beforeWriting;
    private readonly Action<PendingChanges> _written;
    private readonly Action _idle;
    private readonly Action<Exception> _failed;
    private readonly Thread _thread;
    private readonly Queue<Work> _work = new();
    private PendingChanges _pending = new();
    private PendingChanges? _writing;
    private long _lastAdded;
    private bool _idleIsDue;
    private long _added;
    private long _safe;
    private int _flushing;
    private bool _ending;
    private bool _ended;

    /// <param name="writing">Called on the writing thread before each write; it throws where none should be tried.</param>
    /// <param name="written">Told, on the writing thread, what is in the database now.</param>
    /// <param name="idle">Called on the writing thread when nothing has come for a while after something had.</param>
    /// <param name="failed">Told once, on the writing thread, what went wrong.</param>
    public WriteBehind(MemoryDatabase database, Action writing, Action<PendingChanges> written, Action idle, Action<Exception> failed)
    {
        (_database, _beforeWriting, _written, _idle, _failed) = (database, writing, written, idle, failed);
        _thread = new Thread(Run)
        {
            IsBackground = true,
            Name = "memory writer",
            Priority = ThreadPriority.BelowNormal,
        };
        _thread.Start();
    }

    /// <summary>Takes a change and returns at once.</summary>
    public void Add(Action<PendingChanges> change)
    {
        lock (_gate)
        {
            if (_ended || _ending)
            {
                return;
            }

            change(_pending);
            _added++;
            _lastAdded = Environment.TickCount64;
            _idleIsDue = true;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>The part that waits to be written for a file, where one does; it may be that its removal waits.</summary>
    public bool TryPeek(PartKinds kind, Guid file, out FilePart? part)
    {
        lock (_gate)
        {
            part = null;
            return _pending.Parts.TryGetValue((kind, file), out part) || _writing?.Parts.TryGetValue((kind, file), out part) == true;
        }
    }

    /// <summary>Runs something on the writing thread, after all that was added before, and waits for it.</summary>
    /// <returns><see langword="false"/> where nothing can be written any more, or it threw: that ends the writing like any failure.</returns>
    public bool Do(Action action)
    {
        var work = new Work(action);
        lock (_gate)
        {
            if (_ended || _ending)
            {
                return false;
            }

            _work.Enqueue(work);
            Monitor.PulseAll(_gate);
            while (!work.Done && !_ended)
            {
                Monitor.Wait(_gate);
            }

            return work.Done;
        }
    }

    /// <summary>For what runs on the writing thread: writes what waits, for good.</summary>
    public void WriteNow()
    {
        PendingChanges changes;
        long upTo;
        lock (_gate)
        {
            (changes, upTo) = (_pending, _added);
            (_pending, _writing) = (new PendingChanges(), changes);
        }

        Write(new Batch(changes, upTo, Flush: true, [], Idle: false));
        lock (_gate)
        {
            _safe = Math.Max(_safe, upTo);
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Waits while much is waiting; for those who add faster than a disk writes, and have time.</summary>
    public void WaitForRoom()
    {
        lock (_gate)
        {
            while (_pending.Count >= Crowded && !_ended)
            {
                Monitor.Wait(_gate);
            }
        }
    }

    /// <summary>Waits until all that was added before is in the file for good, or cannot be.</summary>
    public void Flush()
    {
        lock (_gate)
        {
            var upTo = _added;
            _flushing++;
            Monitor.PulseAll(_gate);
            while (_safe < upTo && !_ended)
            {
                Monitor.Wait(_gate);
            }

            _flushing--;
        }
    }

    /// <summary>Writes what waits and ends. The database stays open.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _ending = true;
            Monitor.PulseAll(_gate);
        }

        _thread.Join();
    }

    private void Run()
    {
        Exception? failure = null;
        while (failure is null && Take() is { } batch)
        {
            failure = TryWrite(batch);
            lock (_gate)
            {
                _safe = batch.Flush && failure is null ? Math.Max(_safe, batch.UpTo) : _safe;
                Monitor.PulseAll(_gate);
            }
        }

        if (failure is not null)
        {
            _failed(failure);
        }

        lock (_gate)
        {
            _ended = true;
            Monitor.PulseAll(_gate);
        }
    }

    private Exception? TryWrite(Batch batch)
    {
        try
        {
            Write(batch);
            return null;
        }
        catch (Exception exception)
        {
            return exception;
        }
    }

    private void Write(Batch batch)
    {
        if (batch.Changes.Count > 0)
        {
            _beforeWriting();
            _database.Write(batch.Changes);
            _written(batch.Changes);
        }

        if (batch.Flush)
        {
            _database.Checkpoint();
        }

        foreach (var work in batch.Work)
        {
            work.Action();
            lock (_gate)
            {
                work.Done = true;
                Monitor.PulseAll(_gate);
            }
        }

        if (batch.Idle)
        {
            _idle();
        }
    }

    // Null at the end.
    private Batch? Take()
    {
        lock (_gate)
        {
            _writing = null;
            while (!IsAskedFor && _pending.Count == 0)
            {
                if (!_idleIsDue)
                {
                    Monitor.Wait(_gate);
                }
                else if (_lastAdded + IdleMilliseconds - Environment.TickCount64 is > 0 and var untilIdle)
                {
                    Monitor.Wait(_gate, (int)untilIdle);
                }
                else
                {
                    _idleIsDue = false;
                    return new Batch(new PendingChanges(), _added, Flush: false, [], Idle: true);
                }
            }

            var due = Environment.TickCount64 + LingerMilliseconds;
            while (!IsAskedFor && _pending.Count < FullBatch && due - Environment.TickCount64 is > 0 and var left)
            {
                Monitor.Wait(_gate, (int)left);
            }

            if (_pending.Count == 0 && !FlushIsDue && _work.Count == 0)
            {
                return null;
            }

            var batch = new Batch(_pending, _added, FlushIsDue, [.. _work], Idle: false);
            _work.Clear();
            (_pending, _writing) = (new PendingChanges(), _pending);
            Monitor.PulseAll(_gate);
            return batch;
        }
    }

    // Someone waits for what is pending.
    private bool IsAskedFor => _ending || FlushIsDue || _work.Count > 0;

    private bool FlushIsDue => _flushing > 0 && _safe < _added;

    /// <param name="UpTo">How many changes there had been when it was taken.</param>
    /// <param name="Flush">Someone waits until it is in the file.</param>
    /// <param name="Idle">Nothing was added for a while.</param>
    private sealed record Batch(PendingChanges Changes, long UpTo, bool Flush, IReadOnlyList<Work> Work, bool Idle);

    private sealed class Work(Action action)
    {
        public Action Action { get; } = action;

        public bool Done { get; set; }
    }
}
