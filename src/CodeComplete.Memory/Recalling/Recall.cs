using System.Text.Json.Serialization;
using CodeComplete.Memory.Recalling;

namespace CodeComplete.Memory;

/// <summary>Where recalled code can come from.</summary>
[Flags]
public enum RecallSources
{
    None = 0,

    /// <summary>Windows of other files that share identifiers or their parts with the code at the cursor (BM25).</summary>
    Lexical = 1 << 0,

    /// <summary>Windows of other files whose vectors are near the vector of the code at the cursor.</summary>
    Vectors = 1 << 1,

    /// <summary>Windows of the file being edited that the prompt does not show anyway.</summary>
    OwnFile = 1 << 2,

    /// <summary>What the types at hand can do: their members' signatures.</summary>
    Signatures = 1 << 3,

    /// <summary>
    /// How others call the member at hand, use the type at hand, or implement what is being implemented. Not among <see cref="Default"/>: over 2,000
    /// cases of five repositories it brought nothing to the others (docs/RESULTS.md).
    /// </summary>
    Usages = 1 << 4,

    /// <summary>What was just typed in other files.</summary>
    RecentEdits = 1 << 5,

    /// <summary>What the user took from suggestions in places like this one.</summary>
    Accepted = 1 << 6,

    /// <summary>Those that earn their tokens.</summary>
    Default = Lexical | Vectors | OwnFile | Signatures | RecentEdits | Accepted,
}

/// <summary>Asks for code that helps to go on with what is being written.</summary>
public sealed record RecallQuery
{
    /// <summary>The code around the cursor whose identifiers are looked for; the cursor's line is the last. The nearer a line, the more it counts.</summary>
    public required string Text { get; init; }

    /// <summary>The file being edited, relative to the workspace root. What is remembered of it is never returned; see <see cref="OwnText"/>.</summary>
    public required string Path { get; init; }

    /// <summary>The file as the user sees it now; <see langword="null"/>: nothing of it is to be returned.</summary>
    public string? OwnText { get; init; }

    /// <summary>Lines of <see cref="OwnText"/>, from 0, the end excluded, that must not be returned: the cursor's, and those the prompt shows anyway.</summary>
    public LineRange OwnLines { get; init; }

    /// <summary>Ids of the types that matter at the cursor, the most wanted first, as the symbol graph has them.</summary>
    public IReadOnlyList<string> Types { get; init; } = [];

    /// <summary>Ids of the members at hand: the one being called, the one around the cursor.</summary>
    public IReadOnlyList<string> Members { get; init; } = [];

    /// <summary>Ids of what the member around the cursor overrides or implements: others that do the same are likely alike.</summary>
    public IReadOnlyList<string> Bases { get; init; } = [];

    /// <summary>At most so many snippets.</summary>
    public int MaxSnippets { get; init; } = 3;

    /// <summary>What a snippet costs, in the caller's unit (tokens, with all that the prompt adds); <see langword="null"/>: nothing.</summary>
    public Func<Snippet, int>? Cost { get; init; }

    /// <summary>What all snippets together may cost. One that does not fit is passed over for a smaller one further down.</summary>
    public int Budget { get; init; } = int.MaxValue;

    /// <summary>How long it may take a process that owns the memory to answer another; later answers count for nothing. By default as long as one waits who types.</summary>
    [JsonIgnore]
    public TimeSpan Patience { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Where to look.</summary>
    public RecallSources Sources { get; init; } = RecallSources.Default;

    /// <summary>
    /// What a snippet must hold of the query's weight, from 0 to 1, to be worth its tokens: recall hurts as often as it helps where it is not
    /// needed (Repoformer, arXiv 2403.10059). 0 leaves nothing out.
    /// </summary>
    public double LeastCoverage { get; init; } = RecallGate.LeastCoverage;
}

/// <summary>Lines of a file, from 0; <paramref name="End"/> is the first one after them.</summary>
public readonly record struct LineRange(int First, int End);

/// <summary>Some lines of one remembered file.</summary>
/// <param name="Path">Relative to the workspace root, with <c>/</c>.</param>
/// <param name="StartLine">The first line's number in the file, from 0.</param>
/// <param name="Text">Whole lines, joined by <c>\n</c>, without a last line end.</param>
/// <param name="Score">Comparable within one answer only.</param>
/// <param name="Reason">For people: <c>shares InvoiceLine, ApplyDiscount; calls Apply</c>.</param>
/// <param name="Sources">Who found it.</param>
public sealed record Snippet(string Path, int StartLine, string Text, double Score, string Reason, RecallSources Sources);

/// <summary>What was recalled.</summary>
/// <param name="Snippets">Best first; no two overlap or say nearly the same.</param>
/// <param name="Elapsed">How long it took.</param>
public sealed record RecallAnswer(IReadOnlyList<Snippet> Snippets, TimeSpan Elapsed);
