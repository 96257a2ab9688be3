using CodeComplete.Memory.Snippets;

namespace CodeComplete.Memory.Recalling;

/// <summary>Chooses among what was found: the best that fit the budget, are worth it and do not repeat each other.</summary>
internal static class SnippetSelection
{
    private const int MostOfOneFile = 2;

    /// <summary>Two snippets with a larger share of equal lines are the same one.</summary>
    private const double LargestShare = 0.8;

    /// <summary>After so many that did not fit, what is left of the budget is taken to be too small; asking for a cost may be slow.</summary>
    private const int MostMisfits = 4;

    private const int NamesInReason = 3;

    /// <param name="weights">Of the query's words: for the reasons.</param>
    public static List<Snippet> Choose(IReadOnlyList<Fusion.Fused> found, WordWeights weights, RecallQuery query)
    {
        var chosen = new List<Snippet>(query.MaxSnippets);
        var places = new List<Place>(query.MaxSnippets);
        long spent = 0;
        var misfits = 0;
        foreach (var (hit, sources, score, reasons) in found)
        {
            if (chosen.Count >= query.MaxSnippets || misfits >= MostMisfits)
            {
                break;
            }

            if (
                places.Exists(place => place.Hit.Overlaps(hit))
                || places.Count(place => WorkspacePath.Comparer.Equals(place.Hit.Path, hit.Path)) >= MostOfOneFile
                || hit.Text() is not { } text
            )
            {
                continue;
            }

            var lines = Lines(text);
            if (places.Exists(place => place.Repeats(lines)))
            {
                continue;
            }

            var why = string.Join("; ", reasons.Prepend(Shared(text, weights)).Where(static reason => reason is not null));
            var snippet = new Snippet(hit.Path, hit.StartLine, text, score, why, sources);
            var cost = query.Cost?.Invoke(snippet) ?? 0;
            if (spent + cost > query.Budget)
            {
                misfits++;
                continue;
            }

            spent += cost;
            chosen.Add(snippet);
            places.Add(new Place(hit, lines));
        }

        return chosen;
    }

    // Braces and blank lines are alike everywhere.
    private static HashSet<string> Lines(string text) =>
        [.. text.Split('\n', StringSplitOptions.TrimEntries).Where(static line => line.Length > 2)];

    private static string? Shared(string text, WordWeights weights)
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
            if (weights.Of(name, isPart: false) is > 0 and var weight)
            {
                shared[name] = weight;
            }

            foreach (var part in NameParts.Of(name))
            {
                if (weights.Of(part, isPart: true) is > 0 and var partWeight)
                {
                    sharedParts[part] = partWeight;
                }
            }
        }

        return shared.Count > 0 ? "shares " + Heaviest(shared)
            : sharedParts.Count > 0 ? "shares the words " + Heaviest(sharedParts)
            : null;
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

    private sealed record Place(Hit Hit, HashSet<string> Lines)
    {
        public bool Repeats(HashSet<string> other)
        {
            var smaller = Math.Min(Lines.Count, other.Count);
            return smaller == 0 || Lines.Count(other.Contains) > LargestShare * smaller;
        }
    }
}
