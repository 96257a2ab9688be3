using System.Diagnostics;
using System.Text;
using CodeComplete.Memory.Indexing;
using CodeComplete.Memory.Lexical;
using CodeComplete.Memory.Snippets;
using CodeComplete.Memory.Storage;

namespace CodeComplete.Memory;

/// <summary>
/// What the project knows: the code of one workspace, cut into snippets that can be recalled, and what became of suggestions. It is answered
/// from memory and kept in one LiteDB file in the user's data folder. Every method may be called from any thread, and none throws for what is
/// wrong with the disk: the memory then lasts as long as the process, and <see cref="Message"/> says so.
/// </summary>
public sealed partial class ProjectMemory : IDisposable, IAsyncDisposable
{
    private readonly LexicalIndex _index = new();
    private readonly MemoryStore _store;
    private readonly ForgottenWords _forgotten;
    private bool _disposed;

    private ProjectMemory(MemoryOptions options)
    {
        (Options, Rules) = (options, new SourceFileRules(options));
        _forgotten = ForgottenWords.Load(MemoryFolder.Of(options).ForgottenWords);
        _store = MemoryStore.Open(options, _index, TextInWorkspace);
        Parts = new FileParts(_index, _store);
    }

    /// <summary>The memory got worse while it was open; the argument is the new <see cref="Message"/>. Raised on any thread; the handler must not wait for the memory or close it.</summary>
    public event Action<string>? Degraded
    {
        add => _store.Degraded += value;
        remove => _store.Degraded -= value;
    }

    public MemoryOptions Options { get; }

    /// <summary>What is wrong and what that means, in one line; <see langword="null"/> where all is well.</summary>
    public string? Message => _store.Message;

    public string DatabasePath => _store.Folder.Database;

    /// <summary>This process reads and writes the database. Where it does not, the memory begins empty and the indexer fills it.</summary>
    public bool IsOwner => _store.IsOwner;

    public MemoryStatistics Statistics
    {
        get
        {
            var (files, snippets, words) = _index.Size;
            var folder = _store.Folder;
            return new MemoryStatistics
            {
                Files = files,
                EvictedFiles = _index.Count(FileState.Evicted),
                Snippets = snippets,
                Words = words,
                Acceptances = _store.Acceptances.Count,
                BytesOnDisk = folder.Bytes(),
                DatabaseBytes = folder.Bytes("memory*.db"),
                ImageBytes = folder.Bytes("*.image"),
                JournalBytes = folder.Bytes("*.jsonl"),
                LexicalBytes = _index.Bytes,
                TextBytes = _store.Texts.Bytes,
                PartBytes = _store.OthersInMemory?.Invoke() ?? 0,
                DiskBudgetBytes = Options.DiskBudgetBytes,
                MemoryBudgetBytes = Options.MemoryBudgetBytes,
            };
        }
    }

    /// <summary>Told what others hold in memory of what is attached to the files, in bytes; it counts towards the budget.</summary>
    internal Func<long>? OthersInMemory
    {
        set => _store.OthersInMemory = value;
    }

    internal SourceFileRules Rules { get; }

    /// <summary>What others attach to the files.</summary>
    internal FileParts Parts { get; }

    internal LexicalIndex Index => _index;

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

        return new ProjectMemory(options);
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
        lock (_store.Changes)
        {
            if (_index.Remove(path))
            {
                _store.Remove(path);
            }
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

        var words = QueryWords.Of(query.Text);
        var matches = _index.Search(words, WorkspacePath.Normalize(query.Path), SnippetSelection.Candidates);
        return new RecallAnswer(SnippetSelection.Choose(matches, query, TextOf), Stopwatch.GetElapsedTime(start));
    }

    /// <summary>Records what became of a suggestion; the same <see cref="Acceptance.Id"/> counts once. Secrets in it are masked; one with a forgotten word is not recorded.</summary>
    /// <returns><see langword="true"/>: it is on the disk and stays there, whatever happens to this process or to the database.</returns>
    public bool RecordAcceptance(Acceptance acceptance) =>
        !IsForgotten(acceptance)
        && _store.Record(
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
        lock (_store.Changes)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
        }

        _store.Dispose();
    }

    /// <inheritdoc cref="Dispose"/>
    public ValueTask DisposeAsync() => new(Task.Run(Dispose));

    internal RememberedFile? Find(string path) => _index.Find(path);

    internal IReadOnlyList<string> Paths() => _index.Paths();

    /// <summary>The cleaned text of a remembered file, UTF-8; <see langword="null"/> where it has another one by now. Counts as a use of the file.</summary>
    internal byte[]? TextOf(RememberedFile file)
    {
        if (_store.Texts.Find(file) is { } text)
        {
            _index.Touch(file.Path);
            return text;
        }

        lock (_store.Changes)
        {
            // Damaged, and changed or gone in the workspace: the next run reads it again.
            if (!_disposed && _index.Find(file.Path) == file && _index.Remove(file.Path))
            {
                _store.Remove(file.Path);
            }
        }

        return null;
    }

    /// <summary>Does now what is otherwise done when nothing has happened for a while.</summary>
    internal void Maintain() => _store.Maintain();

    /// <summary>What the database holds, where there is one.</summary>
    internal IEnumerable<StoredFile> StoredFiles() => _store.StoredFiles();

    internal void WaitForRoom() => _store.WaitForRoom();

    /// <param name="stamp">Of the file the text was read from; <see cref="FileStamp.None"/> for an editor's buffer.</param>
    internal PutResult Put(string path, string text, FileStamp stamp)
    {
        if (!Rules.Wants(path) || _forgotten.IsIn(path))
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
        var file = keepOut ? CutFile.Noted(RememberedFile.Noted(path, hash, stamp, FileState.KeptOut)) : Cut(path, hash, stamp, text);
        var stored = StoredFile.Of(file);
        lock (_store.Changes)
        {
            _store.Put(stored, file.Text, _index.Put(file));
        }

        return keepOut ? PutResult.KeptOut : PutResult.Kept;
    }

    private CutFile Cut(string path, Guid hash, FileStamp stamp, string text)
    {
        var clean = SourceCleaner.Clean(text);
        var kept = _forgotten.Clean(clean);
        return SnippetCutter.Cut(path, hash, stamp, kept).As(ReferenceEquals(kept, clean) ? FileState.Kept : FileState.KeptInPart);
    }

    private byte[]? TextInWorkspace(RememberedFile file)
    {
        try
        {
            return
                SourceReader.Read(Path.Combine(Options.WorkspaceRoot, file.Path), Rules.MaxFileBytes) is { } text
                && SnippetCutter.Hash(text) == file.Hash
                ? Encoding.UTF8.GetBytes(_forgotten.Clean(SourceCleaner.Clean(text)))
                : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private bool IsKnown(string path, Guid hash, FileStamp stamp)
    {
        lock (_store.Changes)
        {
            // What is edited is wanted again, even where it had to make room.
            if (_index.Find(path) is not { } known || known.Hash != hash || (known.State == FileState.Evicted && stamp == FileStamp.None))
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
