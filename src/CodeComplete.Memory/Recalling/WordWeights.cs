using CodeComplete.Memory.Snippets;

namespace CodeComplete.Memory.Recalling;

/// <summary>
/// What each word of a query is worth: its weight there times its inverse document frequency in the project. Scores text that is in no
/// index (the buffer at hand, an accepted line) by the same measure as the index scores what is in it.
/// </summary>
internal sealed class WordWeights
{
    private readonly Dictionary<(string Text, bool IsPart), double> _weights = [];
    private readonly double _total;

    /// <param name="known">Of the words that the index has; 0 for those that are too common to tell anything.</param>
    /// <param name="unknownFrequency">The inverse document frequency of a word that is nowhere in the index: a name that was just invented.</param>
    public WordWeights(
        IReadOnlyList<QueryWord> words,
        IReadOnlyDictionary<(string Text, bool IsPart), double> known,
        double unknownFrequency
    )
    {
        foreach (var word in words)
        {
            var weight = known.TryGetValue((word.Text, word.IsPart), out var found) ? found : word.Weight * unknownFrequency;
            if (weight > 0)
            {
                _weights[(word.Text, word.IsPart)] = weight;
            }
        }

        _total = _weights.Values.Sum();
    }

    /// <summary>The weights of all words together.</summary>
    public double Total => _total;

    /// <summary>The identifiers among them.</summary>
    public IEnumerable<string> Names => _weights.Keys.Where(static word => !word.IsPart).Select(static word => word.Text);

    public double Of(string word, bool isPart) => _weights.GetValueOrDefault((word, isPart));

    /// <summary>The share of the query's weight that stands in a text, from 0 to 1.</summary>
    public double Coverage(ReadOnlySpan<char> text)
    {
        var seen = new HashSet<(string, bool)>();
        double sum = 0;
        var scanner = new IdentifierScanner(text);
        while (scanner.MoveNext())
        {
            if (!SnippetCutter.Counts(scanner.Current))
            {
                continue;
            }

            var name = scanner.Current.ToString();
            if (!seen.Add((name, false)))
            {
                continue;
            }

            sum += Of(name, isPart: false);
            foreach (var part in NameParts.Of(name))
            {
                sum += seen.Add((part, true)) ? Of(part, isPart: true) : 0;
            }
        }

        return _total > 0 ? sum / _total : 0;
    }
}
