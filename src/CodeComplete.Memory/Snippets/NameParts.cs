namespace CodeComplete.Memory.Snippets;

/// <summary>The words inside an identifier: <c>XmlInvoice_lineCount</c> is made of xml, invoice, line and count.</summary>
internal static class NameParts
{
    private const int ShortestPart = 3;

    /// <summary>The different parts, lower-cased; without numbers, very short parts and those that say nothing.</summary>
    public static string[] Of(string name)
    {
        var parts = new List<string>(4);
        var start = 0;
        for (var i = 1; i <= name.Length; i++)
        {
            if (i == name.Length || IsBoundary(name, i))
            {
                Add(parts, name.AsSpan(start, i - start));
                start = i;
            }
        }

        return [.. parts];
    }

    private static bool IsBoundary(string name, int i)
    {
        char before = name[i - 1],
            c = name[i];
        return before == '_'
            || c == '_'
            || (char.IsUpper(c) && !char.IsUpper(before))
            // The last capital of a run begins the next word: XMLReader is xml, reader.
            || (char.IsUpper(c) && char.IsUpper(before) && i + 1 < name.Length && char.IsLower(name[i + 1]))
            || char.IsDigit(c) != char.IsDigit(before);
    }

    private static void Add(List<string> parts, ReadOnlySpan<char> part)
    {
        if (part.Length < ShortestPart || char.IsDigit(part[0]))
        {
            return;
        }

        var word = part.ToString().ToLowerInvariant();
        if (!StopWords.IsPart(word) && !parts.Contains(word))
        {
            parts.Add(word);
        }
    }
}
