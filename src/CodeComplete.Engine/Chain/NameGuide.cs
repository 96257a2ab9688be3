using CodeComplete.Analysis;
using CodeComplete.Transformer;

namespace CodeComplete.Engine.Chain;

/// <summary>
/// Lets the decoder write only names that the compiler knows at their places (monitor-guided decoding, arXiv 2306.10763). It translates
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

    /// <summary>Has the names in scope looked up; for a thread that nobody waits for, while the prompt is read.</summary>
    public void Prepare()
    {
        lock (_gate)
        {
            cursor.PrepareNames();
        }
    }

    private VisibleNames? Names(string after)
    {
        // The same name as at the last call: only its beginning has grown.
        var stem = after[..^IdentifierLength(after)];
        if (!IsName(after, stem.Length))
        {
            return null;
        }

        if (stem != _askedFor)
        {
            (_askedFor, _known) = (stem, cursor.NamesAfter(stem));
        }

        return _known;
    }

    /// <summary>
    /// Whether nothing but a name can stand behind the stem. After a <c>.</c> that is so before its first character; elsewhere a name is one when it has begun.
    /// </summary>
    private bool IsName(string after, int start) =>
        start > 0 && after[start - 1] == '.'
        || start == 0 && (cursor.Context.Kind is PlaceKind.MemberAccess or PlaceKind.Using || cursor.Context.TypedName.Length > 0)
        || start < after.Length && (char.IsLetter(after[start]) || after[start] == '_') && (start == 0 || after[start - 1] != '@');

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
