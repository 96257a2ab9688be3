using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace CodeComplete.Engine.Inline;

/// <summary>Tells whether a text is the same as another time, without keeping it.</summary>
internal readonly record struct TextPrint(int Length, UInt128 Hash)
{
    public static TextPrint Of(ReadOnlySpan<char> text)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(MemoryMarshal.AsBytes(text), hash);
        return new TextPrint(text.Length, MemoryMarshal.Read<UInt128>(hash));
    }

    public bool Fits(ReadOnlySpan<char> text) => text.Length == Length && Of(text) == this;
}

/// <summary>A suggestion that was sent, with what is needed to go on with it and to learn from it.</summary>
/// <param name="Anchor">Where the suggestion begins in its document, in UTF-16 units.</param>
/// <param name="Before">The document left of <paramref name="Anchor"/>.</param>
/// <param name="After">The document right of the cursor.</param>
/// <param name="Place">Where it was, for what is learned from it.</param>
/// <param name="Ghost">What was sent.</param>
internal sealed record ShownSuggestion(
    string Document,
    int Anchor,
    TextPrint Before,
    TextPrint After,
    SuggestionPlace Place,
    GhostText Ghost
);

/// <summary>Where a suggestion was made, in what outlives the document's text.</summary>
internal sealed record SuggestionPlace
{
    // Enough to know an edit of the line's rest again; a line of a million characters is not kept.
    private const int MostAfter = 200;

    /// <summary>The cursor's line up to where the suggestion begins.</summary>
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
        var lineStart = text.AsSpan(0, start).LastIndexOfAny('\r', '\n') + 1;
        var after = text.AsSpan(cursor, Math.Min(MostAfter, text.Length - cursor));
        var lineEnd = after.IndexOfAny('\r', '\n');
        return new SuggestionPlace
        {
            LineBefore = text[lineStart..start],
            Replaced = text[start..cursor],
            LineAfter = (lineEnd < 0 ? after : after[..lineEnd]).ToString(),
        };
    }
}

/// <summary>The latest suggestions: what the user types on along one is served from it, without decoding and without judging again.</summary>
internal sealed class ShownSuggestions
{
    private const int Kept = 16;

    private readonly Lock _gate = new();
    private readonly LinkedList<ShownSuggestion> _latest = new();
    private long _count;

    public string NextId() => $"ghost-{Interlocked.Increment(ref _count)}";

    public void Add(ShownSuggestion suggestion)
    {
        lock (_gate)
        {
            _latest.AddFirst(suggestion);
            if (_latest.Count > Kept)
            {
                _latest.RemoveLast();
            }
        }
    }

    /// <summary>Suggestions of these documents are of no use any more: closed, or judged by code that has changed since.</summary>
    public void Forget(Predicate<string> documents)
    {
        lock (_gate)
        {
            foreach (var suggestion in _latest.Where(s => documents(s.Document)).ToList())
            {
                _latest.Remove(suggestion);
            }
        }
    }

    /// <summary>
    /// The rest of a suggestion whose beginning the user has typed since. With it in place the document is the same as when the compiler
    /// judged it, so its verdict still holds.
    /// </summary>
    /// <returns>The suggestion and how many of its characters stand there already, or <see langword="null"/>.</returns>
    public (ShownSuggestion Suggestion, int Typed)? Continued(string document, string text, int cursor)
    {
        lock (_gate)
        {
            foreach (var suggestion in _latest)
            {
                var typed = cursor - suggestion.Anchor;
                if (
                    suggestion.Document == document
                    && typed > 0
                    && typed < suggestion.Ghost.Text.Length
                    && suggestion.Ghost.Text.AsSpan(0, typed).SequenceEqual(text.AsSpan(suggestion.Anchor, typed))
                    && suggestion.Before.Fits(text.AsSpan(0, suggestion.Anchor))
                    && suggestion.After.Fits(text.AsSpan(cursor))
                )
                {
                    return (suggestion, typed);
                }
            }
        }

        return null;
    }
}
