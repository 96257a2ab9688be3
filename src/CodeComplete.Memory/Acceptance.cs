namespace CodeComplete.Memory;

/// <summary>What became of a suggestion.</summary>
public enum AcceptanceKind
{
    /// <summary>The whole of it was taken.</summary>
    Accepted,

    /// <summary>The user took its beginning.</summary>
    Partial,

    /// <summary>The user wrote something else.</summary>
    Rejected,
}

/// <summary>One outcome of a suggestion. It cannot be rebuilt from the code, so it is kept with more care than all else.</summary>
public sealed record Acceptance
{
    /// <summary>Names the outcome; the same id recorded twice counts once.</summary>
    public Guid Id { get; init; } = Guid.NewGuid();

    /// <summary>The file, relative to the workspace root, with <c>/</c>.</summary>
    public required string Path { get; init; }

    /// <summary>What was suggested; where it was taken in part, the part.</summary>
    public required string Text { get; init; }

    /// <summary>The cursor's line up to the cursor.</summary>
    public required string Before { get; init; }

    public required DateTimeOffset When { get; init; }

    public required AcceptanceKind Kind { get; init; }
}
