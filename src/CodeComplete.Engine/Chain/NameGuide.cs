using CodeComplete.Analysis;
using CodeComplete.Transformer;

namespace CodeComplete.Engine.Chain;

/// <summary>
/// Lets the decoder write after a <c>.</c> only what the compiler knows there (monitor-guided decoding, arXiv 2306.10763). It translates
/// between the decoder's text, which begins with what is typed again, and the cursor's.
/// </summary>
internal sealed class NameGuide(CursorAnalysis cursor, string typed) : IGuide
{
    private string? askedFor;
    private VisibleNames? known;

    /// <summary>The names that may stand at the cursor itself, where it is at a member access with a known receiver.</summary>
    public VisibleNames? AtCursor => Names("");

    public Guidance? Next(string written)
    {
        // What is typed again is not the decoder's to choose; the names at the cursor are asked for so that a token which runs over it is held too.
        var after = written.Length <= typed.Length ? "" : written[typed.Length..];
        return Names(after) is { } names ? new Guidance(typed.Length + names.Start, names.Names) : null;
    }

    private VisibleNames? Names(string after)
    {
        // The same name as at the last call: only its beginning has grown.
        var stem = after[..^IdentifierLength(after)];
        if (stem != askedFor)
        {
            askedFor = stem;
            known = IsMember(stem) ? cursor.NamesAfter(stem) : null;
        }

        return known;
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
