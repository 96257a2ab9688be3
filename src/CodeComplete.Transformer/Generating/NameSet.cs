using System.Globalization;
using System.Runtime.CompilerServices;

namespace CodeComplete.Transformer;

/// <summary>Names sorted once, so that whether a text begins or completes one of ten thousand takes a few comparisons.</summary>
internal sealed class NameSet
{
    private static readonly ConditionalWeakTable<IReadOnlyCollection<string>, NameSet> Known = [];

    private readonly string[] _sorted;

    private NameSet(IReadOnlyCollection<string> names)
    {
        _sorted = [.. names];
        Array.Sort(_sorted, StringComparer.Ordinal);
    }

    /// <summary>The set of a collection, made at its first use.</summary>
    public static NameSet Of(IReadOnlyCollection<string> names) => Known.GetValue(names, static n => new NameSet(n));

    /// <summary>Whether the text begins a name, or is one and goes on with what is no identifier character.</summary>
    public bool Allows(ReadOnlySpan<char> text)
    {
        var at = LowerBound(text);
        if (at < _sorted.Length && _sorted[at].AsSpan().StartsWith(text, StringComparison.Ordinal))
        {
            return true;
        }

        return Completes(text);
    }

    /// <summary>
    /// The same where the first bytes of one more character follow: a name must go on with a character that begins with them.
    /// </summary>
    public bool Allows(ReadOnlySpan<char> text, ReadOnlySpan<byte> cut)
    {
        if (cut.IsEmpty)
        {
            return Allows(text);
        }

        if (Completes(text))
        {
            return true;
        }

        if (Utf8Text.CharactersBeginningWith(cut) is not var (first, last))
        {
            return false;
        }

        var at = LowerBound(string.Concat(text, [first]));
        return at < _sorted.Length
            && _sorted[at].Length > text.Length
            && _sorted[at].AsSpan().StartsWith(text, StringComparison.Ordinal)
            && _sorted[at][text.Length] <= last;
    }

    /// <summary>Whether the text may end here: a whole name is written.</summary>
    public bool AllowsEnd(ReadOnlySpan<char> text) => Contains(text) || Completes(text);

    /// <summary>The characters of C#'s identifiers after the first one; other languages' differ in little.</summary>
    public static bool IsIdentifierPart(char c) =>
        char.IsAscii(c)
            ? char.IsAsciiLetterOrDigit(c) || c == '_'
            : char.IsLetterOrDigit(c)
                || char.GetUnicodeCategory(c)
                    is UnicodeCategory.LetterNumber
                        or UnicodeCategory.NonSpacingMark
                        or UnicodeCategory.SpacingCombiningMark
                        or UnicodeCategory.ConnectorPunctuation
                        or UnicodeCategory.Format;

    /// <summary>Whether the text is a name that goes on with what is no identifier character.</summary>
    private bool Completes(ReadOnlySpan<char> text)
    {
        for (var end = 1; end < text.Length; end++)
        {
            if (!IsIdentifierPart(text[end]) && Contains(text[..end]))
            {
                return true;
            }
        }

        return false;
    }

    private bool Contains(ReadOnlySpan<char> text)
    {
        var at = LowerBound(text);
        return at < _sorted.Length && text.SequenceEqual(_sorted[at]);
    }

    private int LowerBound(ReadOnlySpan<char> text)
    {
        int low = 0,
            high = _sorted.Length;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_sorted[middle].AsSpan().SequenceCompareTo(text) < 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
