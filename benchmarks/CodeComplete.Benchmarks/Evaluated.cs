using System.Globalization;
using CodeComplete.Engine;
using CodeComplete.Engine.Evaluation;
using CodeComplete.Testing;

namespace CodeComplete.Benchmarks;

/// <summary>
/// An engine on a folder, with a memory of its own, and the cases drawn from it: what <c>recall</c> and <c>ablation</c> have in common. Several
/// folders, with commas between, are one pool of cases, as many from each.
/// </summary>
internal sealed class Evaluated : IAsyncDisposable
{
    private static readonly TimeSpan LongestStart = TimeSpan.FromMinutes(10);

    private readonly EvaluatedFolder _folder;

    private Evaluated(string root)
    {
        Root = root;
        Name = Path.GetFileName(Path.TrimEndingDirectorySeparator(root));
        _folder = Start(root);
    }

    public CaseRunner Runner => _folder.Runner;

    public CompletionEngine Engine => _folder.Engine;

    /// <summary>The folder, absolute.</summary>
    public string Root { get; }

    /// <summary>The folder's own.</summary>
    public string Name { get; }

    public IReadOnlyList<EvaluationCase> Cases { get; private set; } = [];

    /// <summary>An engine on a folder, on the CPU, with a memory of its own.</summary>
    /// <param name="root">Absolute.</param>
    public static EvaluatedFolder Start(string root) =>
        EvaluatedFolder.Start(
            new EvaluatedFolderOptions
            {
                Folder = root,
                Settings = EngineSettings.Default with { Provider = "cpu" },
                Timeout = LongestStart,
            }
        );

    /// <summary>Folder after folder, so that two engines never share the machine.</summary>
    /// <param name="arguments">DIR[,DIR...] [CASES] [SEED]; the cases are those of each folder.</param>
    /// <param name="run">What to do with each.</param>
    /// <param name="kinds">Of the cases; <see langword="null"/>: <see cref="CaseKinds.Default"/>.</param>
    /// <returns>The seed.</returns>
    public static async Task<int> EachAsync(IReadOnlyList<string> arguments, Func<Evaluated, Task> run, IReadOnlyList<string>? kinds = null)
    {
        var count = arguments.Count > 1 ? int.Parse(arguments[1], CultureInfo.InvariantCulture) : 100;
        var seed = arguments.Count > 2 ? int.Parse(arguments[2], CultureInfo.InvariantCulture) : 1;
        foreach (var folder in arguments.Count > 0 ? arguments[0].Split(',') : [Product.Sample])
        {
            var root = Path.GetFullPath(folder);
            await using var evaluated = new Evaluated(root);
            evaluated.Cases = await evaluated._folder.CasesAsync(
                new CaseSelection
                {
                    Count = count,
                    Seed = seed,
                    Kinds = kinds ?? CaseKinds.Default,
                },
                CancellationToken.None
            );
            Console.WriteLine(
                $"{evaluated.Cases.Count} cases in {evaluated.Cases.Select(made => made.File).Distinct(StringComparer.Ordinal).Count()} files of {root}, seed {seed}"
            );
            await run(evaluated);
        }

        return seed;
    }

    public ValueTask DisposeAsync() => _folder.DisposeAsync();

    /// <summary>A ratio with its interval, in percent.</summary>
    public static string Percent(IReadOnlyList<Portion> portions, int seed) =>
        Bootstrap.Ratio(portions, seed) is { } interval ? Written(interval) : "-";

    /// <summary>What is above in <paramref name="with"/>, in points of percent, with its interval; both have the same cases in the same order.</summary>
    public static string PercentDifference(IReadOnlyList<Portion> with, IReadOnlyList<Portion> without, int seed) =>
        Bootstrap.Difference(with, without, seed) is { } interval ? Written(interval) : "-";

    /// <summary>In percent.</summary>
    public static string Written(Interval interval) =>
        string.Create(CultureInfo.InvariantCulture, $"{100 * interval.Mean:0.0} [{100 * interval.Low:0.0}, {100 * interval.High:0.0}]");
}
