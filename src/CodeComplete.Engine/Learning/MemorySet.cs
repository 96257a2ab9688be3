using CodeComplete.Memory;
using Microsoft.Extensions.Logging;

namespace CodeComplete.Engine.Learning;

/// <summary>One memory a workspace folder. What fails here costs recall only (invariant 5).</summary>
internal sealed class MemorySet(string? dataDirectory, Action<Notice> notice, ILogger log) : IAsyncDisposable
{
    private readonly Lock gate = new();
    private List<Entry> entries = [];

    private sealed record Entry(string Root, ProjectMemory Memory, WorkspaceIndexer Indexer);

    /// <summary>Opens the memory of a folder; one that is open already stays as it is.</summary>
    public void Open(string root, EngineSettings settings)
    {
        lock (gate)
        {
            if (entries.Any(e => e.Root == root))
            {
                return;
            }
        }

        var options = new MemoryOptions { WorkspaceRoot = root, Exclude = settings.Exclude };
        if (dataDirectory is not null)
        {
            options = options with { DataDirectory = dataDirectory };
        }

        var memory = ProjectMemory.Open(options);
        if (memory.Message is { } message)
        {
            notice(new Notice(NoticeLevel.Warning, message));
        }

        memory.Degraded += message => notice(new Notice(NoticeLevel.Warning, message));
        lock (gate)
        {
            entries = [.. entries, new Entry(root, memory, new WorkspaceIndexer(memory, options))];
        }
    }

    public async ValueTask CloseAsync(string root)
    {
        Entry? entry;
        lock (gate)
        {
            entry = entries.FirstOrDefault(e => e.Root == root);
            entries = [.. entries.Where(e => e != entry)];
        }

        if (entry is not null)
        {
            await entry.Memory.DisposeAsync();
        }
    }

    /// <summary>Indexes every folder, one after the other.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled; the next call goes on where this one ended.</exception>
    public async Task IndexAsync(IProgress<IndexProgress> progress, CancellationToken cancellation)
    {
        foreach (var entry in entries)
        {
            try
            {
                await entry.Indexer.RunAsync(progress, cancellation);
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

    public ProjectMemory? For(string document) => EntryOf(document)?.Memory;

    public IReadOnlyList<MemoryStatistics> Statistics => [.. entries.Select(e => e.Memory.Statistics)];

    /// <summary>A file's text changed, in a buffer or on disk.</summary>
    public void Put(string document, string text)
    {
        if (EntryOf(document) is { } entry && entry.Indexer.Wants(document))
        {
            entry.Memory.Put(RelativePath(entry.Root, document), text);
        }
    }

    public void Remove(string document)
    {
        if (EntryOf(document) is { } entry)
        {
            entry.Memory.Remove(RelativePath(entry.Root, document));
        }
    }

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
        foreach (var entry in entries)
        {
            await entry.Memory.DisposeAsync();
        }

        entries = [];
    }

    private static string RelativePath(string root, string document) => Path.GetRelativePath(root, document).Replace('\\', '/');

    // The innermost folder that holds the document.
    private Entry? EntryOf(string document) =>
        Path.IsPathFullyQualified(document)
            ? entries
                .Where(e => document.StartsWith(e.Root + Path.DirectorySeparatorChar, StringComparison.Ordinal))
                .MaxBy(e => e.Root.Length)
            : null;
}
