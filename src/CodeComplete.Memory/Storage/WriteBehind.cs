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
    private long _done;
    private int _inAHurry;
    private bool _ending;
    private bool _broken;

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
            if (_broken || _ending)
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
            while (_pending.Count >= Crowded && !_broken)
            {
                Monitor.Wait(_gate);
            }
        }
    }

    /// <summary>Waits until all that was added before is written, or cannot be.</summary>
    public void Flush()
    {
        lock (_gate)
        {
            var upTo = _added;
            _inAHurry++;
            Monitor.PulseAll(_gate);
            while (_done < upTo && !_broken)
            {
                Monitor.Wait(_gate);
            }

            _inAHurry--;
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
        while (Take(out var upTo) is { } batch)
        {
            Exception? failure = null;
            try
            {
                _database.Write(batch);
            }
            catch (Exception exception)
            {
                failure = exception;
            }

            lock (_gate)
            {
                _done = upTo;
                _broken = failure is not null;
                Monitor.PulseAll(_gate);
            }

            if (failure is not null)
            {
                _failed(failure);
                return;
            }
        }
    }

    private PendingChanges? Take(out long upTo)
    {
        lock (_gate)
        {
            while (_pending.Count == 0 && !_ending)
            {
                Monitor.Wait(_gate);
            }

            var due = Environment.TickCount64 + LingerMilliseconds;
            while (!_ending && _inAHurry == 0 && _pending.Count < FullBatch && due - Environment.TickCount64 is > 0 and var left)
            {
                Monitor.Wait(_gate, (int)left);
            }

            upTo = _added;
            if (_pending.Count == 0)
            {
                return null;
            }

            var batch = _pending;
            _pending = new PendingChanges();
            Monitor.PulseAll(_gate);
            return batch;
        }
    }
}
