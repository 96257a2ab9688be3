namespace CodeComplete.Engine;

/// <summary>Code from the memory.</summary>
public sealed record RecalledCode
{
    /// <summary>Relative to the workspace, with <c>/</c>.</summary>
    public required string Path { get; init; }

    /// <summary>From 0.</summary>
    public required int StartLine { get; init; }

    /// <summary>Lines joined by <c>\n</c>.</summary>
    public required string Text { get; init; }

    /// <summary>Why it was recalled, for people.</summary>
    public required string Reason { get; init; }

    /// <summary>Who found it, in words: <c>recent edits</c>.</summary>
    public required IReadOnlyList<string> Sources { get; init; }

    /// <summary>Comparable within one answer only.</summary>
    public required double Score { get; init; }

    /// <summary>What it takes of the prompt; 0 where it was recalled for none.</summary>
    public int Tokens { get; init; }
}
