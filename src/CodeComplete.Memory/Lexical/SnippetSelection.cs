using System.Text;
using CodeComplete.Memory.Snippets;

namespace CodeComplete.Memory.Lexical;

/// <summary>Chooses among what the index found: the best ones that fit the budget and do not repeat each other.</summary>
internal static class SnippetSelection
{
    /// <summary>So many of the best are looked at; more only where everything repeats itself.</summary>
    public const int Candidates = 200;

    private const int MostOfOneFile = 2;

    /// <summary>Two snippets with a larger share of equal lines are the same one.</summary>
    private const double LargestShare = 0.8;

    /// <summary>After so many that did not fit, what is left of the budget is taken to be too small; asking for a cost may be slow.</summary>
    private const int MostMisfits = 4;

    private const int NamesInReason = 3;

    /// <param name="textOf">The cleaned text of a file, UTF-8; <see langword="null"/> where it cannot be had any more.</param>
    public static List<Snippet> Choose(LexicalMatches matches, RecallQuery query, Func<RememberedFile, byte[]?> textOf)
    {
        var chosen = new List<Snippet>(query.MaxSnippets);
        var places = new List<Place>(query.MaxSnippets);
        long spent = 0;
        var misfits = 0;
        foreach (var candidate in matches.Candidates)
        {
            if (chosen.Count >= query.MaxSnippets || misfits >= MostMisfits)
            {
                break;
            }

            if (textOf(candidate.File) is not { } bytes)
            {
                continue;
            }

            var text = Encoding.UTF8.GetString(bytes.AsSpan(candidate.Span.Offset, candidate.Span.Length));
            var place = new Place(candidate.File.Path, candidate.Span, Lines(text));
            if (places.Exists(place.Repeats) || places.Count(other => other.Path == place.Path) >= MostOfOneFile)
            {
                continue;
            }

            var snippet = new Snippet(place.Path, candidate.Span.StartLine, text, candidate.Score, Reason(text, matches.Weights));
            var cost = query.Cost?.Invoke(snippet) ?? 0;
            if (spent + cost > query.Budget)
            {
                misfits++;
                continue;
            }

            spent += cost;
            chosen.Add(snippet);
            places.Add(place);
        }

        return chosen;
    }

    // Braces and blank lines are alike everywhere.
    private static HashSet<string> Lines(string text) =>
        [.. text.Split('\n', StringSplitOptions.TrimEntries).Where(static line => line.Length > 2)];

    private static string Reason(string text, IReadOnlyDictionary<(string, bool), double> weights)
    {
        var shared = new Dictionary<string, double>(StringComparer.Ordinal);
        var sharedParts = new Dictionary<string, double>(StringComparer.Ordinal);
        var scanner = new IdentifierScanner(text);
        while (scanner.MoveNext())
        {
            if (!SnippetCutter.Counts(scanner.Current))
            {
                continue;
            }

            var name = scanner.Current.ToString();
            if (weights.TryGetValue((name, false), out var weight))
            {
                shared[name] = weight;
            }

            foreach (var part in NameParts.Of(name))
            {
                if (weights.TryGetValue((part, true), out weight))
                {
                    sharedParts[part] = weight;
                }
            }
        }

        return shared.Count > 0 ? "shares " + Heaviest(shared) : "shares the words " + Heaviest(sharedParts);
    }

    private static string Heaviest(Dictionary<string, double> weights) =>
        string.Join(
            ", ",
            weights
                .OrderByDescending(static word => word.Value)
                .ThenBy(static word => word.Key, StringComparer.Ordinal)
                .Take(NamesInReason)
                .Select(static word => word.Key)
        );

    private sealed record Place(string Path, SnippetSpan Span, HashSet<string> Lines)
    {
        public bool Repeats(Place other)
        {
            if (Path == other.Path && Span.StartLine < other.Span.EndLine && other.Span.StartLine < Span.EndLine)
            {
                return true;
            }

            var smaller = Math.Min(Lines.Count, other.Lines.Count);
            return smaller == 0 || Lines.Count(other.Lines.Contains) > LargestShare * smaller;
        }
    }
}
