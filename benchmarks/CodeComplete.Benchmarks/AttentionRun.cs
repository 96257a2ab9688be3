using System.Globalization;
using CodeComplete.Engine;
using CodeComplete.Engine.Evaluation;
using CodeComplete.Engine.Explaining;

namespace CodeComplete.Benchmarks;

/// <summary>
/// <c>attention DIR[,DIR...] [CASES] [SEED]</c>: which layers' attention says what a piece of the prompt does? Snippets and lines of each prompt are ranked by
/// the fall of the suggestion's probability without them and by the attention that they get; Spearman's correlation of the two, its mean over the cases.
/// And of prompts with several snippets: the fall without the one that gets most attention from the layers that <c>explain</c> shows, and without another.
/// </summary>
internal static class AttentionRun
{
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        // By case, then by layer.
        var single = new List<IReadOnlyList<double>>();
        var ranges = new List<IReadOnlyList<double>>();
        var parts = new List<int>();
        var snippets = new List<(double Most, double Others)>();
        var layers = 0;
        var seed = await Evaluated.EachAsync(
            arguments,
            async evaluated =>
            {
                foreach (var made in evaluated.Cases)
                {
                    if (await AskAsync(evaluated, made) is not { Layers.Count: > 0 } looked)
                    {
                        continue;
                    }

                    layers = looked.Layers.Count;
                    var model = (await evaluated.Engine.WhenModelLoaded)!;
                    single.Add([.. looked.Layers.Select(layer => Agreement([layer]))]);
                    ranges.Add([.. Ranges(layers).Select(range => Agreement([.. looked.Layers.Take(range)]))]);
                    parts.Add(looked.Explanation.Prompt.Count(static part => part.Fall is not null));
                    var recalled = Shaded([.. looked.Layers.Take(Ranges(layers)[2])])
                        .Where(static part => part.Kind == ExplainedPartKind.Snippet)
                        .OrderByDescending(static part => part.Attention)
                        .Select(static part => part.Fall!.Value)
                        .ToList();
                    if (recalled.Count > 1)
                    {
                        snippets.Add((recalled[0], recalled.Skip(1).Average()));
                    }

                    List<ExplainedPart> Shaded(IReadOnlyList<float[]> of) =>
                        [
                            .. new AttentionShares(model.Tokenizer, looked.Prompt, of)
                                .Shade(looked.Explanation.Prompt)
                                .Where(static part => part.Fall is not null),
                        ];

                    double Agreement(IReadOnlyList<float[]> of)
                    {
                        var shaded = Shaded(of);
                        return Spearman(
                            [.. shaded.Select(static part => part.Fall!.Value)],
                            [.. shaded.Select(static part => part.Attention!.Value)]
                        );
                    }
                }
            }
        );
        Console.WriteLine($"{single.Count} suggestions, {parts.Average():0.0} pieces each");
        foreach (var (at, range) in Ranges(layers).Index())
        {
            Console.WriteLine(
                $"layers {range.Start.Value + 1, 2} to {range.End.Value, 2}: {Written([.. ranges.Select(of => of[at])], seed)}"
            );
        }

        if (snippets.Count > 0)
        {
            Console.WriteLine(
                $"{snippets.Count} prompts of several snippets, nats less: without the most attended {Written([.. snippets.Select(static of => of.Most)], seed)}, "
                    + $"without another {Written([.. snippets.Select(static of => of.Others)], seed)}, "
                    + $"more {Written([.. snippets.Select(static of => of.Most - of.Others)], seed)}, in {snippets.Count(static of => of.Most > of.Others)}"
            );
        }

        for (var layer = 0; layer < layers; layer++)
        {
            Console.WriteLine($"layer {layer + 1, 2}: {Written([.. single.Select(of => of[layer])], seed)}");
        }

        return 0;
    }

    private static Range[] Ranges(int layers) => [0..layers, 0..(layers / 3), (layers / 3)..(2 * layers / 3), (2 * layers / 3)..layers];

    private static async Task<Looked?> AskAsync(Evaluated evaluated, EvaluationCase made)
    {
        var (path, text) = await evaluated.Runner.ReadyAsync(made, CancellationToken.None);
        await using var blanking = await evaluated.Runner.BlankAsync(made, path, text, CancellationToken.None);
        var snapshot = evaluated.Engine.Workspace.Take(path)!;
        var at = snapshot.Text.Lines.GetLinePosition(made.Offset);
        var model = await evaluated.Engine.WhenModelLoaded ?? throw new CaseException("there is no model to ask");
        return await new Explainer(evaluated.Engine.Memories, model).LookAsync(
            snapshot,
            new GhostRequest(path, new Position(at.Line, at.Character), Invoked: true),
            made.Offset,
            withLines: true,
            CancellationToken.None
        );
    }

    private static double Spearman(double[] first, double[] second)
    {
        var (x, y) = (Ranks(first), Ranks(second));
        var (meanOfX, meanOfY) = (x.Average(), y.Average());
        var together = x.Zip(y, (a, b) => (a - meanOfX) * (b - meanOfY)).Sum();
        var apart = Math.Sqrt(x.Sum(a => (a - meanOfX) * (a - meanOfX)) * y.Sum(b => (b - meanOfY) * (b - meanOfY)));
        return apart > 0 ? together / apart : 0;
    }

    /// <summary>Equal values share the mean of their places.</summary>
    private static double[] Ranks(double[] values) =>
        [.. values.Select(value => values.Count(other => other < value) + ((values.Count(other => other == value) - 1) / 2.0))];

    private static string Written(IReadOnlyList<double> values, int seed)
    {
        var interval = Bootstrap.Mean(values, seed);
        return string.Create(CultureInfo.InvariantCulture, $"{interval.Mean:0.00} [{interval.Low:0.00}, {interval.High:0.00}]");
    }
}
