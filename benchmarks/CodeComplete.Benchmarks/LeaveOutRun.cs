using System.Text.Json;
using CodeComplete.Engine;
using CodeComplete.Engine.Evaluation;
using CodeComplete.Engine.Explaining;

namespace CodeComplete.Benchmarks;

/// <summary>
/// <c>leave-out DIR[,DIR...] [CASES] [SEED] [--out FILE]</c>: is recall's order that of use to the model? Each snippet is left out in turn, and what the
/// line's probability falls by is compared: of the one ranked first, of the others of the same prompt.
/// </summary>
internal static class LeaveOutRun
{
    /// <summary>A snippet of a case.</summary>
    /// <param name="Written">The fall of what stood there.</param>
    /// <param name="Suggested">The fall of what the model writes; <see langword="null"/> where nothing is shown.</param>
    private sealed record Line(
        string Folder,
        string Case,
        string Kind,
        int Rank,
        string Sources,
        double Score,
        int Length,
        double Written,
        double? Suggested
    );

    public static async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        var plain = arguments.TakeWhile(argument => !argument.StartsWith("--", StringComparison.Ordinal)).ToList();
        var file = arguments.SkipWhile(argument => argument != "--out").Skip(1).FirstOrDefault();
        var cases = new List<IReadOnlyList<Line>>();
        var seed = await Evaluated.EachAsync(
            plain,
            async evaluated =>
            {
                foreach (var made in evaluated.Cases)
                {
                    cases.Add(await AskAsync(evaluated, made));
                    if (file is not null)
                    {
                        await File.AppendAllLinesAsync(file, cases[^1].Select(line => JsonSerializer.Serialize(line)));
                    }
                }
            }
        );
        var several = cases.Where(static of => of.Count > 1).ToList();
        Console.WriteLine(
            $"{several.Count} of {cases.Count} prompts have more than one snippet, {several.Average(static of => of.Count):0.0} each"
        );
        Report("what stood there", several, static line => line.Written);
        Report("what is suggested", [.. several.Where(static of => of[0].Suggested is not null)], static line => line.Suggested!.Value);
        return 0;

        void Report(string title, IReadOnlyList<IReadOnlyList<Line>> of, Func<Line, double> fall)
        {
            var first = of.Select(lines => fall(lines[0])).ToList();
            var others = of.Select(lines => lines.Skip(1).Average(fall)).ToList();
            Console.WriteLine(
                $"{title}, {of.Count} cases: without the first {Written(first)} nats less, without another {Written(others)}; the first above another by {Written([.. first.Zip(others, static (f, o) => f - o)])}"
            );
        }

        string Written(IReadOnlyList<double> values)
        {
            var interval = Bootstrap.Mean(values, seed);
            return string.Create(
                System.Globalization.CultureInfo.InvariantCulture,
                $"{interval.Mean:0.00} [{interval.Low:0.00}, {interval.High:0.00}]"
            );
        }
    }

    private static async Task<IReadOnlyList<Line>> AskAsync(Evaluated evaluated, EvaluationCase made)
    {
        var (path, text) = await evaluated.Runner.ReadyAsync(made, CancellationToken.None);
        await using var blanking = await evaluated.Runner.BlankAsync(made, path, text, CancellationToken.None);
        var snapshot = evaluated.Engine.Workspace.Take(path)!;
        var at = snapshot.Text.Lines.GetLinePosition(made.Offset);
        var answer = await evaluated.Engine.CompleteInlineAsync(
            new GhostRequest(path, new Position(at.Line, at.Character), Invoked: true) { Parts = new ChainParts { Multiline = false } },
            CancellationToken.None
        );
        var model = await evaluated.Engine.WhenModelLoaded ?? throw new CaseException("there is no model to ask");
        var texts = answer.Ghost is { } ghost ? new[] { made.Wanted, ghost.Text } : [made.Wanted];
        var falls = await new Explainer(evaluated.Engine.Memories, model).SnippetFallsAsync(
            snapshot,
            made.Offset,
            texts,
            CancellationToken.None
        );
        return
        [
            .. falls
                .Index()
                .Select(of => new Line(
                    evaluated.Name,
                    made.Id,
                    made.Kind,
                    of.Index,
                    of.Item.Snippet.Sources.ToString(),
                    of.Item.Snippet.Score,
                    of.Item.Snippet.Text.Length,
                    of.Item.Falls[0],
                    of.Item.Falls.Count > 1 ? of.Item.Falls[1] : null
                )),
        ];
    }
}
