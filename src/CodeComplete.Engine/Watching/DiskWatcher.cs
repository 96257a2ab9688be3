namespace CodeComplete.Engine.Watching;

/// <summary>
/// Watches the workspace's folders for a client that does not. The system's watchers say where to look, and what has come, changed or gone is seen on
/// the disk: so events that are doubled, vague or too many do no harm. Where the system has no watchers to give, all is looked at every few seconds.
/// </summary>
internal sealed class DiskWatcher : IAsyncDisposable
{
    /// <summary>A save, a branch or a restore writes many times at once.</summary>
    public static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(200);

    /// <summary>The least time between two looks at all files; looking never takes more than the twentieth part of the time.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);
    private const int PartOfTime = 20;

    private readonly Action<IReadOnlyList<FileChange>> _report;
    private readonly Action<Notice> _say;
    private readonly TimeProvider _time;
    private readonly Func<string, FileSystemWatcher> _create;
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _stirred = new(0, 1);
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _running;

    /// <summary>By folder; the loop's own.</summary>
    private readonly Dictionary<string, (FolderFiles Files, FileSystemWatcher? Watcher)> _watched = new(StringComparer.Ordinal);

    private IReadOnlyList<string> _folders;
    private HashSet<string> _touched = new(StringComparer.Ordinal);
    private bool _lookAtAll;
    private bool _polling;

    /// <param name="report">Told what has changed, one call after the other.</param>
    /// <param name="create">Makes the system's watcher of a folder.</param>
    public DiskWatcher(
        IReadOnlyList<string> folders,
        Action<IReadOnlyList<FileChange>> report,
        Action<Notice> say,
        TimeProvider time,
        Func<string, FileSystemWatcher>? create = null
    )
    {
        (_folders, _report, _say, _time) = (folders, report, say, time);
        _create = create ?? (static folder => new FileSystemWatcher(folder));
        _running = Task.Run(RunAsync);
    }

    /// <summary>Completes when the folders are watched.</summary>
    public Task Begun => _begun.Task;

    /// <summary>From now on these folders are watched, and no other.</summary>
    public void Follow(IReadOnlyList<string> folders)
    {
        lock (_gate)
        {
            _folders = folders;
            Stir();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        try
        {
            await _running;
        }
        catch (OperationCanceledException)
        {
            // It was stopped, as it should be.
        }

        foreach (var (_, watcher) in _watched.Values)
        {
            watcher?.Dispose();
        }

        _stop.Dispose();
        _stirred.Dispose();
    }

    private async Task RunAsync()
    {
        var pause = Interval;
        while (true)
        {
            var isPolling = Update();
            _begun.TrySetResult();
            if (isPolling)
            {
                await Task.Delay(pause, _time, _stop.Token);
            }
            else
            {
                await _stirred.WaitAsync(_stop.Token);
                await Task.Delay(Settling, _time, _stop.Token);
            }

            var began = _time.GetTimestamp();
            var changes = Look();
            var wanted = _time.GetElapsedTime(began) * PartOfTime;
            pause = wanted > Interval ? wanted : Interval;
            if (changes.Count > 0)
            {
                _report(changes);
            }
        }
    }

    /// <summary>Begins with folders that have come and ends with those that have gone.</summary>
    /// <returns>Whether the system watches nothing.</returns>
    private bool Update()
    {
        IReadOnlyList<string> folders;
        bool isPolling;
        lock (_gate)
        {
            (folders, isPolling) = (_folders, _polling);
        }

        foreach (var (folder, (files, watcher)) in _watched.ToList())
        {
            if (!folders.Contains(folder, StringComparer.Ordinal))
            {
                watcher?.Dispose();
                _watched.Remove(folder);
            }
            else if (isPolling && watcher is not null)
            {
                watcher.Dispose();
                _watched[folder] = (files, null);
            }
        }

        foreach (var folder in folders.Where(folder => !_watched.ContainsKey(folder)))
        {
            // First the watcher, then the look, so that nothing falls between them.
            var watcher = isPolling ? null : Watch(folder);
            var files = new FolderFiles(folder);
            files.Look(_stop.Token);
            _watched[folder] = (files, watcher);
        }

        lock (_gate)
        {
            return _polling;
        }
    }

    private List<FileChange> Look()
    {
        HashSet<string> touched;
        bool all;
        lock (_gate)
        {
            (touched, _touched) = (_touched, new(StringComparer.Ordinal));
            all = _lookAtAll || _polling;
            _lookAtAll = false;
        }

        var changes = new List<FileChange>();
        foreach (var (files, _) in _watched.Values)
        {
            var here = touched.Where(files.Holds).ToList();
            if (all || here.Exists(path => !WatchedFiles.Has(path) && (Directory.Exists(path) || files.HasBelow(path))))
            {
                changes.AddRange(files.Look(_stop.Token));
            }
            else
            {
                changes.AddRange(here.Where(WatchedFiles.Has).Select(files.LookAt));
            }
        }

        return changes;
    }

    private FileSystemWatcher? Watch(string folder)
    {
        FileSystemWatcher? watcher = null;
        try
        {
            watcher = _create(folder);
            watcher.IncludeSubdirectories = true;
            watcher.Created += (_, e) => Touched(e.FullPath);
            watcher.Deleted += (_, e) => Touched(e.FullPath);
            watcher.Renamed += (_, e) =>
            {
                Touched(e.OldFullPath);
                Touched(e.FullPath);
            };
            watcher.Changed += (_, e) =>
            {
                if (WatchedFiles.Has(e.FullPath))
                {
                    Touched(e.FullPath);
                }
            };
            watcher.Error += (_, e) => Failed(folder, e.GetException());
            watcher.EnableRaisingEvents = true;
            return watcher;
        }
        catch (Exception e)
            when (e
                    is IOException
                        or UnauthorizedAccessException
                        or ArgumentException
                        or PlatformNotSupportedException
                        or InvalidOperationException
            )
        {
            watcher?.Dispose();
            Failed(folder, e);
            return null;
        }
    }

    private void Touched(string path)
    {
        lock (_gate)
        {
            _touched.Add(path);
            Stir();
        }
    }

    private void Failed(string folder, Exception problem)
    {
        // One that overflows goes on; of a folder that is gone there is nothing to watch.
        var isOver = problem is not InternalBufferOverflowException && Directory.Exists(folder);
        bool isNew;
        lock (_gate)
        {
            isNew = isOver && !_polling;
            _polling |= isOver;
            _lookAtAll = true;
            Stir();
        }

        if (isNew)
        {
            _say(
                new Notice(
                    NoticeLevel.Information,
                    $"The system watches no more folders for us ({problem.Message.TrimEnd('.')}), so changes on disk are looked for every few seconds; on Linux a larger fs.inotify.max_user_watches helps."
                )
            );
        }
    }

    /// <summary>Under the lock.</summary>
    private void Stir()
    {
        if (_stirred.CurrentCount == 0)
        {
            _stirred.Release();
        }
    }
}
