using CodeComplete.Memory.Indexing;

namespace CodeComplete.Memory;

/// <summary>
/// Keeps a memory in step with the files of its workspace: all of them in the background, or single ones as a watcher reports them. A run can be
/// stopped at any time; the next one goes on where it stopped, since files whose size and time are known are not read again.
/// </summary>
public sealed class WorkspaceIndexer(ProjectMemory memory)
{
    private readonly string _root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(memory.Options.WorkspaceRoot));

    /// <summary>Awaited before each file that is read. Whoever needs the machine (someone types) makes it wait.</summary>
    public Func<CancellationToken, ValueTask>? Pause { get; init; }

    /// <summary>Is the file (relative, with <c>/</c>) open in an editor? Then its buffer counts, which the owner of the buffer puts.</summary>
    public Func<string, bool>? IsOpen { get; init; }

    /// <summary>Reads from a file's text, by its syntax alone, what it declares; <see langword="null"/>: that is not read.</summary>
    public Func<string, FileSymbols>? Declarations { get; init; }

    /// <summary>
    /// Walks the workspace: puts what is new or changed, forgets what is gone or kept out. Runs on the thread pool. While another process owns
    /// the memory and answers, that one does it, and this does nothing.
    /// </summary>
    /// <param name="progress">Told after each file.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled; what was put stays.</exception>
    public Task<IndexSummary> RunAsync(IProgress<IndexProgress>? progress, CancellationToken cancellation) =>
        Task.Run(() => IndexAllAsync(progress, cancellation), cancellation);

    /// <summary>Is the file remembered, as far as its path and the <c>.gitignore</c> files tell? It need not exist.</summary>
    /// <param name="path">Absolute, or relative to the workspace root.</param>
    public bool Wants(string path) => Relative(path) is { } relative && WorkspaceWalker.Wants(_root, memory.Rules, relative);

    /// <summary>Brings one file up to date, as after a watcher's event: put where it is there and wanted, forgotten where it is not.</summary>
    /// <param name="path">Absolute, or relative to the workspace root.</param>
    /// <returns><see langword="true"/> where the memory changed.</returns>
    public bool Refresh(string path)
    {
        if (Relative(path) is not { } relative || IsOpen?.Invoke(relative) == true)
        {
            return false;
        }

        var known = memory.Find(relative) is not null;
        try
        {
            var file = new FileInfo(Path.Combine(_root, relative));
            if (
                WorkspaceWalker.Wants(_root, memory.Rules, relative)
                && !WorkspaceWalker.IsLink(file)
                && WorkspaceWalker.Stamp(file, memory.Rules) is { } stamp
            )
            {
                return ReadAndPut(new FoundFile(relative, stamp)) == PutResult.Kept;
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false; // being written, perhaps; another event follows, or the next run
        }

        memory.Remove(relative);
        return known;
    }

    private async Task<IndexSummary> IndexAllAsync(IProgress<IndexProgress>? progress, CancellationToken cancellation)
    {
        if (memory.Role == MemoryRole.Visitor)
        {
            return new IndexSummary(0, 0, 0, 0, 0, 0);
        }

        var walk = WorkspaceWalker.Walk(_root, memory.Rules, cancellation);
        int read = 0,
            unchanged = 0,
            unreadable = walk.UnreadableFolders.Count,
            keptOut = walk.KeptOut;
        progress?.Report(new IndexProgress(0, walk.Files.Count, null));
        for (var i = 0; i < walk.Files.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (memory.Role == MemoryRole.Visitor)
            {
                return new IndexSummary(walk.Files.Count, read, unchanged, keptOut, unreadable, 0);
            }

            var file = walk.Files[i];
            if (memory.Find(file.Path)?.Stamp == file.Stamp || IsOpen?.Invoke(file.Path) == true)
            {
                unchanged++;
            }
            else
            {
                await MakeWayAsync(cancellation);
                try
                {
                    switch (ReadAndPut(file))
                    {
                        case PutResult.Kept:
                            read++;
                            break;
                        case PutResult.Known:
                            unchanged++;
                            break;
                        default:
                            keptOut++;
                            break;
                    }
                }
                catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
                {
                    unreadable++;
                }
            }

            progress?.Report(new IndexProgress(i + 1, walk.Files.Count, file.Path));
        }

        return new IndexSummary(walk.Files.Count, read, unchanged, keptOut, unreadable, RemoveVanished(walk));
    }

    private async ValueTask MakeWayAsync(CancellationToken cancellation)
    {
        await Task.Yield(); // a thread of the pool is never held longer than one file takes
        if (Pause is not null)
        {
            await Pause(cancellation);
        }

        memory.WaitForRoom();
    }

    private PutResult ReadAndPut(FoundFile file)
    {
        if (SourceReader.Read(Path.Combine(_root, file.Path), memory.Rules.MaxFileBytes) is { } text)
        {
            var result = memory.Put(file.Path, text, file.Stamp);
            if (result == PutResult.Kept && Declarations is not null)
            {
                memory.PutSymbols(file.Path, text, Declarations(text));
            }

            return result;
        }

        memory.Remove(file.Path);
        return PutResult.KeptOut;
    }

    private int RemoveVanished(WalkResult walk)
    {
        var found = walk.Files.Select(static file => file.Path).ToHashSet(WorkspacePath.Comparer);
        var removed = 0;
        foreach (var path in memory.Paths())
        {
            var mayBeThere = walk.UnreadableFolders.Any(folder => path.StartsWith(folder, StringComparison.Ordinal));
            if (!found.Contains(path) && !mayBeThere && IsOpen?.Invoke(path) != true)
            {
                memory.Remove(path);
                removed++;
            }
        }

        return removed;
    }

    // Null for a path outside the workspace.
    private string? Relative(string path)
    {
        var relative = WorkspacePath.Normalize(Path.GetRelativePath(_root, Path.Combine(_root, path)));
        return relative == ".." || relative.StartsWith("../", StringComparison.Ordinal) || Path.IsPathRooted(relative) ? null : relative;
    }
}
