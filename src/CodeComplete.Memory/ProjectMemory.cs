using System.Diagnostics;
using CodeComplete.Memory.Indexing;
using CodeComplete.Memory.Lexical;
using CodeComplete.Memory.Snippets;
using CodeComplete.Memory.Storage;

namespace CodeComplete.Memory;

/// <summary>
/// What the project knows: the code of one workspace, cut into snippets that can be recalled, and what became of suggestions. It is answered
/// from memory and kept in one LiteDB file in the user's data folder. One process owns it; the others ask that one, and one of them takes over when
/// it goes. Every method may be called from any thread, and none throws for what is
/// wrong with the disk: the memory then lasts as long as the process, and <see cref="Message"/> says so.
/// </summary>
public sealed partial class ProjectMemory : IDisposable, IAsyncDisposable
{
    // Both are replaced when this process takes the memory over.
    private volatile LexicalIndex _index;
    private volatile MemoryStore _store;

    // Two changes to one file must reach the index and the store in the same order.
    private readonly Lock _changes = new();
    private bool _disposed;

    private ProjectMemory(MemoryOptions options, LexicalIndex index, MemoryStore store)
    {
        (Options, _index, _store) = (options, index, store);
        Rules = new SourceFileRules(options);
        store.Degraded += Say;
    }

    /// <summary>The memory got worse while it was open; the argument is the new <see cref="Message"/>. Raised on any thread; the handler must not wait for the memory or close it.</summary>
    public event Action<string>? Degraded;

    public MemoryOptions Options { get; }

    /// <summary>What is wrong and what that means, in one line; <see langword="null"/> where all is well.</summary>
    public string? Message => _aloneBecause ?? _store.Message;

    public string DatabasePath => _store.Folder.Database;

    /// <summary>This process reads and writes the database. Where it does not, see <see cref="Role"/>.</summary>
    public bool IsOwner => _store.IsOwner;

    public MemoryStatistics Statistics
    {
        get
        {
            if (Ask(static owner => owner.StatisticsAsync(CancellationToken.None)) is { } shared)
            {
                return shared;
            }

            var (files, snippets, words) = _index.Size;
            return new MemoryStatistics(files, snippets, words, _store.Folder.Bytes(), _store.Acceptances.Count);
        }
    }

    internal SourceFileRules Rules { get; }

    /// <summary>
    /// Opens the memory of a workspace and loads it. A damaged database is set aside and begun anew; one that another process holds, that a newer
    /// version wrote or that cannot be written is left alone.
    /// </summary>
    /// <exception cref="ArgumentException">The workspace root is not an absolute path.</exception>
    public static ProjectMemory Open(MemoryOptions options)
    {
        if (!Path.IsPathFullyQualified(options.WorkspaceRoot))
        {
            throw new ArgumentException($"The workspace root must be an absolute path, not '{options.WorkspaceRoot}'.", nameof(options));
        }

        var index = new LexicalIndex();
        var memory = new ProjectMemory(options, index, MemoryStore.Open(MemoryFolder.Of(options), index.Put, index.Clear));
        memory.Share();
        return memory;
    }

    /// <summary>
    /// Remembers a file's text in place of what was remembered of it. What must not be kept (generated, binary or excluded files, files over the
    /// size limit) is left out, and secrets are masked. The disk is not waited for.
    /// </summary>
    /// <param name="path">Relative to the workspace root, with <c>/</c>.</param>
    /// <returns><see langword="false"/> where nothing had to be done: the text is known already, or is not to be kept.</returns>
    public bool Put(string path, string text) => Put(WorkspacePath.Normalize(path), text, FileStamp.None) == PutResult.Kept;

    /// <summary>Forgets the snippets of a file that is gone. A file that is not known is ignored.</summary>
    /// <param name="path">Relative to the workspace root, with <c>/</c>.</param>
    public void Remove(string path)
    {
        path = WorkspacePath.Normalize(path);
        lock (_changes)
        {
            if (_index.Remove(path))
            {
                _store.Remove(path);
            }

            Tell(owner => owner.RemoveAsync(path, CancellationToken.None));
        }
    }

