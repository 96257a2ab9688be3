namespace CodeComplete.Memory.Recalling;

/// <summary>What the symbol graph gives: the signatures of the types at hand, and how others use the member at hand.</summary>
internal sealed class SymbolSources(SymbolGraph graph, Func<string, int, int, string?> linesOf)
{
    private const int MostTypes = 4;
    private const int SignatureLines = 12;

    // Each is a file to open; the best of so many is good enough.
    private const int MostUses = 12;
    private const int LinesBeforeUse = 5;
    private const int UseLines = 8;
    private const int SiblingLines = 10;

    /// <returns>In the order of <see cref="RecallQuery.Types"/>.</returns>
    public List<Hit> Signatures(RecallQuery query, WordWeights weights)
    {
        var hits = new List<Hit>();
        foreach (var type in query.Types.Distinct(StringComparer.Ordinal).Take(MostTypes))
        {
            if (SignatureSnippet.Build(graph, type, weights.Names, SignatureLines, query.Path) is not { } signature)
            {
                continue;
            }

            var hit = new Hit
            {
                Source = RecallSources.Signatures,
                Path = signature.Path,
                StartLine = signature.Line,
                Lines = signature.Text.AsSpan().Count('\n') + 1,
                Text = () => signature.Text,
                Reason = $"what {NameOf(type)} can do",
            };
            if (!IsShownAnyway(hit, query))
            {
                hits.Add(hit);
            }
        }

        return hits;
    }

    /// <returns>The uses whose surroundings are most like the query first; none in the file itself.</returns>
    public List<Hit> Usages(RecallQuery query, WordWeights weights)
    {
        var places = query
            .Members.SelectMany(member => Uses(graph.Usages(member, MostUses), "uses " + NameOf(member)))
            .Concat(query.Bases.SelectMany(Siblings))
            .Concat(query.Types.Take(1).SelectMany(type => Uses(graph.UsagesOfMembersOf(type, MostUses), "uses " + NameOf(type))))
            .Where(place => !WorkspacePath.Comparer.Equals(place.Path, query.Path))
            .DistinctBy(static place => (place.Path, place.First))
            .Take(MostUses);
        var hits = new List<Hit>();
        foreach (var (path, first, lines, reason) in places)
        {
            if (linesOf(path, first, lines) is { Length: > 0 } text)
            {
                hits.Add(
                    new Hit
                    {
                        Source = RecallSources.Usages,
                        Path = path,
                        StartLine = first,
                        Lines = text.AsSpan().Count('\n') + 1,
                        Text = () => text,
                        Reason = reason,
                        Coverage = weights.Coverage(text),
                    }
                );
            }
        }

        return [.. hits.OrderByDescending(static hit => hit.Coverage).ThenBy(static hit => hit.Path, StringComparer.Ordinal)];
    }

    private static IEnumerable<Place> Uses(IEnumerable<SymbolUse> uses, string reason) =>
        uses.Select(use => new Place(use.Path, Math.Max(0, use.Line - LinesBeforeUse), UseLines, reason));

    private IEnumerable<Place> Siblings(string member) =>
        graph
            .Implementations(member, MostUses)
            .Select(place => new Place(
                place.Path,
                place.Node.FirstLine,
                Math.Min(SiblingLines, place.Node.LastLine - place.Node.FirstLine + 1),
                "another " + NameOf(member)
            ));

    private readonly record struct Place(string Path, int First, int Lines, string Reason);

    private static bool IsShownAnyway(Hit hit, RecallQuery query) =>
        WorkspacePath.Comparer.Equals(hit.Path, query.Path)
        && (query.OwnText is null || (hit.StartLine < query.OwnLines.End && query.OwnLines.First < hit.EndLine));

    // M:Clinic.Money.Add(Clinic.Money) -> Add
    private static string NameOf(string id)
    {
        var name = id.AsSpan(0, id.IndexOf('(') is var end and >= 0 ? end : id.Length);
        name = name[(name.LastIndexOfAny('.', ':') + 1)..];
        return name[..(name.IndexOf('`') is var tick and >= 0 ? tick : name.Length)].ToString();
    }
}
