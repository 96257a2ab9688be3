namespace CodeComplete.Memory.Indexing;

/// <summary>Matches one name against one segment of a pattern: <c>*</c>, <c>?</c>, <c>[a-z]</c>, <c>[!a-z]</c>, <c>[[:alpha:]]</c> and <c>\</c>.</summary>
internal static class SegmentGlob
{
    public static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name, bool ignoreCase)
    {
        int p = 0,
            n = 0,
            afterStar = -1,
            nAfterStar = 0;
        while (n < name.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                afterStar = ++p;
                nAfterStar = n;
            }
            else if (p < pattern.Length && MatchesOne(pattern[p..], name[n], ignoreCase, out var length))
            {
                p += length;
                n++;
            }
            else if (afterStar >= 0)
            {
                p = afterStar;
                n = ++nAfterStar;
            }
            else
            {
                return false;
            }
        }

        return pattern[p..].IndexOfAnyExcept('*') < 0;
    }

    // Matches one character against the element that the pattern begins with; `length` is that element's.
    private static bool MatchesOne(ReadOnlySpan<char> pattern, char c, bool ignoreCase, out int length)
    {
        length = 1;
        switch (pattern[0])
        {
            case '?':
                return true;
            case '[':
                return MatchesSet(pattern, c, ignoreCase, out length);
            case '\\' when pattern.Length > 1:
                length = 2;
                return Same(pattern[1], c, ignoreCase);
            default:
                return Same(pattern[0], c, ignoreCase);
        }
    }

    private static bool Same(char a, char b, bool ignoreCase) =>
        a == b || (ignoreCase && char.ToUpperInvariant(a) == char.ToUpperInvariant(b));

    // A set that is not closed matches nothing, as in git.
    private static bool MatchesSet(ReadOnlySpan<char> pattern, char c, bool ignoreCase, out int length)
    {
        var at = 1;
        var negated = at < pattern.Length && pattern[at] is '!' or '^';
        at += negated ? 1 : 0;
        var found = false;
        for (var first = true; at < pattern.Length; first = false)
        {
            if (pattern[at] == ']' && !first)
            {
                length = at + 1;
                return found != negated;
            }

            if (pattern[at..].StartsWith("[:") && pattern[at..].IndexOf(":]") is > 1 and var end)
            {
                found |= IsInClass(pattern.Slice(at + 2, end - 2), c);
                at += end + 2;
                continue;
            }

            var low = Literal(pattern, ref at);
            var high = low;
            if (at + 1 < pattern.Length && pattern[at] == '-' && pattern[at + 1] != ']')
            {
                at++;
                high = Literal(pattern, ref at);
            }

            found |=
                IsBetween(c, low, high)
                || (ignoreCase && (IsBetween(char.ToLowerInvariant(c), low, high) || IsBetween(char.ToUpperInvariant(c), low, high)));
        }

        length = pattern.Length;
        return false;
    }

    private static bool IsBetween(char c, char low, char high) => c >= low && c <= high;

    private static char Literal(ReadOnlySpan<char> pattern, ref int at)
    {
        at += pattern[at] == '\\' && at + 1 < pattern.Length ? 2 : 1;
        return pattern[at - 1];
    }

    private static bool IsInClass(ReadOnlySpan<char> name, char c) =>
        name switch
        {
            "alnum" => char.IsAsciiLetterOrDigit(c),
            "alpha" => char.IsAsciiLetter(c),
            "blank" => c is ' ' or '\t',
            "cntrl" => char.IsControl(c),
            "digit" => char.IsAsciiDigit(c),
            "graph" => c is > ' ' and < '\x7f',
            "lower" => char.IsAsciiLetterLower(c),
            "print" => c is >= ' ' and < '\x7f',
            "punct" => char.IsAscii(c) && (char.IsPunctuation(c) || char.IsSymbol(c)),
            "space" => char.IsWhiteSpace(c),
            "upper" => char.IsAsciiLetterUpper(c),
            "xdigit" => char.IsAsciiHexDigit(c),
            _ => false,
        };
}
