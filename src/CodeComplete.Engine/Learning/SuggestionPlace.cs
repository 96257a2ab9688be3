namespace CodeComplete.Engine.Learning;

/// <summary>Where a suggestion was made, in what outlives the document's text.</summary>
internal sealed record SuggestionPlace
{
    // Enough to know the place, and an edit near it; a line of a million characters is not kept.
    private const int MostBefore = 500;
    private const int MostAfter = 200;

    /// <summary>The cursor's line up to where the suggestion begins, or the end of that.</summary>
    public required string LineBefore { get; init; }

    /// <summary>What stands between the suggestion's begin and the cursor already: the word that an open list's item would replace.</summary>
    public string Replaced { get; init; } = "";

    /// <summary>The cursor's line right of the cursor, or its beginning.</summary>
    public string LineAfter { get; init; } = "";

    public string? ReceiverType { get; init; }

    public string? EnclosingMember { get; init; }

    /// <summary>The kind of place, by its name.</summary>
    public string? Kind { get; init; }

    /// <param name="start">Where the suggestion begins in <paramref name="text"/>.</param>
    /// <param name="cursor">Not before <paramref name="start"/>.</param>
    public static SuggestionPlace At(string text, int start, int cursor)
    {
        var before = text.AsSpan(0, start)[Math.Max(0, start - MostBefore)..];
        var after = text.AsSpan(cursor, Math.Min(MostAfter, text.Length - cursor));
        var lineEnd = after.IndexOfAny('\r', '\n');
        return new SuggestionPlace
        {
            LineBefore = before[(before.LastIndexOfAny('\r', '\n') + 1)..].ToString(),
            Replaced = text[start..cursor],
            LineAfter = (lineEnd < 0 ? after : after[..lineEnd]).ToString(),
        };
    }
}