    /// <summary>Finds code of other files that looks like the query's.</summary>
    public RecallAnswer Recall(RecallQuery query)
    {
        var start = Stopwatch.GetTimestamp();
        if (query.MaxSnippets <= 0 || query.Budget <= 0)
        {
            return new RecallAnswer([], Stopwatch.GetElapsedTime(start));
        }

        if (Ask(owner => owner.RecallAsync(query, CancellationToken.None)) is { } shared)
        {
            return shared;
        }

        var words = QueryWords.Of(query.Text);
        var matches = _index.Search(words, WorkspacePath.Normalize(query.Path), SnippetSelection.Candidates);
        return new RecallAnswer(SnippetSelection.Choose(matches, query), Stopwatch.GetElapsedTime(start));
    }

    /// <summary>Records what became of a suggestion; the same <see cref="Acceptance.Id"/> counts once. Secrets in it are masked.</summary>
    /// <returns><see langword="true"/>: it is on the disk and stays there, whatever happens to this process or to the database.</returns>
    public bool RecordAcceptance(Acceptance acceptance) =>
        RecordAndTell(
            acceptance with
            {
                Path = WorkspacePath.Normalize(acceptance.Path),
                Text = SecretRedactor.Redact(acceptance.Text),
                Before = SecretRedactor.Redact(acceptance.Before),
            }
        );

    /// <summary>The acceptances, newest first.</summary>
    /// <param name="path">Only those in this file.</param>
    public IReadOnlyList<Acceptance> Acceptances(int most = int.MaxValue, string? path = null)
    {
        var name = path is null ? null : WorkspacePath.Normalize(path);
        var found = _store.Acceptances.NewestFirst();
        return [.. found.Where(acceptance => name is null || WorkspacePath.Comparer.Equals(acceptance.Path, name)).Take(most)];
    }

    /// <summary>Waits until everything put so far is in the database, where there is one.</summary>
    public void Flush() => _store.Flush();

    /// <summary>Writes what waits, closes the database and lets another process own it.</summary>
    public void Dispose()
    {
        lock (_changes)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
        }

        StopSharing();
        _store.Dispose();
    }

    /// <inheritdoc cref="Dispose"/>
    public ValueTask DisposeAsync() => new(Task.Run(Dispose));

    internal RememberedFile? Find(string path) => _index.Find(path);

    internal IReadOnlyList<string> Paths() => _index.Paths();

    internal void WaitForRoom() => _store.WaitForRoom();

    /// <param name="stamp">Of the file the text was read from; <see cref="FileStamp.None"/> for an editor's buffer.</param>
    internal PutResult Put(string path, string text, FileStamp stamp)
    {
        if (!Rules.Wants(path))
        {
            Remove(path);
            return PutResult.KeptOut;
        }

        var hash = SnippetCutter.Hash(text);
        if (IsKnown(path, hash, stamp))
        {
            return PutResult.Known;
        }

        // Kept-out content is noted without its text, so that the file is not read again and again.
        var keepOut = Rules.KeepsOut(text);
        var file = keepOut ? SnippetCutter.Blank(path, hash, stamp) : SnippetCutter.Cut(path, hash, stamp, SourceCleaner.Clean(text));
        lock (_changes)
        {
            _index.Put(file);
            _store.Put(file);
            Tell(owner => owner.PutAsync(path, text, CancellationToken.None));
        }

        return keepOut ? PutResult.KeptOut : PutResult.Kept;
    }

    private bool IsKnown(string path, Guid hash, FileStamp stamp)
    {
        lock (_changes)
        {
            if (_index.Find(path) is not { } known || known.Hash != hash)
            {
                return false;
            }

            if (stamp != FileStamp.None && known.Stamp != stamp)
            {
                _index.Restamp(path, stamp);
                _store.Restamp(path, stamp);
            }

            return true;
        }
    }
}

/// <summary>What became of a text that was put.</summary>
internal enum PutResult
{
    Kept,
    Known,
    KeptOut,
}
