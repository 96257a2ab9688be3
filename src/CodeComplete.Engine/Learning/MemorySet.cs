using System.Collections.Concurrent;
using CodeComplete.Analysis;
using CodeComplete.Engine.Documents;
using CodeComplete.Memory;
using Microsoft.Extensions.Logging;

namespace CodeComplete.Engine.Learning;

/// <summary>One memory a workspace folder. What fails here costs recall only (invariant 5).</summary>
internal sealed class MemorySet(string? dataDirectory, Activity activity, Action<Notice> notice, ILogger log) : IAsyncDisposable
{
    private readonly Lock _gate = new();

    // Open documents, and whether their buffer has changed since the memory saw it.
    private readonly ConcurrentDictionary<string, Func<string?>?> _buffers = new(PathComparer);
    private List<Entry> _entries = [];

    // The same for all memories, by the settings of the first.
    private Lazy<IEmbedder>? _embedder;
    private long _changes;

    // How many of them were edits of one document's own.
    private readonly ConcurrentDictionary<string, long> _ownChanges = new(PathComparer);

    /// <summary>A memory has come to this process, or its owner does not answer any more: this process may have to index now. On any thread.</summary>
    public event Action? OwnershipChanged;

    /// <summary>Outcomes came from another process, or were forgotten: what was counted of them is to be counted again. On any thread.</summary>
    public event Action<ProjectMemory>? Relearn;

    private sealed record Entry(string Root, ProjectMemory Memory, WorkspaceIndexer Indexer);

    private static StringComparer PathComparer => OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;

    /// <summary>Opens the memory of a folder; one that is open already stays as it is.</summary>
    public void Open(string folder, EngineSettings settings)
    {
        var root = RootOf(folder);
        lock (_gate)
        {
            if (_entries.Any(e => PathComparer.Equals(e.Root, root)))
            {
                return;
            }

            _embedder ??= new Lazy<IEmbedder>(() => ModelEmbedder.Of(settings, notice, log));
            var embedder = _embedder;
            var memory = ProjectMemory.Open(
                OptionsOf(root) with
                {
                    Embedder = () => embedder.Value,
                    Exclude = settings.Exclude,
                    DiskBudgetBytes = settings.MemoryDiskMb * 1024L * 1024,
                }
            );
            if (memory.Message is { } message)
            {
                notice(new Notice(NoticeLevel.Warning, message));
            }

            memory.Degraded += text => notice(new Notice(NoticeLevel.Warning, text));
            memory.Learned += _ => Relearn?.Invoke(memory);
            memory.Forgotten += () =>
            {
                Interlocked.Increment(ref _changes);
                Relearn?.Invoke(memory);
            };
            memory.OwnershipChanged += () =>
            {
                log.LogInformation("The memory of {Root}: this process is now {Role}", root, memory.Role);
                Interlocked.Increment(ref _changes);
                if (memory.Role != MemoryRole.Visitor)
                {
                    OwnershipChanged?.Invoke();
                }
            };
            var indexer = new WorkspaceIndexer(memory)
            {
                Pause = activity.WhenIdleAsync,
                // The names that a file declares are read with its words; what they mean is read in idle time.
                Declarations = static text => SymbolReader.ReadSyntax(text, CancellationToken.None).ToMemory(),
                IsOpen = relative => _buffers.ContainsKey(Path.Combine(root, relative.Replace('/', Path.DirectorySeparatorChar))),
            };
            _entries = [.. _entries, new Entry(root, memory, indexer)];
        }
    }

    /// <inheritdoc cref="ProjectMemory.ReadKept"/>
    public byte[]? ReadKept(string folder, string name) => ProjectMemory.ReadKept(OptionsOf(folder), name);

    /// <inheritdoc cref="ProjectMemory.Keep"/>
    public bool Keep(string folder, string name, byte[] text) =>
        _entries.Find(e => PathComparer.Equals(e.Root, RootOf(folder)))?.Memory.Keep(name, text) == true;

    public async ValueTask CloseAsync(string folder)
    {
        var root = RootOf(folder);
        Entry? entry;
        lock (_gate)
        {
            entry = _entries.FirstOrDefault(e => PathComparer.Equals(e.Root, root));
            _entries = [.. _entries.Where(e => e != entry)];
        }

        if (entry is not null)
        {
            await entry.Memory.DisposeAsync();
        }
    }

    /// <summary>Indexes every folder, one after the other, and makes way for requests.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled; the next call goes on where this one ended.</exception>
    public async Task IndexAsync(IProgress<IndexProgress> progress, CancellationToken cancellation)
    {
        foreach (var entry in _entries)
        {
            try
            {
                var summary = await entry.Indexer.RunAsync(progress, cancellation);
                log.LogInformation("Indexed: {Summary}", summary);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                log.LogWarning(e, "Indexing {Root} failed", entry.Root);
                notice(
                    new Notice(
                        NoticeLevel.Warning,
                        $"The code of '{entry.Root}' could not be read into the memory ({e.Message}); suggestions know only what was read before."
                    )
                );
            }
        }
    }

