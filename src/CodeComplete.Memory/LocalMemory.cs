using System.Diagnostics;
using System.Text;
using CodeComplete.Memory.Indexing;
using CodeComplete.Memory.Lexical;
using CodeComplete.Memory.Parts;
using CodeComplete.Memory.Recalling;
using CodeComplete.Memory.Snippets;
using CodeComplete.Memory.Storage;

namespace CodeComplete.Memory;

/// <summary>
/// One memory as this process has it: the index, the store behind it, and what is made of the files. <see cref="ProjectMemory"/> puts another one
/// in its place when this process takes the memory over. Paths are as <see cref="WorkspacePath.Normalize"/> gives them.
/// </summary>
internal sealed partial class LocalMemory : IDisposable
{
    private readonly MemoryOptions _options;
    private readonly SourceFileRules _rules;
    private readonly LexicalIndex _index = new();
    private readonly MemoryStore _store;
    private readonly VectorPart _vectors;
    private readonly SymbolPart _symbols;
    private readonly Retriever _retriever;
    private readonly ForgottenWords _forgotten;
    private volatile NgramPart? _ngrams;
    private volatile bool _disposed;

    /// <param name="inherited">The lock, where it has been taken already.</param>
    public LocalMemory(MemoryOptions options, SourceFileRules rules, RecentEdits edits, OwnerLock? inherited = null)
    {
        (_options, _rules) = (options, rules);
        _forgotten = ForgottenWords.Load(MemoryFolder.Of(options).ForgottenWords);
        _store = inherited is null
            ? MemoryStore.Open(options, _index, TextInWorkspace)
            : MemoryStore.Inherit(options, _index, TextInWorkspace, inherited);
        Parts = new FileParts(_index, _store);
        _vectors = new VectorPart(options.Embedder, _index, Parts, TextOf);
        _symbols = new SymbolPart(_index, Parts);
        _retriever = new Retriever(_index, TextOf, edits, _store.Acceptances.NewestFirst, options.Time)
        {
            Vectors = _vectors,
            Graph = _symbols.Graph,
        };
        _store.OthersInMemory = () => _vectors.Bytes + _symbols.Bytes + (_ngrams?.Bytes ?? 0);
        _store.Evicted = Dropped;
    }

    public MemoryStore Store => _store;

    public LexicalIndex Index => _index;

    /// <summary>What others attach to the files.</summary>
    public FileParts Parts { get; }

    /// <summary>The counts of token n-grams; <see langword="null"/> until <see cref="ReadNext"/> has been given an encoder.</summary>
    public NgramStore? Ngrams => _ngrams?.Store;

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
                Vectors = _vectors.Count,
                Symbols = _symbols.Graph.Files,
                Ngrams = _ngrams?.Store.Count ?? 0,
                Words = words,
                Acceptances = _store.Acceptances.Count,
                BytesOnDisk = folder.Bytes(),
                DatabaseBytes = folder.Bytes("memory*.db"),
                ImageBytes = folder.Bytes("*.image"),
                JournalBytes = folder.Bytes("*.jsonl"),
                LexicalBytes = _index.Bytes,
                TextBytes = _store.Texts.Bytes,
                VectorBytes = _vectors.Bytes,
                SymbolBytes = _symbols.Bytes,
                NgramBytes = _ngrams?.Bytes ?? 0,
                DiskBudgetBytes = _options.DiskBudgetBytes,
                MemoryBudgetBytes = _options.MemoryBudgetBytes,
            };
        }
    }

    /// <summary>Forgets the snippets of a file that is gone. A file that is not known is ignored.</summary>
    /// <param name="path">Relative to the workspace root, with <c>/</c>.</param>
    public void Remove(string path)
    {
        Replacing(path);
        lock (_store.Changes)
        {
            if (_index.Remove(path))
            {
                _store.Remove(path);
            }

            Dropped(path);
            _ngrams?.Removed(path);
        }
    }

    /// <inheritdoc cref="ProjectMemory.Keep"/>
    public bool Keep(string name, byte[] text) => _store.Keep(name, text, () => _forgotten.IsIn(Encoding.UTF8.GetString(text)));

    /// <summary>Finds code that helps to go on: alike, near, just edited or accepted before (<see cref="RecallSources"/>).</summary>
    public RecallAnswer Recall(RecallQuery query)
    {
        var start = Stopwatch.GetTimestamp();
        if (query.MaxSnippets <= 0 || query.Budget <= 0)
        {
            return new RecallAnswer([], Stopwatch.GetElapsedTime(start));
        }

        var snippets = _retriever.Recall(query with { Path = WorkspacePath.Normalize(query.Path) });
        return new RecallAnswer(snippets, Stopwatch.GetElapsedTime(start));
    }

    /// <summary>The files whose symbols are not known for the text they have now, relative to the workspace root.</summary>
    /// <param name="bound">Those of which only the syntax was read are lacking, too.</param>
    public IReadOnlyList<string> LackingSymbols(bool bound) => _symbols.Lacking(bound);

    /// <summary>Keeps the symbols of a file.</summary>
    /// <param name="path">Relative to the workspace root, with <c>/</c>.</param>
    /// <param name="text">What they were read from, as it would be given to <see cref="Put"/>.</param>
    /// <returns><see langword="false"/> where the memory knows another text of the file, or none; nothing is kept then.</returns>
    public bool PutSymbols(string path, string text, FileSymbols symbols) => _symbols.Put(path, SnippetCutter.Hash(text), symbols);

    /// <summary>One with a forgotten word is not recorded.</summary>
    /// <returns><see langword="true"/>: it is on the disk.</returns>
    public bool Record(Acceptance acceptance) => !IsForgotten(acceptance) && _store.Record(acceptance);

    /// <summary>Writes what waits, closes the database and lets another process own it.</summary>
    public void Dispose()
    {
        lock (_reading)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
            _ngrams?.Save(atLeast: 1);
        }

        _store.Dispose();
    }

    /// <summary>The cleaned text of a remembered file, UTF-8; <see langword="null"/> where it has another one by now. Counts as a use of the file.</summary>
    public byte[]? TextOf(RememberedFile file)
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
                Dropped(file.Path);
                _ngrams?.Removed(file.Path);
            }
        }

        return null;
    }

    /// <param name="stamp">Of the file the text was read from; <see cref="FileStamp.None"/> for an editor's buffer.</param>
    public PutResult Put(string path, string text, FileStamp stamp)
    {
        if (!_rules.Wants(path) || _forgotten.IsIn(path))
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
        var keepOut = _rules.KeepsOut(text);
        var file = keepOut ? CutFile.Noted(RememberedFile.Noted(path, hash, stamp, FileState.KeptOut)) : Cut(path, hash, stamp, text);
        var stored = StoredFile.Of(file);
        Replacing(path);
        lock (_store.Changes)
        {
            _store.Put(stored, file.Text, _index.Put(file));
            Dropped(path);
        }

        return keepOut ? PutResult.KeptOut : PutResult.Kept;
    }

    private void Replacing(string path)
    {
        if (_ngrams is { } ngrams && _index.Find(path) is { } file)
        {
            ngrams.Replacing(file);
        }
    }

    // With the index's change, under the store's lock: what is made of the new text must not be dropped.
    private void Dropped(string path)
    {
        _vectors.Dropped(path);
        _symbols.Dropped(path);
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
                SourceReader.Read(Path.Combine(_options.WorkspaceRoot, file.Path), _rules.MaxFileBytes) is { } text
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
