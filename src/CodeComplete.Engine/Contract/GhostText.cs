using CodeComplete.Engine.Evaluation;

namespace CodeComplete.Engine;

/// <summary>Asks for ghost text at a place.</summary>
/// <param name="Document">The document's key: a file's absolute path, or the URI of what is no file.</param>
/// <param name="Invoked">The user asked by hand, so cost matters less than an answer.</param>
/// <param name="SelectedText">What the open list would insert (LSP's <c>selectedCompletionInfo</c>); the answer must extend it.</param>
/// <param name="SelectedRange">What <paramref name="SelectedText"/> would replace.</param>
public sealed record GhostRequest(
    string Document,
    Position Position,
    bool Invoked = false,
    string? SelectedText = null,
    TextRange? SelectedRange = null
)
{
    /// <summary>So many different lines at most, the likeliest first. A line that does not compile is replaced by the next likeliest in any case.</summary>
    public int Lines { get; init; } = 1;

    /// <summary>
    /// May take longer for a better answer: where the model is unsure of its line, the memory is asked again with it, and the model writes again. Else that is
    /// done when nobody types, for the next request in the same place.
    /// </summary>
    public bool Thorough { get; init; }

    /// <summary>
    /// Right after the start, while the compiler itself is still being compiled: its names are waited for as if the user had asked by hand, since without
    /// them a line mostly does not compile.
    /// </summary>
    internal bool IsEarly { get; init; }

    /// <summary>Which parts of the chain take part; an ablation leaves some out, a front end never does.</summary>
    internal ChainParts Parts { get; init; } = ChainParts.All;
}

/// <summary>One suggestion, ready to be shown.</summary>
public sealed record GhostText
{
    /// <summary>Names this suggestion in <see cref="ICompletionEngine.Accept"/>.</summary>
    public required string Id { get; init; }

    /// <summary>What stands in <see cref="Range"/> once it is accepted.</summary>
    public required string Text { get; init; }

    public required TextRange Range { get; init; }

    /// <summary><see langword="true"/>: the compiler accepts it. <see langword="null"/>: the compiler could not judge.</summary>
    public required bool? Verified { get; init; }

    /// <summary>The mean probability of its tokens, 0 to 1.</summary>
    public required double Probability { get; init; }

    /// <summary>The probability of its least likely token, 0 to 1: low where the compiler let the model write only what it had not meant.</summary>
    public double LowestProbability { get; init; }

    /// <summary>The gate's score: how probably the user takes it, 0 to 1, judged by what became of such suggestions before.</summary>
    public double Gate { get; init; }
}

/// <summary>The answer to a <see cref="GhostRequest"/>; <paramref name="Ghost"/> is <see langword="null"/> where nothing is offered.</summary>
/// <param name="Why">Where nothing is offered, why, in a few words for logs and the command line.</param>
public sealed record GhostAnswer(GhostText? Ghost, StageTimings Timings, string? Why = null)
{
    public DecodingCounts Decoding { get; init; } = new();

    /// <summary>Other lines that could stand there, the likeliest first, where <see cref="GhostRequest.Lines"/> asks for them.</summary>
    public IReadOnlyList<GhostText> Others { get; init; } = [];

    /// <summary>A <see cref="GhostRequest.Thorough"/> request might have found something better.</summary>
    internal bool MayImprove { get; init; }
}
