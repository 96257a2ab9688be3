namespace CodeComplete.Memory;

/// <summary>Asks for code from other files that looks like what is being written.</summary>
public sealed record RecallQuery
{
    /// <summary>The code around the cursor whose identifiers are looked for; the cursor's line is the last. The nearer a line, the more it counts.</summary>
    public required string Text { get; init; }

    /// <summary>The file being edited, relative to the workspace root; nothing of it is returned.</summary>
    public required string Path { get; init; }

    /// <summary>At most so many snippets.</summary>
    public int MaxSnippets { get; init; } = 3;

    /// <summary>What a snippet costs, in the caller's unit (tokens, with all that the prompt adds); <see langword="null"/>: nothing.</summary>
    public Func<Snippet, int>? Cost { get; init; }

    /// <summary>What all snippets together may cost. One that does not fit is passed over for a smaller one further down.</summary>
    public int Budget { get; init; } = int.MaxValue;
}

/// <summary>Some lines of one remembered file.</summary>
/// <param name="Path">Relative to the workspace root, with <c>/</c>.</param>
/// <param name="StartLine">The first line's number in the file, from 0.</param>
/// <param name="Text">Whole lines, joined by <c>\n</c>, without a last line end.</param>
/// <param name="Score">BM25; comparable within one answer only.</param>
/// <param name="Reason">For people: <c>shares InvoiceLine, ApplyDiscount</c>.</param>
public sealed record Snippet(string Path, int StartLine, string Text, double Score, string Reason);

/// <summary>What was recalled.</summary>
/// <param name="Snippets">Best first; no two overlap or say nearly the same.</param>
/// <param name="Elapsed">How long it took.</param>
public sealed record RecallAnswer(IReadOnlyList<Snippet> Snippets, TimeSpan Elapsed);
