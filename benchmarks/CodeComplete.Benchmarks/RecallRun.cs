using CodeComplete.Engine.Evaluation;
using CodeComplete.Memory;

namespace CodeComplete.Benchmarks;

/// <summary>
/// <c>recall DIR[,DIR...] [CASES] [SEED]</c>: how often the names that a line needs stand in what the memory recalls for it within 300 tokens, by
/// source, before and after fusion, what each source brings to all the others by kind of place, and how long that takes. In brackets the 95 % interval.
/// </summary>
internal static class RecallRun
{
    private const int Tokens = 300;

    /// <summary>The first is what the others are compared with.</summary>
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
        ("all and usages", RecallWays.With(RecallSources.Usages)),
    ];

    /// <summary>A part less, or one more.</summary>
    private static readonly string[] Others =
    [
        "all",
        "all but BM25",
        "all but vectors",
        "all but own file",
        "all but signatures",
        "all and usages",
    ];

    public static async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        var recalls = new List<IReadOnlyList<CaseRecall>>();
        var seed = await Evaluated.EachAsync(
            arguments,
            async evaluated =>
            {
                foreach (var made in evaluated.Cases)
                {
                    recalls.Add(
                        await evaluated.Runner.RecallAsync(made, Tokens, [.. Ways.Select(static way => way.Parts)], CancellationToken.None)
                    );
                }
            }
        );

        Console.WriteLine(
            $"{"", -20} {"own names, all, %", 22} {"own names, share, %", 22} {"unseen, all, %", 22} {"any name, share, %", 22} {"tokens", 6} {"p50", 6} {"p95", 6}"
        );
        foreach (var (at, way) in Ways.Index())
        {
            var of = recalls.Select(recall => recall[at]).ToList();
            var times = of.Select(recall => recall.Milliseconds).ToList();
            Console.WriteLine(
                $"{way.Name, -20} {Evaluated.Percent(All(of, r => r.ProjectNames), seed), 22} {Evaluated.Percent(Share(of, r => r.ProjectNames), seed), 22} {Evaluated.Percent(All(of, r => r.UnseenNames), seed), 22} {Evaluated.Percent(Share(of, r => r.Names), seed), 22} {of.Average(r => r.Tokens), 6:0} {Percentile.Of(times, 0.5), 6:0.0} {Percentile.Of(times, 0.95), 6:0.0}"
            );
        }

        Console.WriteLine();
        Console.WriteLine("How far 'all, gated' is above the others ('all' has no gate), own names, all, in points:");
        var kinds = recalls
            .GroupBy(static r => r[0].Kind, StringComparer.Ordinal)
            .OrderBy(kind => kind.Key, StringComparer.Ordinal)
            .ToList();
        Console.WriteLine(
            $"{"", -20} {$"{recalls.Count} cases", 20} {string.Join(' ', kinds.Select(static kind => $"{$"{kind.Key} ({kind.Count()})", 20}"))}"
        );
        foreach (var name in Others)
        {
            var at = Ways.Index().Single(way => way.Item.Name == name).Index;
            Console.WriteLine($"{name, -20} {Brings(recalls), 20} {string.Join(' ', kinds.Select(kind => $"{Brings([.. kind]), 20}"))}");

            string Brings(IReadOnlyList<IReadOnlyList<CaseRecall>> of) =>
                Evaluated.PercentDifference(
                    All(of.Select(static r => r[0]), r => r.ProjectNames),
                    All(of.Select(r => r[at]), r => r.ProjectNames),
                    seed
                );
        }

        return 0;
    }

    private static IReadOnlyList<Portion> All(IEnumerable<CaseRecall> of, Func<CaseRecall, IReadOnlyList<string>> names) =>
        Portions(of, names, static share => share >= 1 ? 1 : 0);

    private static IReadOnlyList<Portion> Share(IEnumerable<CaseRecall> of, Func<CaseRecall, IReadOnlyList<string>> names) =>
        Portions(of, names, static share => share);

    /// <summary>A case without such names does not count.</summary>
    private static IReadOnlyList<Portion> Portions(
        IEnumerable<CaseRecall> of,
        Func<CaseRecall, IReadOnlyList<string>> names,
        Func<double, double> value
    ) => [.. of.Select(recall => recall.ShareOf(names(recall)) is { } share ? new Portion(value(share), 1) : default)];
}