    /// <summary>The open memories, with the folders they are of.</summary>
    public IReadOnlyList<(string Root, ProjectMemory Memory)> All => [.. _entries.Select(static e => (e.Root, e.Memory))];

    /// <summary>
    /// Grows whenever something other than indexing has changed what can be recalled in a document. Edits of the document itself do not: nothing that
    /// is remembered of it is recalled in it.
    /// </summary>
    public long ChangesFor(string document) => Interlocked.Read(ref _changes) - _ownChanges.GetValueOrDefault(document);

    /// <summary>What makes the vectors, loaded now if it is not yet; <see langword="null"/> until a memory is open.</summary>
    public IEmbedder? Embedder => _embedder?.Value;

    public IReadOnlyList<MemoryStatistics> Statistics => [.. _entries.Select(e => e.Memory.Statistics)];

    public ProjectMemory? For(string document) => EntryOf(document)?.Memory;

    /// <summary>A buffer was opened or edited. It is read when another document recalls, so that typing costs nothing here.</summary>
    /// <param name="text">Gives the newest text, or <see langword="null"/> where it is gone.</param>
    public void BufferChanged(string document, Func<string?> text)
    {
        if (EntryOf(document) is not null)
        {
            _buffers[document] = text;
        }
    }

    /// <summary>The user typed in a buffer, on this line (from 0).</summary>
    public void Edited(string document, int line)
    {
        if (EntryOf(document) is { } entry)
        {
            entry.Memory.NoteEdit(RelativePath(entry.Root, document), line);
        }
    }

    /// <summary>A buffer was closed: the file on disk counts again.</summary>
    public void BufferClosed(string document)
    {
        if (_buffers.TryRemove(document, out _))
        {
            Refresh(document);
        }
    }

    /// <summary>A file was made, changed or deleted on disk.</summary>
    public void Refresh(string document)
    {
        if (EntryOf(document) is { } entry)
        {
            entry.Indexer.Refresh(document);
            Interlocked.Increment(ref _changes);
        }
    }

    /// <summary>Takes in what was edited in other buffers since.</summary>
    public void TakeInBuffersBut(string document)
    {
        foreach (var (path, text) in _buffers)
        {
            if (text is not null && !PathComparer.Equals(path, document))
            {
                TakeIn(path, text);
            }
        }
    }

    /// <summary>Takes in what was edited in any buffer since.</summary>
    public void TakeInBuffers()
    {
        foreach (var (path, text) in _buffers)
        {
            if (text is not null)
            {
                TakeIn(path, text);
            }
        }
    }

    /// <summary>Takes in one document's buffer now. Recall needs it of other documents alone; evaluation, whose buffers lack a line, of all.</summary>
    public void TakeIn(string document)
    {
        if (_buffers.TryGetValue(document, out var text) && text is not null)
        {
            TakeIn(document, text);
        }
    }

    private void TakeIn(string document, Func<string?> text)
    {
        if (
            _buffers.TryUpdate(document, null, text)
            && text() is { } newest
            && EntryOf(document) is { } entry
            && entry.Indexer.Wants(document)
        )
        {
            entry.Memory.Put(RelativePath(entry.Root, document), newest);
            _ownChanges.AddOrUpdate(document, 1, static (_, count) => count + 1);
            Interlocked.Increment(ref _changes);
        }
    }

    /// <summary>The path as it stands in prompts and in the memory: relative to the workspace, with <c>/</c>.</summary>
    public string RelativePath(string document)
    {
        if (EntryOf(document) is { } entry)
        {
            return RelativePath(entry.Root, document);
        }

        return Path.IsPathFullyQualified(document) ? Path.GetFileName(document) : document;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var entry in _entries)
        {
            await entry.Memory.DisposeAsync();
        }

        _entries = [];
        if (_embedder is { IsValueCreated: true, Value: IDisposable loaded })
        {
            loaded.Dispose();
        }
    }

    private MemoryOptions OptionsOf(string folder)
    {
        var options = new MemoryOptions { WorkspaceRoot = RootOf(folder) };
        return dataDirectory is null ? options : options with { DataDirectory = dataDirectory };
    }

    private static string RootOf(string folder) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));

    private static string RelativePath(string root, string document) => Path.GetRelativePath(root, document).Replace('\\', '/');

    /// <summary>The innermost folder that holds the document.</summary>
    private Entry? EntryOf(string document) =>
        Path.IsPathFullyQualified(document)
            ? _entries
                .Where(e => PathComparer.Equals(Path.GetPathRoot(e.Root), Path.GetPathRoot(document)) && IsInside(e.Root, document))
                .MaxBy(e => e.Root.Length)
            : null;

    private static bool IsInside(string root, string document)
    {
        var relative = Path.GetRelativePath(root, document);
        return relative != ".." && !relative.StartsWith(".." + Path.DirectorySeparatorChar, StringComparison.Ordinal);
    }
}
