using CodeComplete.Memory.Indexing;
using CodeComplete.Memory.Recalling;
using CodeComplete.Memory.Snippets;
using CodeComplete.Memory.Storage;

namespace CodeComplete.Memory;

/// <summary>
/// What the project knows: its code, cut into snippets that can be recalled, with their vectors, symbols and tokens, and what became of suggestions.
/// It is answered from memory and kept in one folder of the user's data. One process owns it; the others ask that one, and one of them takes
/// over when it goes. Every method may be called from any thread, and none throws for what is wrong with the disk: the memory then lasts as long
/// as the process, and <see cref="Message"/> says so.
/// </summary>
public sealed partial class ProjectMemory : IDisposable, IAsyncDisposable
{
    private readonly RecentEdits _edits;

    // Replaced when this process takes the memory over.
    private volatile LocalMemory _local;
    private int _disposed;

    private ProjectMemory(MemoryOptions options)
    {
        (Options, Rules) = (options, new SourceFileRules(options));
        _edits = new RecentEdits(options.Time);
        _local = new LocalMemory(options, Rules, _edits);
        _local.Store.Degraded += Say;
    }

    /// <summary>The memory got worse while it was open; the argument is the new <see cref="Message"/>. Raised on any thread; the handler must not wait for the memory or close it.</summary>
    public event Action<string>? Degraded;

    public MemoryOptions Options { get; }

    /// <summary>What is wrong and what that means, in one line; <see langword="null"/> where all is well.</summary>
    public string? Message => _aloneBecause ?? _local.Store.Message;

    public string DatabasePath => _local.Store.Folder.Database;

    /// <summary>This process reads and writes the database. Where it does not, see <see cref="Role"/>.</summary>
    public bool IsOwner => _local.Store.IsOwner;

    public MemoryStatistics Statistics => Ask(static owner => owner.StatisticsAsync(CancellationToken.None)) ?? _local.Statistics;

    /// <summary>The counts of token n-grams; <see langword="null"/> until <see cref="ReadNext"/> has been given an encoder.</summary>
    public NgramStore? Ngrams => _local.Ngrams;

    internal SourceFileRules Rules { get; }

    internal LocalMemory Local => _local;

