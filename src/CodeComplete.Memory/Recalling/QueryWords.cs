using CodeComplete.Memory.Snippets;

namespace CodeComplete.Memory.Recalling;

/// <summary>A word that is looked for, and how much it counts.</summary>
internal readonly record struct QueryWord(string Text, bool IsPart, double Weight);

/// <summary>What a query looks for: the identifiers of the code around the cursor and their parts. The nearer the cursor's line, the more weight.</summary>
internal static class QueryWords
{
    // Only the end is read, should a caller give a whole file.
    private const int LongestText = 8192;

    /// <summary>So many lines above the cursor's line an identifier counts half.</summary>
    private const double HalfWeightLines = 4;

    /// <summary>A name that stands everywhere in the query is still one name.</summary>
    private const double LargestWeight = 2;

    /// <summary>Parts find <c>invoiceLines</c> where <c>InvoiceLine</c> is meant, but a whole name that agrees is better evidence.</summary>
    private const double PartWeight = 0.3;

    public static List<QueryWord> Of(string text)
    {
        var end = text.AsSpan(Math.Max(0, text.Length - LongestText));
        var cursorLine = end.Count('\n');
        var weights = new Dictionary<string, double>(StringComparer.Ordinal);
        var scanner = new IdentifierScanner(end);
        while (scanner.MoveNext())
        {
            if (SnippetCutter.Counts(scanner.Current))
            {
                var weight = HalfWeightLines / (HalfWeightLines + cursorLine - scanner.Line);
                var name = scanner.Current.ToString();
                weights[name] = Math.Min(LargestWeight, weights.GetValueOrDefault(name) + weight);
            }
        }

        var parts = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var (name, weight) in weights)
        {
            foreach (var part in NameParts.Of(name))
            {
                parts[part] = Math.Min(LargestWeight, parts.GetValueOrDefault(part) + weight);
            }
        }

        var words = new List<QueryWord>(weights.Count + parts.Count);
        words.AddRange(weights.Select(name => new QueryWord(name.Key, IsPart: false, name.Value)));
        words.AddRange(parts.Select(part => new QueryWord(part.Key, IsPart: true, part.Value * PartWeight)));
        return words;
    }
}
