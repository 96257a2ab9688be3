using System.Text.Json;
using CodeComplete.Engine.Evaluation;
using CodeComplete.Memory;

namespace CodeComplete.Benchmarks;

/// <summary>
/// <c>ablation DIR[,DIR...] [CASES] [SEED] [--configs a,b] [--out FILE]</c>: the same cases with parts of the chain left out. Each result is written as
/// it comes, one JSON line; a run that finds its file goes on where that ends, so remove it when the code has changed.
/// </summary>
internal static class AblationRun
{
    /// <summary>The first is what the others are compared with.</summary>
    private static readonly Dictionary<string, ChainParts> Configurations = new(StringComparer.Ordinal)
    {
        ["full"] = ChainParts.All,
        ["no-recall"] = new() { Recall = false },
        ["recall-once"] = new() { SecondRecall = false },
        ["bm25"] = RecallWays.Only(RecallSources.Lexical),
        ["bm25-and-own-file"] = RecallWays.Only(RecallSources.Lexical | RecallSources.OwnFile),
        ["no-lexical"] = RecallWays.Without(RecallSources.Lexical),
        ["no-vectors"] = RecallWays.Without(RecallSources.Vectors),
        ["no-own-file"] = RecallWays.Without(RecallSources.OwnFile),
        ["no-signatures"] = RecallWays.Without(RecallSources.Signatures),
        ["usages-too"] = RecallWays.With(RecallSources.Usages),
        ["no-gate"] = RecallWays.Ungated,
        ["gate-40"] = RecallWays.Gated(0.4),
        ["gate-60"] = RecallWays.Gated(0.6),
        ["gate-80"] = RecallWays.Gated(0.8),
        ["no-suffix"] = new() { Suffix = false },
        // A query of its own, since an answer for another budget may have been kept.
        ["256-tokens"] = new() { PromptTokens = 256, Query = static query => query },
        ["512-tokens"] = new() { PromptTokens = 512, Query = static query => query },
        ["1024-tokens"] = new() { PromptTokens = 1024, Query = static query => query },
        ["no-guides"] = new() { Guides = false },
        ["single-lines"] = new() { Multiline = false },
        ["no-verification"] = new() { Verification = false },
        ["model-alone"] = new()
        {
            Recall = false,
            Guides = false,
            Verification = false,
        },
    };

    // What a list shows is not asked for here.
    private static readonly IReadOnlyList<Metric> Measured =
    [
        Metric.ExactMatch,
        Metric.EditSimilarity,
        Metric.IdentifierF1,
        Metric.Shown,
        Metric.Compiles,
    ];

    private sealed record Line(string Configuration, string Folder, CaseResult Result);

    public static async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        var plain = arguments.TakeWhile(argument => !argument.StartsWith("--", StringComparison.Ordinal)).ToList();
        var names = Option("--configs")?.Split(',') ?? [.. Configurations.Keys];
        if (names.FirstOrDefault(name => !Configurations.ContainsKey(name)) is { } unknown)
        {
            Console.WriteLine($"There is no configuration '{unknown}', only {string.Join(", ", Configurations.Keys)}.");
            return 2;
        }

        var file = Path.GetFullPath(
            Option("--out") ?? Path.Combine("artifacts", $"ablation-{Path.GetFileName(plain.FirstOrDefault("sample").TrimEnd('/'))}.jsonl")
        );
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        var done = Read(file);
        Console.WriteLine($"{done.Count} results are there already in {file}");
        var cases = new List<(string Folder, string Id)>();
        await using var output = new StreamWriter(file, append: true) { AutoFlush = true };
        var seed = await Evaluated.EachAsync(plain, RunFolderAsync);
        Report(names, seed, name => [.. cases.Select(made => done[(name, made.Folder, made.Id)])]);
        return 0;

        async Task RunFolderAsync(Evaluated evaluated)
        {
            // Case by case, so that what is there of an unfinished run can be compared.
            foreach (var (number, made) in evaluated.Cases.Index())
            {
                cases.Add((evaluated.Name, made.Id));

                // In turn each is the first at a place: what the compiler has bound for it, the next finds.
                var first = number % names.Length;
                var missing = names[first..]
                    .Concat(names[..first])
                    .Where(name => !done.ContainsKey((name, evaluated.Name, made.Id)))
                    .ToList();
                if (missing.Count == 0)
                {
                    continue;
                }

                var results = await evaluated.Runner.RunAsync(
                    made,
                    [.. missing.Select(name => Configurations[name])],
                    CancellationToken.None
                );
                foreach (var (name, result) in missing.Zip(results))
                {
                    done[(name, evaluated.Name, made.Id)] = result;
                    await output.WriteLineAsync(
                        JsonSerializer.Serialize(new Line(name, evaluated.Name, result), JsonSerializerOptions.Web)
                    );
                }
            }
        }

        string? Option(string name) => arguments.SkipWhile(argument => argument != name).Skip(1).FirstOrDefault();
    }

    private static void Report(string[] names, int seed, Func<string, IReadOnlyList<CaseResult>> resultsOf)
    {
        Console.WriteLine(
            $"{"", -16} {string.Join(' ', Measured.Select(metric => $"{metric.Title + ", %", 30}"))} {"ms p50", 7} {"p95", 7}"
        );
        foreach (var name in names)
        {
            var times = resultsOf(name).Select(result => result.Ms).ToList();
            Console.WriteLine(
                $"{name, -16} {string.Join(' ', Measured.Select(metric => $"{Evaluated.Percent(Of(name, metric), seed), 30}"))} {Percentile.Of(times, 0.5), 7:0} {Percentile.Of(times, 0.95), 7:0}"
            );
        }

        foreach (var name in names.Skip(1))
        {
            var differences = Measured.Select(metric =>
                $"{metric.Title} {Evaluated.PercentDifference(Of(names[0], metric), Of(name, metric), seed)}"
            );
            Console.WriteLine($"{names[0]} minus {name}: {string.Join(", ", differences)}");
        }

        IReadOnlyList<Portion> Of(string name, Metric metric) => [.. resultsOf(name).Select(metric.Of)];
    }

    private static Dictionary<(string Configuration, string Folder, string Case), CaseResult> Read(string file)
    {
        var done = new Dictionary<(string, string, string), CaseResult>();
        if (!File.Exists(file))
        {
            return done;
        }

        var text = File.ReadAllText(file);
        var whole = text[..(text.LastIndexOf('\n') + 1)];
        if (whole.Length < text.Length)
        {
            // The run before was killed in the middle of a line.
            File.WriteAllText(file, whole);
        }

        foreach (var line in whole.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var read = JsonSerializer.Deserialize<Line>(line, JsonSerializerOptions.Web)!;
            done[(read.Configuration, read.Folder, read.Result.Id)] = read.Result;
        }

        return done;
    }
}
