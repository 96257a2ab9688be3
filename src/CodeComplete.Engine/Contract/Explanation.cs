namespace CodeComplete.Engine;

/// <summary>Why a place is answered as it is: what the cursor sees, and what the memory gave.</summary>
public sealed record Explanation
{
    /// <summary>The kind of place, in words: <c>member access</c>.</summary>
    public required string Place { get; init; }

    /// <summary>The receiver's type, as C# writes it, where there is one and the compiler knows it.</summary>
    public string? ReceiverType { get; init; }

    /// <summary>The type that is wanted here, where the compiler knows it.</summary>
    public string? ExpectedType { get; init; }

    /// <summary>The member around the cursor.</summary>
    public string? EnclosingMember { get; init; }

    /// <summary>Best first; the prompt has them in the reverse order, the best one nearest to the cursor.</summary>
    public required IReadOnlyList<RecalledCode> Recalled { get; init; }

    /// <summary>The line with which the memory was asked a second time, since the model was unsure of it; <see langword="null"/> where it was asked once.</summary>
    public string? RecalledWith { get; init; }

    /// <summary>What all that is recalled may take, in tokens.</summary>
    public required int RecallBudget { get; init; }

    /// <summary>How long recalling took.</summary>
    public required double RecallMilliseconds { get; init; }

    /// <summary>
    /// The names of which the compiler lets the model write one at the cursor, sorted; <see langword="null"/> where the next character is free, since no
    /// name need begin there or a new one may.
    /// </summary>
    public IReadOnlyList<string>? Names { get; init; }

    /// <summary>The lines that the model would write and the compiler accepts, the likeliest first: the first is the ghost text.</summary>
    public IReadOnlyList<ExplainedLine> Lines { get; init; } = [];

    /// <summary>What the compiler has against the model's likeliest line, where it was not shown as it was written.</summary>
    public string? Objection { get; init; }

    /// <summary>The prompt from its beginning to the cursor, in pieces; empty where nothing is suggested, or a server runs the model.</summary>
    public IReadOnlyList<ExplainedPart> Prompt { get; init; } = [];

    /// <summary>Whose attention the prompt's parts have; <see langword="null"/> where they have none.</summary>
    public LayerRange? Layers { get; init; }

    /// <summary>Why the parts have no attention, in one sentence; <see langword="null"/> where they have, or nothing is suggested.</summary>
    public string? NoAttention { get; init; }
}

/// <summary>What is to be told besides what is always told.</summary>
public sealed record ExplainOptions
{
    /// <summary>Each line of the document is left out as well, which takes a reading of the prompt a line.</summary>
    public bool WithLines { get; init; }

    /// <summary>Whose attention; <see langword="null"/>: the middle third's.</summary>
    public LayerRange? Layers { get; init; }
}

/// <summary>Layers of the model, from 1, the last one included.</summary>
public readonly record struct LayerRange(int First, int Last);

/// <summary>A line that could be shown.</summary>
/// <param name="Verified">As in <see cref="GhostText.Verified"/>.</param>
/// <param name="Probability">As in <see cref="GhostText.Probability"/>.</param>
/// <param name="Lowest">As in <see cref="GhostText.LowestProbability"/>.</param>
public sealed record ExplainedLine(string Text, bool? Verified, double Probability, double Lowest);

/// <summary>What a piece of a prompt is.</summary>
public enum ExplainedPartKind
{
    /// <summary>Recalled code.</summary>
    Snippet,

    /// <summary>The lines below the cursor.</summary>
    Suffix,

    /// <summary>One line of the document above the cursor, or what stands on the cursor's own before it.</summary>
    Line,
}

/// <summary>A piece of a prompt, and what it does for the suggestion.</summary>
/// <param name="Name">A snippet's path and line; empty for the others.</param>
/// <param name="Fall">
/// By how much the natural logarithm of the suggestion's probability falls without it; below 0 where it rises. <see langword="null"/>: not worked out.
/// </param>
public sealed record ExplainedPart(ExplainedPartKind Kind, string Name, string Text, double? Fall)
{
    /// <summary>
    /// Its share, 0 to 1, of the attention that the prompt gets while the suggestion is written: the mean over the heads of the layers and over the places
    /// from which the suggestion's tokens are chosen. The prompt's first token, to which heads look that have nothing to look for, gets none of it, and what
    /// the parts leave of 1 goes to marks and the file's path. <see langword="null"/> where it is not to be had.
    /// </summary>
    public double? Attention { get; init; }

    /// <summary>The share of each line of <see cref="Text"/>, a token counting for the line on which it ends; empty where there is none to be had.</summary>
    public IReadOnlyList<double> LineAttention { get; init; } = [];
}
