namespace CodeComplete.Memory.Snippets;

/// <summary>
/// Tells keys from names by what random letters have and words do not: letters spread evenly, and kinds of letters (upper case, lower case, digit)
/// that change at every other place.
/// </summary>
internal static class RandomText
{
    // A key in hexadecimal has at least 128 bits; sixteen random digits of it come to some 3.3 bits a letter, names and counted numbers to less.
    private const int ShortestHexadecimal = 32;
    private const double LeastHexadecimalEntropy = 3;

    // Twenty random letters of base64 come to 4.1 bits a letter; long names of many words come near that as well.
    private const double LeastEntropy = 3.7;

    // Of random letters of base64 six of ten places, of words in camel case three.
    private const double LeastChanges = 0.42;

    /// <summary>Is it a key rather than a name? A GUID is a name: it tells things apart and opens nothing.</summary>
    /// <param name="literal">At least twenty letters of base64, base64url or hexadecimal.</param>
    public static bool Is(ReadOnlySpan<char> literal)
    {
        if (Guid.TryParse(literal, out _) && literal.Contains('-'))
        {
            return false;
        }

        bool hasUpper = literal.ContainsAnyInRange('A', 'Z'),
            hasLower = literal.ContainsAnyInRange('a', 'z'),
            hasDigit = literal.ContainsAnyInRange('0', '9');
        return IsHexadecimal(literal)
            ? literal.Length >= ShortestHexadecimal && hasDigit && (hasUpper || hasLower) && Entropy(literal) >= LeastHexadecimalEntropy
            : hasUpper
                && hasLower
                && hasDigit
                && Entropy(literal) >= LeastEntropy
                && Changes(literal) >= LeastChanges * (literal.Length - 1);
    }

    /// <summary>Shannon's, of the letters taken one by one, in bits.</summary>
    public static double Entropy(ReadOnlySpan<char> text)
    {
        Span<int> counts = stackalloc int[128];
        foreach (var letter in text)
        {
            counts[letter & 127]++;
        }

        var entropy = 0.0;
        foreach (var count in counts)
        {
            entropy -= count == 0 ? 0 : (double)count / text.Length * Math.Log2((double)count / text.Length);
        }

        return entropy;
    }

    private static bool IsHexadecimal(ReadOnlySpan<char> text) => text.IndexOfAnyExcept(HexadecimalDigits) < 0;

    private static readonly System.Buffers.SearchValues<char> HexadecimalDigits = System.Buffers.SearchValues.Create(
        "0123456789abcdefABCDEF"
    );

    private static int Changes(ReadOnlySpan<char> text)
    {
        var changes = 0;
        for (var i = 1; i < text.Length; i++)
        {
            changes += Kind(text[i]) == Kind(text[i - 1]) ? 0 : 1;
        }

        return changes;
    }

    private static int Kind(char letter) =>
        char.IsAsciiDigit(letter) ? 0
        : char.IsAsciiLetterUpper(letter) ? 1
        : char.IsAsciiLetterLower(letter) ? 2
        : 3;
}
