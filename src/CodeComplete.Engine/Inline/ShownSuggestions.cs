using CodeComplete.Engine.Learning;

namespace CodeComplete.Engine.Inline;

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
