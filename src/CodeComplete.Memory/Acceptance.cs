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

    /// <summary>
    /// It was taken whole and changed soon after. It stands in for the outcome that <see cref="Acceptance.Corrects"/> names; its text is what was
    /// kept, empty where all of it was undone.
    /// </summary>
    Edited,
}

/// <summary>How a suggestion was offered.</summary>
public enum SuggestionSource
{
    GhostText,
    ListItem,
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

    public SuggestionSource Source { get; init; }

    /// <summary>The receiver's type where a member of it was completed, as C# writes it.</summary>
    public string? ReceiverType { get; init; }

    /// <summary>The name of the member in which it was.</summary>
    public string? EnclosingMember { get; init; }

    /// <summary>What kind of place it was, by the name that the analysis gives it.</summary>
    public string? Place { get; init; }

    /// <summary>The <see cref="Id"/> of the outcome that this one takes the place of; <see langword="null"/> where it is the first.</summary>
    public Guid? Corrects { get; init; }
}
