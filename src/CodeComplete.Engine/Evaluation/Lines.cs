namespace CodeComplete.Engine.Evaluation;

/// <summary>Lines of a text as LSP counts them: they end at <c>\n</c>, <c>\r\n</c> or <c>\r</c>.</summary>
internal static class Lines
{
    public static int StartOf(string text, int offset) => text.AsSpan(0, offset).LastIndexOfAny('\r', '\n') + 1;

    /// <summary>The end of the line, before its line end.</summary>
    public static int EndOf(string text, int offset)
    {
        var length = text.AsSpan(offset).IndexOfAny('\r', '\n');
        return length < 0 ? text.Length : offset + length;
    }

    public static string RestOf(string text, int offset) => text[offset..EndOf(text, offset)].TrimEnd();

    public static string At(string text, int offset) => text[StartOf(text, offset)..EndOf(text, offset)];

    /// <summary>The first place of the line that is no blank; its end where there is none.</summary>
    public static int CodeStartOf(string text, int offset)
    {
        var (at, end) = (StartOf(text, offset), EndOf(text, offset));
        while (at < end && char.IsWhiteSpace(text[at]))
        {
            at++;
        }

        return at;
    }

    /// <summary>Where each line that is not blank begins.</summary>
    public static IEnumerable<int> WithCode(string text)
    {
        for (var start = 0; start < text.Length; start = NextOf(text, start))
        {
            if (!text.AsSpan(start, EndOf(text, start) - start).IsWhiteSpace())
            {
                yield return start;
            }
        }
    }

    /// <summary>Where the next line begins; behind the text's end where there is none.</summary>
    public static int NextOf(string text, int offset)
    {
        var end = EndOf(text, offset);
        return end + (end + 1 < text.Length && text[end] == '\r' && text[end + 1] == '\n' ? 2 : 1);
    }
}
