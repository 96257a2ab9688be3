using CodeComplete.Engine.Evaluation;
using CodeComplete.Memory;

namespace CodeComplete.Benchmarks;

/// <summary>
/// <c>recall DIR [CASES] [SEED]</c>: how often the names that a line needs stand in what the memory recalls for it within 300 tokens, by source,
/// before and after fusion, and how long that takes. In brackets the 95 % interval.
/// </summary>
internal static class RecallRun
{
    private const int Tokens = 300;

    private static readonly (string Name, ChainParts Parts)[] Ways =
    [
        ("all, gated", ChainParts.All),
        ("all", RecallWays.Ungated),
        ("BM25 windows alone", RecallWays.Bare(RecallSources.Lexical)),
        ("vectors alone", RecallWays.Bare(RecallSources.Vectors)),
        ("own file alone", RecallWays.Bare(RecallSources.OwnFile)),
        ("signatures alone", RecallWays.Bare(RecallSources.Signatures)),
        ("usages alone", RecallWays.Bare(RecallSources.Usages)),
        ("all but BM25", RecallWays.Without(RecallSources.Lexical)),
        ("all but vectors", RecallWays.Without(RecallSources.Vectors)),
        ("all but own file", RecallWays.Without(RecallSources.OwnFile)),
        ("all but signatures", RecallWays.Without(RecallSources.Signatures)),
        ("all but usages", RecallWays.Without(RecallSources.Usages)),
    ];

    public static async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        await using var evaluated = await Evaluated.StartAsync(arguments);
        var recalls = new List<IReadOnlyList<CaseRecall>>();
        foreach (var made in evaluated.Cases)
        {
            recalls.Add(
                await evaluated.Runner.RecallAsync(made, Tokens, [.. Ways.Select(static way => way.Parts)], CancellationToken.None)
            );
        }

        Console.WriteLine(
            $"{"", -20} {"own names, all, %", 22} {"own names, share, %", 22} {"unseen, all, %", 22} {"any name, share, %", 22} {"tokens", 6} {"p50", 6} {"p95", 6}"
        );
        foreach (var (at, way) in Ways.Index())
        {
            var of = recalls.Select(recall => recall[at]).ToList();
            var times = of.Select(recall => recall.Milliseconds).ToList();
            Console.WriteLine(
                $"{way.Name, -20} {All(of, r => r.ProjectNames), 22} {Share(of, r => r.ProjectNames), 22} {All(of, r => r.UnseenNames), 22} {Share(of, r => r.Names), 22} {of.Average(r => r.Tokens), 6:0} {Percentile.Of(times, 0.5), 6:0.0} {Percentile.Of(times, 0.95), 6:0.0}"
            );
        }

        Console.WriteLine();
        var withoutUsages = Ways.Index().Single(static way => way.Item.Name == "all but usages").Index;
        foreach (var kind in recalls.GroupBy(r => r[0].Kind, StringComparer.Ordinal).OrderBy(kind => kind.Key, StringComparer.Ordinal))
        {
            var of = kind.Select(static r => r[0]).ToList();
            var without = kind.Select(r => r[withoutUsages]).ToList();
            Console.WriteLine(
                $"{kind.Key, -20} {All(of, r => r.ProjectNames), 22} {Share(of, r => r.ProjectNames), 22}   without usages {All(without, r => r.ProjectNames), 22} ({of.Count} cases)"
            );
        }

        return 0;

        string All(IEnumerable<CaseRecall> of, Func<CaseRecall, IReadOnlyList<string>> names) =>
            evaluated.Percent(Shares(of, names).Select(share => share >= 1 ? 1.0 : 0.0));

        string Share(IEnumerable<CaseRecall> of, Func<CaseRecall, IReadOnlyList<string>> names) => evaluated.Percent(Shares(of, names));

        IEnumerable<double> Shares(IEnumerable<CaseRecall> of, Func<CaseRecall, IReadOnlyList<string>> names) =>
            of.Select(recall => recall.ShareOf(names(recall))).OfType<double>();
    }
}
