using CodeComplete.Engine.Evaluation;

namespace CodeComplete.Benchmarks;

/// <summary>
/// <c>recall DIR [CASES] [SEED]</c>: how often the names that a line needs stand in what the memory recalls for it within 300 tokens, and how
/// long that takes. In brackets the 95 % interval.
/// </summary>
internal static class RecallRun
{
    private const int Tokens = 300;

    public static async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        await using var evaluated = await Evaluated.StartAsync(arguments);
        var recalls = new List<CaseRecall>();
        foreach (var made in evaluated.Cases)
        {
            recalls.Add(await evaluated.Runner.RecallAsync(made, Tokens, ChainParts.All, CancellationToken.None));
        }

        Console.WriteLine($"{"", -22} {"cases", 6}  {"all names there, %", 22}  {"share of the names, %", 22}");
        Print("project's own names", recalls, recall => recall.ProjectNames);
        Print("  not in the document", recalls, recall => recall.UnseenNames);
        Print("any name", recalls, recall => recall.Names);
        foreach (
            var kind in recalls.GroupBy(recall => recall.Kind, StringComparer.Ordinal).OrderBy(kind => kind.Key, StringComparer.Ordinal)
        )
        {
            Print("  own, " + kind.Key, [.. kind], recall => recall.ProjectNames);
        }

        var times = recalls.Select(recall => recall.Milliseconds).ToList();
        Console.WriteLine(
            $"recall p50 {Evaluated.Percentile(times, 0.5):0.00} ms, p95 {Evaluated.Percentile(times, 0.95):0.00} ms; {recalls.Average(recall => recall.Tokens):0} of {Tokens} tokens used on average"
        );
        return 0;

        void Print(string what, IReadOnlyList<CaseRecall> of, Func<CaseRecall, IReadOnlyList<string>> names)
        {
            var shares = of.Select(recall => recall.ShareOf(names(recall))).OfType<double>().ToList();
            var all = evaluated.Percent(shares.Select(share => share >= 1 ? 1.0 : 0.0));
            Console.WriteLine($"{what, -22} {shares.Count, 6}  {all, 22}  {evaluated.Percent(shares), 22}");
        }
    }
}
