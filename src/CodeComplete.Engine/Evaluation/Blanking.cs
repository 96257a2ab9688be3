namespace CodeComplete.Engine.Evaluation;

/// <summary>
/// A case's groundtruth taken out of all that the engine knows, until it is disposed: the document and its copies are open as buffers without
/// it, and the memory has taken these in, so that overlapping snippets are cut again.
/// </summary>
/// <remarks>
/// A store that is fed from documents is blanked with them where <see cref="Learning.MemorySet.TakeIn(string)"/> feeds it, and restored where
/// closing a buffer lets the file count again.
/// </remarks>
internal sealed class Blanking : IAsyncDisposable
{
    private readonly CompletionEngine _engine;
    private readonly List<string> _opened = [];

    private Blanking(CompletionEngine engine) => _engine = engine;

    /// <param name="path">The case's file.</param>
    /// <param name="text">Its text as it lies on the disk.</param>
    /// <exception cref="CaseException">The case does not fit the text.</exception>
    public static async Task<Blanking> ApplyAsync(
        CompletionEngine engine,
        EvaluationCase made,
        string path,
        string text,
        WorkspaceCopies copies,
        CancellationToken cancellation
    )
    {
        var blanked = made.Blank(text);
        var blanking = new Blanking(engine);
        // The case's own document last: what is known of others is forgotten as each is opened.
        foreach (var (copy, without) in copies.Blank(made, path, text))
        {
            blanking.Open(copy, without);
        }

        blanking.Open(path, blanked);
        // Vectors, tokens and symbols as they are without the line.
        await engine.ReadAllAsync(cancellation);
        return blanking;
    }

    /// <summary>The files count again, in the memory too.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var document in _opened)
        {
            _engine.Close(document);
        }

        await _engine.Settled;
        await _engine.ReadAllAsync(CancellationToken.None);
    }

    private void Open(string document, string text)
    {
        _engine.Open(document, 1, text);
        _opened.Add(document);
        _engine.Memories.TakeIn(document);
    }
}
