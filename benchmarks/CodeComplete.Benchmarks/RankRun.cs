using System.Text.RegularExpressions;
using CodeComplete.Analysis;
using CodeComplete.Engine;
using CodeComplete.Engine.Evaluation;

namespace CodeComplete.Benchmarks;

/// <summary>
/// <c>rank DIR[,DIR...] [CASES] [SEED]</c>: where in the list does the written member stand, right after a dot with nothing typed of it? In our order, in
/// Roslyn's (what it would select first, then by name), and in Roslyn's with the names used most in the folder's code before the others.
/// </summary>
internal static partial class RankRun
{
    private enum Order
    {
        Ours,
        Roslyn,
        RoslynWithUses,
    }

    private static readonly int[] Depths = [1, 3, 5];

    public static async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        // Where the name stands, from 1; null where it is not in the list.
        var ranks = new List<IReadOnlyDictionary<Order, int?>>();
        var seed = await Evaluated.EachAsync(arguments, RunFolderAsync, [CaseKinds.AfterDot]);
        Console.WriteLine($"{ranks.Count} members after a dot");
        foreach (var depth in Depths)
        {
            foreach (var order in Enum.GetValues<Order>())
            {
                Console.WriteLine(
                    $"recall@{depth} {order, -15} {Evaluated.Percent(Of(order), seed), 20}; ours has more: {Evaluated.PercentDifference(Of(Order.Ours), Of(order), seed)}"
                );
            }

            IReadOnlyList<Portion> Of(Order order) => [.. ranks.Select(rank => new Portion(rank[order] <= depth ? 1 : 0, 1))];
        }

        return 0;

        async Task RunFolderAsync(Evaluated evaluated)
        {
            var uses = UsesIn(evaluated.Root);
            foreach (var made in evaluated.Cases)
            {
                var (path, text) = await evaluated.Runner.ReadyAsync(made, CancellationToken.None);
                await using var blanking = await evaluated.Runner.BlankAsync(made, path, text, CancellationToken.None);
                ranks.Add(await RankAsync(evaluated.Engine, made, path, uses));
            }
        }
    }

    private static async Task<IReadOnlyDictionary<Order, int?>> RankAsync(
        CompletionEngine engine,
        EvaluationCase made,
        string path,
        Dictionary<string, int> uses
    )
    {
        var name = Word().Match(made.Groundtruth).Value;
        var taken = Word().Matches(made.Groundtruth).CountBy(static match => match.Value).ToDictionary();
        var snapshot = engine.Workspace.Take(path)!;
        var at = snapshot.Text.Lines.GetLinePosition(made.Offset);
        var answer = await engine.CompleteListAsync(
            new ListRequest(path, new Position(at.Line, at.Character), '.', WaitForStars: true),
            CancellationToken.None
        );
        var listed = await ItemLister.ListAsync(snapshot, made.Offset, '.', CancellationToken.None);
        // What is not imported comes last in every order.
        var items = listed.Items.OrderBy(static item => item.IsComplex).ThenByDescending(static item => item.MatchPriority > 0).ToList();
        return new Dictionary<Order, int?>
        {
            [Order.Ours] = PlaceOf(
                name,
                answer.Items.OrderBy(static item => item.SortText, StringComparer.Ordinal).Select(static item => item.InsertText)
            ),
            [Order.Roslyn] = PlaceOf(name, items.Select(static item => item.InsertText)),
            [Order.RoslynWithUses] = PlaceOf(
                name,
                items
                    .OrderBy(static item => item.IsComplex)
                    .ThenByDescending(item => uses.GetValueOrDefault(item.InsertText) - taken.GetValueOrDefault(item.InsertText))
                    .Select(static item => item.InsertText)
            ),
        };
    }

    private static int? PlaceOf(string name, IEnumerable<string> names)
    {
        var at = names.Distinct(StringComparer.Ordinal).ToList().IndexOf(name);
        return at < 0 ? null : at + 1;
    }

    /// <summary>How often each word stands in the folder's code.</summary>
    private static Dictionary<string, int> UsesIn(string root) =>
        Directory
            .EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
            .Where(static file => !file.Split(Path.DirectorySeparatorChar).Any(static part => part is "obj" or "bin"))
            .SelectMany(static file => Word().Matches(File.ReadAllText(file)))
            .CountBy(static match => match.Value, StringComparer.Ordinal)
            .ToDictionary(StringComparer.Ordinal);

    [GeneratedRegex(@"[A-Za-z_]\w*", RegexOptions.None, 10_000)]
    private static partial Regex Word();
}
