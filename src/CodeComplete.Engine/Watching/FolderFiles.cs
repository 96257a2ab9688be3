namespace CodeComplete.Engine.Watching;

/// <summary>The watched files of a folder as they were when they were last looked at. Not thread-safe.</summary>
internal sealed class FolderFiles(string root)
{
    /// <summary>Who opens a home folder must not have all of it read again and again.</summary>
    private const int MostFolders = 20_000;

    private static readonly EnumerationOptions Quietly = new()
    {
        IgnoreInaccessible = true,
        AttributesToSkip = FileAttributes.ReparsePoint,
    };

    private Dictionary<string, Stamp> _known = new(StringComparer.Ordinal);

    private readonly record struct Stamp(long Written, long Length);

    /// <summary>Looks at all of them.</summary>
    /// <returns>What has changed since the last look; all that is there at the first.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled.</exception>
    public List<FileChange> Look(CancellationToken cancellation)
    {
        var now = new Dictionary<string, Stamp>(_known.Count, StringComparer.Ordinal);
        var queue = new Queue<DirectoryInfo>([new DirectoryInfo(root)]);
        for (var count = 0; count < MostFolders && queue.TryDequeue(out var folder); count++)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                foreach (var entry in folder.EnumerateFileSystemInfos("*", Quietly))
                {
                    if (entry is FileInfo file)
                    {
                        if (WatchedFiles.Has(file.FullName))
                        {
                            now[file.FullName] = new Stamp(file.LastWriteTimeUtc.Ticks, file.Length);
                        }
                    }
                    else if (entry is DirectoryInfo below && IsEntered(below.FullName))
                    {
                        queue.Enqueue(below);
                    }
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It went while it was looked at; the next look tells.
            }
        }

        var changes = new List<FileChange>();
        foreach (var (path, stamp) in now)
        {
            if (!_known.TryGetValue(path, out var before))
            {
                changes.Add(new FileChange(path, FileChangeKind.Created));
            }
            else if (before != stamp)
            {
                changes.Add(new FileChange(path, FileChangeKind.Changed));
            }
        }

        changes.AddRange(_known.Keys.Where(path => !now.ContainsKey(path)).Select(path => new FileChange(path, FileChangeKind.Deleted)));
        _known = now;
        return changes;
    }

    /// <summary>Looks at one of which the system has told: it has changed, whatever its time and its length say.</summary>
    public FileChange LookAt(string path)
    {
        var file = new FileInfo(path);
        if (!file.Exists)
        {
            _known.Remove(path);
            return new FileChange(path, FileChangeKind.Deleted);
        }

        var isNew = !_known.ContainsKey(path);
        _known[path] = new Stamp(file.LastWriteTimeUtc.Ticks, file.Length);
        return new FileChange(path, isNew ? FileChangeKind.Created : FileChangeKind.Changed);
    }

    /// <summary>Whether a file or folder of this path is looked at, as far as the path tells.</summary>
    public bool Holds(string path)
    {
        for (
            var folder = Path.GetDirectoryName(path);
            folder is not null && folder.Length > root.Length;
            folder = Path.GetDirectoryName(folder)
        )
        {
            if (!IsEntered(folder))
            {
                return false;
            }
        }

        return path.Length > root.Length && path.StartsWith(root, StringComparison.Ordinal);
    }

    /// <summary>Whether any was there in this folder, or below it, when it was last looked at.</summary>
    public bool HasBelow(string folder)
    {
        var start = folder + Path.DirectorySeparatorChar;
        return _known.Keys.Any(path => path.StartsWith(start, StringComparison.Ordinal));
    }

    private static bool IsEntered(string folder) =>
        Path.GetFileName(folder) is var name
        && name.Length > 0
        && name[0] != '.'
        && name is not ("bin" or "node_modules")
        && !IsInRestoreFolder(folder);

    /// <summary>The restore folder itself is looked into, but no deeper.</summary>
    private static bool IsInRestoreFolder(string folder) => Path.GetFileName(Path.GetDirectoryName(folder)) == WatchedFiles.RestoreFolder;
}
