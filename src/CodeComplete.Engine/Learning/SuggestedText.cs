namespace CodeComplete.Engine.Learning;

/// <summary>Compares what was suggested with what was written in its place; both with plain line ends.</summary>
internal static class SuggestedText
{
    public static string WithPlainLineEnds(string text) => text.ReplaceLineEndings("\n");

    /// <returns>How many characters of the suggestion are written there.</returns>
    public static int Standing(string suggested, string written) => suggested.AsSpan().CommonPrefixLength(written);

    /// <summary>What is written is the suggestion's beginning and no more than closers that an editor adds by itself.</summary>
    /// <param name="standing">What <see cref="Standing"/> says.</param>
    public static bool IsAlong(string written, int standing)
    {
        var rest = written.AsSpan(standing);
        return rest.IsEmpty || (standing > 0 && rest.Trim(")]}>\"'").IsEmpty);
    }

    /// <summary>The written beginning of the suggestion, cut back to where a word ends in both; empty where not one word is whole.</summary>
    public static string WholeWords(string suggested, string written, int standing)
    {
        var end = standing;
        if (GoesOn(suggested, end) || GoesOn(written, end))
        {
            while (end > 0 && IsWord(suggested[end - 1]))
            {
                end--;
            }
        }

        var part = suggested.AsSpan(0, end).TrimEnd();
        foreach (var c in part)
        {
            if (IsWord(c))
            {
                return part.ToString();
            }
        }

        return "";

        static bool GoesOn(string text, int at) => at > 0 && at < text.Length && IsWord(text[at - 1]) && IsWord(text[at]);
    }

    /// <summary>What is written begins with the suggestion, but for white space: a formatter changes that.</summary>
    public static bool IsSameButForBlanks(string suggested, string written) =>
        WithoutBlanks(written).StartsWith(WithoutBlanks(suggested), StringComparison.Ordinal);

    private static string WithoutBlanks(string text) => string.Concat(text.Where(static c => !char.IsWhiteSpace(c)));

    private static bool IsWord(char c) => char.IsLetterOrDigit(c) || c == '_';
}
