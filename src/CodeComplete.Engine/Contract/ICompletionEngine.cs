namespace CodeComplete.Engine;

/// <summary>
/// Everything a front end (the server, the command line) asks of the product. Every method may be called from any thread. The request
/// methods take their snapshot of the document before they return their task, so a caller that calls them in the order in which the
/// client spoke needs no lock.
/// </summary>
public interface ICompletionEngine : IAsyncDisposable
{
    EngineStatus Status { get; }

    event Action<EngineStatus> StatusChanged;

    event Action<Notice> Noticed;

    /// <summary>Opens a document: from now on its text is <paramref name="text"/>, whatever the file says.</summary>
    void Open(string document, int version, string text);

    /// <summary>Applies the edits one after the other. A position outside the text is taken to the nearest one inside.</summary>
    /// <returns><see langword="false"/> where the document is not open; nothing has changed then.</returns>
    bool Change(string document, int version, IReadOnlyList<DocumentEdit> edits);

    /// <summary>
    /// The cursor has rested there for a moment without a key: the place is read before anybody asks. A document that is not open is ignored, a position
    /// outside the text, too.
    /// </summary>
    void CursorRests(string document, Position position);

    /// <summary>Closes a document: from now on the file on disk counts. A document that is not open is ignored.</summary>
    void Close(string document);

    /// <summary>Files changed on disk, as a watcher of the client saw it.</summary>
    void FilesChanged(IReadOnlyList<FileChange> changes);

    /// <summary>The client watches no files: from now on the engine does. Nothing is to be told by <see cref="FilesChanged"/> any more.</summary>
    void WatchFiles();

    /// <summary>Workspace folders came or went; absolute paths.</summary>
    void FoldersChanged(IReadOnlyList<string> added, IReadOnlyList<string> removed);

    void Configure(EngineSettings settings);

    /// <summary>
    /// While paused there is no ghost text and the list is empty, and the status says so; documents, settings and the memory are kept up to
    /// date. Nothing is kept of it when the engine ends.
    /// </summary>
    void Pause(bool on);

    /// <summary>
    /// Ghost text. A newer edit of the document that does not continue what is being written ends the request: the answer is empty.
    /// </summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled.</exception>
    Task<GhostAnswer> CompleteInlineAsync(GhostRequest request, CancellationToken cancellation);

    /// <summary>The list, answered for the snapshot that was current when this was called.</summary>
    /// <exception cref="ContentModifiedException">An edit left the identifier in which the list was asked for.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled.</exception>
    Task<CompletionAnswer> CompleteListAsync(ListRequest request, CancellationToken cancellation);

    /// <returns><see langword="null"/> where the item is not known any more.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled.</exception>
    Task<ItemDetail?> ResolveAsync(ItemKey item, CancellationToken cancellation);

    /// <summary>The user took the ghost text of this <see cref="GhostText.Id"/>. Unknown ids are ignored.</summary>
    void Accept(string suggestion);

    /// <summary>The user took the first <paramref name="length"/> UTF-16 units of a ghost text, counted from its beginning. Unknown ids are ignored.</summary>
    void AcceptPart(string suggestion, int length);

    /// <summary>
    /// The client shows a ghost text. A client that says so once is taken at its word: what it does not show teaches nothing. Unknown ids are
    /// ignored.
    /// </summary>
    void Shown(string suggestion);
}

/// <summary>The document was edited in a way that makes the answer worthless (LSP's ContentModified, -32801).</summary>
public sealed class ContentModifiedException : Exception
{
    public ContentModifiedException()
        : base("The document was edited outside the identifier for which the list was asked.") { }

    public ContentModifiedException(string message)
        : base(message) { }

    public ContentModifiedException(string message, Exception innerException)
        : base(message, innerException) { }
}
