using CodeComplete.Analysis;
using CodeComplete.Transformer;

namespace CodeComplete.Engine.Chain;

/// <summary>
/// Lets the decoder write after a <c>.</c> only what the compiler knows there (monitor-guided decoding, arXiv 2306.10763). It translates
/// between the decoder's text, which begins with what is typed again, and the cursor's.
/// </summary>
/// <param name="typed">What the decoder writes again before it goes on.</param>
internal sealed class NameGuide(CursorAnalysis cursor, string typed) : IGuide
{
    // A call that took too long goes on beside the next one.
    private readonly Lock _gate = new();
    private string? _askedFor;
    private VisibleNames? _known;

    public Guidance? Next(string written)
    {
        // What is typed again is not the decoder's to choose; the names at the cursor are asked for so that a token which runs over it is held too.
        var after = written.Length <= typed.Length ? "" : written[typed.Length..];
        lock (_gate)
        {
            return Names(after) is { } names ? new Guidance(typed.Length + names.Start, names.Names) : null;
        }
    }

    private VisibleNames? Names(string after)
    {
        // The same name as at the last call: only its beginning has grown.
        var stem = after[..^IdentifierLength(after)];
        if (stem != _askedFor)
        {
            _askedFor = stem;
            _known = IsMember(stem) ? cursor.NamesAfter(stem) : null;
        }

        return _known;
    }

    private bool IsMember(string stem) =>
        stem.Length == 0 ? cursor.Context.Kind is PlaceKind.MemberAccess or PlaceKind.Using : stem[^1] == '.';

    private static int IdentifierLength(string text)
    {
        var length = 0;
        while (length < text.Length && (char.IsLetterOrDigit(text[text.Length - 1 - length]) || text[text.Length - 1 - length] == '_'))
        {
            length++;
        }

        return length;
    }
}
