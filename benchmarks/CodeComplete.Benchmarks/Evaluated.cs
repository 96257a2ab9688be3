using System.Globalization;
using CodeComplete.Engine;
using CodeComplete.Engine.Evaluation;
using CodeComplete.Testing;

namespace CodeComplete.Benchmarks;

/// <summary>An engine on a folder, with a memory of its own, and the cases drawn from it: what <c>recall</c> and <c>ablation</c> have in common.</summary>
internal sealed class Evaluated : IAsyncDisposable
{
    private static readonly TimeSpan LongestStart = TimeSpan.FromMinutes(10);

    private readonly EvaluatedFolder _folder;

    private Evaluated(string root, int seed)
    {
        Seed = seed;
        _folder = EvaluatedFolder.Start(
            new EvaluatedFolderOptions
            {
                Folder = root,
                Settings = EngineSettings.Default with { Provider = "cpu" },
                Timeout = LongestStart,
            }
        );
    }

    public CaseRunner Runner => _folder.Runner;

    public int Seed { get; }

    public IReadOnlyList<EvaluationCase> Cases { get; private set; } = [];

    /// <param name="arguments">DIR [CASES] [SEED]</param>
    public static async Task<Evaluated> StartAsync(IReadOnlyList<string> arguments)
    {
        var root = Path.GetFullPath(arguments.Count > 0 ? arguments[0] : Product.Sample);
        var count = arguments.Count > 1 ? int.Parse(arguments[1], CultureInfo.InvariantCulture) : 100;
        var evaluated = new Evaluated(root, arguments.Count > 2 ? int.Parse(arguments[2], CultureInfo.InvariantCulture) : 1);
        evaluated.Cases = await evaluated._folder.CasesAsync(
            new CaseSelection { Count = count, Seed = evaluated.Seed },
            CancellationToken.None
        );
        Console.WriteLine(
            $"{evaluated.Cases.Count} cases in {evaluated.Cases.Select(made => made.File).Distinct(StringComparer.Ordinal).Count()} files of {root}, seed {evaluated.Seed}"
        );
        return evaluated;
    }

    /// <summary>A mean of shares with its interval, in percent.</summary>
    public string Percent(IEnumerable<double> shares)
    {
        double[] values = [.. shares];
        return values.Length == 0 ? "-" : Written(Bootstrap.Mean(values, Seed));
    }

    /// <summary>A metric of these results with its interval, in percent.</summary>
    public string Percent(Metric metric, IReadOnlyList<CaseResult> results) =>
        Bootstrap.Ratio([.. results.Select(metric.Of)], Seed) is { } interval ? Written(interval) : "-";

    public string PercentDifference(Metric metric, IReadOnlyList<CaseResult> with, IReadOnlyList<CaseResult> without) =>
        Bootstrap.Difference([.. with.Select(metric.Of)], [.. without.Select(metric.Of)], Seed) is { } interval ? Written(interval) : "-";

    public ValueTask DisposeAsync() => _folder.DisposeAsync();

    /// <summary>A mean with its interval, in percent.</summary>
    public static string Written(Interval interval) =>
        string.Create(CultureInfo.InvariantCulture, $"{100 * interval.Mean:0.0} [{100 * interval.Low:0.0}, {100 * interval.High:0.0}]");
}
