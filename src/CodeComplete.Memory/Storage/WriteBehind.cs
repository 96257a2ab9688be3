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

    // Not a Lock: it is waited on.
    private readonly object _gate = new();
    private readonly MemoryDatabase _database;
    private readonly Action<Exception> _failed;
    private readonly Thread _thread;
    private PendingChanges _pending = new();
    private long _added;
    private long _safe;
    private int _flushing;
    private bool _ending;
    private bool _ended;

    /// <param name="failed">Told once, on the writing thread, what went wrong.</param>
    public WriteBehind(MemoryDatabase database, Action<Exception> failed)
    {
        (_database, _failed) = (database, failed);
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
                _safe = batch.Flush && failure is null ? batch.UpTo : _safe;
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
            _database.Write(batch.Changes);
        }

        if (batch.Flush)
        {
            _database.Checkpoint();
        }
    }

    // Null at the end.
    private Batch? Take()
    {
        lock (_gate)
        {
            while (_pending.Count == 0 && !_ending && !FlushIsDue)
            {
                Monitor.Wait(_gate);
            }

            var due = Environment.TickCount64 + LingerMilliseconds;
            while (!_ending && !FlushIsDue && _pending.Count < FullBatch && due - Environment.TickCount64 is > 0 and var left)
            {
                Monitor.Wait(_gate, (int)left);
            }

            if (_pending.Count == 0 && !FlushIsDue)
            {
                return null;
            }

            var batch = new Batch(_pending, _added, FlushIsDue);
            _pending = new PendingChanges();
            Monitor.PulseAll(_gate);
            return batch;
        }
    }

    private bool FlushIsDue => _flushing > 0 && _safe < _added;

    /// <param name="UpTo">How many changes there had been when it was taken.</param>
    /// <param name="Flush">Someone waits until it is in the file.</param>
    private sealed record Batch(PendingChanges Changes, long UpTo, bool Flush);
}