    /// <summary>
    /// Opens the memory of a workspace and loads it. A damaged database is set aside and begun anew; one that a newer version wrote or that
    /// cannot be written is left alone; one that another process holds is asked of that process.
    /// </summary>
    /// <exception cref="ArgumentException">The workspace root is not an absolute path.</exception>
    public static ProjectMemory Open(MemoryOptions options)
    {
        if (!Path.IsPathFullyQualified(options.WorkspaceRoot))
        {
            throw new ArgumentException($"The workspace root must be an absolute path, not '{options.WorkspaceRoot}'.", nameof(options));
        }

        var memory = new ProjectMemory(options);
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
            _local.Remove(path);
            Tell(owner => owner.RemoveAsync(path, CancellationToken.None));
        }
    }

    /// <summary>Someone typed here: what is being done in one file is often done in another next.</summary>
    /// <param name="path">Relative to the workspace root, with <c>/</c>.</param>
    /// <param name="line">From 0.</param>
    public void NoteEdit(string path, int line)
    {
        path = WorkspacePath.Normalize(path);
        _edits.Note(path, line);
        // Who answers recalls has to know it, too.
        Tell(owner => owner.NoteEditAsync(path, line, CancellationToken.None));
    }

    /// <summary>Finds code that helps to go on: alike, near, just edited or accepted before (<see cref="RecallSources"/>).</summary>
    public RecallAnswer Recall(RecallQuery query) => Ask(owner => owner.RecallAsync(query, CancellationToken.None)) ?? _local.Recall(query);

    /// <summary>
    /// Keeps something that others want to have back at the next start, and can make again, among the memory's files, until it is replaced or anything is
    /// forgotten. Only the process that owns the memory does.
    /// </summary>
    /// <param name="name">The file's name, without an extension.</param>
    /// <param name="text">UTF-8.</param>
    /// <returns><see langword="false"/> where it could not be written, or a forgotten word stands in it.</returns>
    public bool Keep(string name, byte[] text) => _local.Keep(name, text);

    /// <summary>What <see cref="Keep"/> has kept; <see langword="null"/> where there is nothing whole. The memory need not be open.</summary>
    public static byte[]? ReadKept(MemoryOptions options, string name) =>
        ImageFile.Read(MemoryFolder.Of(options).Image(name)) is { Sections: [var text] } file && file.Origin == ImageOrigin.Of(name)
            ? text
            : null;

    /// <summary>
    /// Does one piece of what is done in idle time: takes in what was made of some files before, then makes the vectors of one file that lacks them,
    /// or counts its tokens. It may take some milliseconds, with an encoder many. While another process owns the memory, that one does it.
    /// </summary>
    /// <param name="encoder">Whose tokens are counted; <see langword="null"/>: none are.</param>
    /// <returns>
    /// <see langword="false"/>: that was all. What could not be made, or was changed meanwhile, is tried again when this is called again.
    /// </returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled; the next call does the same piece.</exception>
    /// <exception cref="Exception">Whatever the encoder or the embedder throws; the next call goes on with another file.</exception>
    public bool ReadNext(ITokenEncoder? encoder, CancellationToken cancellation) =>
        Role != MemoryRole.Visitor && _local.ReadNext(encoder, cancellation);

    /// <summary>
    /// Takes in all that was made of the files in earlier idle times, and makes nothing: for who only looks. While another process owns the memory,
    /// that one has it, and this does nothing.
    /// </summary>
    /// <param name="encoder">Whose tokens were counted; <see langword="null"/>: the counts are left where they are.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled.</exception>
    public void Load(ITokenEncoder? encoder, CancellationToken cancellation)
    {
        if (Role != MemoryRole.Visitor)
        {
            _local.Load(encoder, cancellation);
        }
    }

    /// <summary>The files whose symbols are not known for the text they have now, relative to the workspace root.</summary>
    /// <param name="bound">Those of which only the syntax was read are lacking, too.</param>
    public IReadOnlyList<string> LackingSymbols(bool bound) => Role == MemoryRole.Visitor ? [] : _local.LackingSymbols(bound);

    /// <summary>Keeps the symbols of a file.</summary>
    /// <param name="path">Relative to the workspace root, with <c>/</c>.</param>
    /// <param name="text">What they were read from, as it would be given to <see cref="Put(string, string)"/>.</param>
    /// <returns><see langword="false"/> where the memory knows another text of the file, or none; nothing is kept then.</returns>
    public bool PutSymbols(string path, string text, FileSymbols symbols) =>
        _local.PutSymbols(WorkspacePath.Normalize(path), text, symbols);

    /// <summary>Records what became of a suggestion; the same <see cref="Acceptance.Id"/> counts once. Secrets in it are masked; one with a forgotten word is not recorded.</summary>
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
        var found = _local.Store.Acceptances.NewestFirst();
        return [.. found.Where(acceptance => name is null || WorkspacePath.Comparer.Equals(acceptance.Path, name)).Take(most)];
    }

    /// <summary>
    /// Forgets everything: files, what is attached to them, and outcomes. (Words that were forgotten before stay so.) The next run of the
    /// indexer reads the workspace again. Takes seconds for a large memory.
    /// </summary>
    public ForgetSummary ForgetAll() => Forget(new Forgetting(ForgetWhat.All, null));

    /// <summary>Forgets a file or a folder, and the outcomes in it. What is still in the workspace comes back with the next run, unless it is excluded.</summary>
    /// <param name="path">Relative to the workspace root.</param>
    public ForgetSummary ForgetPath(string path) => Forget(new Forgetting(ForgetWhat.Path, path));

    /// <summary>
    /// Forgets a word for good: any text within a line, in whatever case. Lines it stands in are never kept again, files it stands in get nothing
    /// attached, files that are named after it are not kept, nor are outcomes with it. Only a salted hash of it is kept.
    /// </summary>
    /// <exception cref="ArgumentException">It is shorter than three characters, or more than a line.</exception>
    public ForgetSummary ForgetWord(string word)
    {
        ForgottenWords.Check(word);
        return Forget(new Forgetting(ForgetWhat.Word, word));
    }

    /// <summary>Waits until everything put so far is in the database, where there is one.</summary>
    public void Flush() => _local.Store.Flush();

    /// <summary>Writes what waits, closes the database and lets another process own it.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            StopSharing();
            _local.Dispose();
        }
    }

    /// <inheritdoc cref="Dispose"/>
    public ValueTask DisposeAsync() => new(Task.Run(Dispose));

    internal RememberedFile? Find(string path) => _local.Index.Find(path);

    internal IReadOnlyList<string> Paths() => _local.Index.Paths();

    /// <summary>Does now what is otherwise done when nothing has happened for a while.</summary>
    internal void Maintain() => _local.Store.Maintain();

    internal void WaitForRoom() => _local.Store.WaitForRoom();

    /// <param name="stamp">Of the file the text was read from; <see cref="FileStamp.None"/> for an editor's buffer.</param>
    internal PutResult Put(string path, string text, FileStamp stamp)
    {
        lock (_changes)
        {
            var result = _local.Put(path, text, stamp);
            if (result != PutResult.Known)
            {
                Tell(owner => owner.PutAsync(path, text, CancellationToken.None));
            }

            return result;
        }
    }

    /// <summary>As the owner, whoever has asked.</summary>
    internal ForgetSummary ForgetForVisitor(Forgetting what) => Forget(what);

    private ForgetSummary Forget(Forgetting what)
    {
        var summary = Ask(owner => owner.ForgetAsync(what, CancellationToken.None));
        // What this process holds of its own, its journal included.
        var own = ForgetOwn(what);
        _server?.Tell(what);
        Forgotten?.Invoke();
        return summary ?? own;
    }

    private ForgetSummary ForgetOwn(Forgetting what)
    {
        _edits.Clear();
        lock (_recording)
        {
            var summary = _local.Forget(what);
            foreach (var id in _untold.Keys.Where(id => !_local.Store.Acceptances.Contains(id)))
            {
                _untold.TryRemove(id, out _);
            }

            return summary;
        }
    }
}
