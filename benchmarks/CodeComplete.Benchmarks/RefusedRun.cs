using CodeComplete.Analysis;
using CodeComplete.Engine.Chain;
using CodeComplete.Engine.Evaluation;

namespace CodeComplete.Benchmarks;

/// <summary>
/// <c>refused DIR[,DIR...] [CASES] [SEED]</c>: do verification and the guide let through what is right? They are asked of the lines that stood at the cases'
/// places, which compile: a refused one could not have been shown, and one that has a name which the guide forbids not been written. No model is asked.
/// </summary>
internal static class RefusedRun
{
    /// <param name="Number">In its file, from 1.</param>
    /// <param name="Forbidden">The first of its names that the guide would not have let the model write.</param>
    private sealed record Line(string Kind, int Number, string Wanted, Verdict Verdict, string? Forbidden)
    {
        public bool IsRefused => Verdict.Text.Length == 0;
    }

    public static async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        var lines = new List<Line>();
        var seed = await Evaluated.EachAsync(
            arguments,
            async evaluated =>
            {
                foreach (var made in evaluated.Cases)
                {
                    var line = await AskAsync(evaluated, made);
                    lines.Add(line);
                    if (line.IsRefused || line.Verdict.WasCut || line.Forbidden is not null)
                    {
                        Console.WriteLine($"{made.File}({line.Number}) {line.Kind}: {line.Wanted}");
                    }

                    if (line.Forbidden is { } name)
                    {
                        Console.WriteLine($"    the guide forbids '{name}'");
                    }

                    if (line.IsRefused || line.Verdict.WasCut)
                    {
                        Console.WriteLine($"    {(line.IsRefused ? "refused" : $"cut to '{line.Verdict.Text}'")}: {line.Verdict.Error}");
                    }
                }
            }
        );
        Report("all", lines);
        foreach (var kind in lines.GroupBy(static line => line.Kind).OrderBy(static kind => kind.Key, StringComparer.Ordinal))
        {
            Report(kind.Key, [.. kind]);
        }

        return 0;

        void Report(string title, IReadOnlyList<Line> of) =>
            Console.WriteLine(
                $"{title, -16} {of.Count, 5}: compile {Share(of, static line => line.Verdict is { Verified: true, WasCut: false })}, cannot be judged {Share(of, static line => line is { IsRefused: false, Verdict: { Verified: null, WasCut: false } })}, cut {Share(of, static line => !line.IsRefused && line.Verdict.WasCut)}, refused {Share(of, static line => line.IsRefused)}; a name forbidden {Share(of, static line => line.Forbidden is not null)}"
            );

        string Share(IReadOnlyList<Line> of, Func<Line, bool> counts) =>
            Evaluated.Percent([.. of.Select(line => new Portion(counts(line) ? 1 : 0, 1))], seed);
    }

    private static async Task<Line> AskAsync(Evaluated evaluated, EvaluationCase made)
    {
        var (path, text) = await evaluated.Runner.ReadyAsync(made, CancellationToken.None);
        await using var blanking = await evaluated.Runner.BlankAsync(made, path, text, CancellationToken.None);
        var snapshot = evaluated.Engine.Workspace.Take(path)!;
        var number = snapshot.Text.Lines.GetLinePosition(made.Offset).Line + 1;
        var cursor = await CursorAnalysis.AtAsync(snapshot, made.Offset, CancellationToken.None);
        return new Line(
            made.Kind,
            number,
            made.Wanted,
            Verifier.Verify(cursor, made.Wanted, CancellationToken.None),
            FirstForbidden(cursor, made.Wanted)
        );
    }

    private static string? FirstForbidden(CursorAnalysis cursor, string wanted)
    {
        var typed = cursor.Context.TypedName;
        var guide = new NameGuide(cursor, typed);
        var written = typed + wanted;
        for (var end = typed.Length + 1; end <= written.Length; end++)
        {
            if (IsWord(written[end - 1]) && (end == written.Length || !IsWord(written[end])) && guide.Next(written[..end]) is { } guidance)
            {
                var name = written[Math.Max(0, guidance.Start)..end];
                if (!guidance.Names.Contains(name))
                {
                    return name;
                }
            }
        }

        return null;

        static bool IsWord(char c) => char.IsLetterOrDigit(c) || c == '_';
    }
}
