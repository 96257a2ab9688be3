using System.Diagnostics;
using System.Globalization;
using CodeComplete.Analysis;
using CodeComplete.Engine;
using CodeComplete.Engine.Evaluation;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CodeComplete.Benchmarks;

/// <summary>
/// <c>blocks DIR[,DIR...] [CASES] [SEED]</c>: places that ask for more than a line. A method's body of two to eight lines is taken out and asked for
/// between its braces, then with the braces gone at the signature's end; the lines below a comment are taken out and asked for. Document and memory are
/// without them. Asked by hand, so no limit of time has a say.
/// </summary>
internal static class BlockRun
{
    private const int MostLines = 8;
    private const int MostCommented = 5;

    private enum Kind
    {
        /// <summary>Between the braces of an empty body.</summary>
        Body,

        /// <summary>At the end of a signature, the braces are to be written too.</summary>
        Signature,

        /// <summary>On the line below a comment.</summary>
        Comment,
    }

    /// <param name="Start">Where what is taken out begins, in UTF-16 units: the cursor.</param>
    /// <param name="End">Where it ends.</param>
    private sealed record Place(Kind Kind, string Path, string Text, int Start, int End)
    {
        public string Wanted => Text[Start..End];
    }

    private sealed record Result(Place Place, GhostAnswer Answer, double Milliseconds, CompileFinding? Finding)
    {
        public List<string> Written => LinesOf(Answer.Ghost?.Text ?? "");

        /// <summary>So many lines from the first are what stood there; at a signature the first is the rest of its own, empty line.</summary>
        public int Right => Written.Zip(LinesOf(Place.Wanted)).TakeWhile(static pair => pair.First == pair.Second).Count();

        public bool IsExact => Written.SequenceEqual(LinesOf(Place.Wanted));
    }

    public static async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        var count = arguments.Count > 1 ? int.Parse(arguments[1], CultureInfo.InvariantCulture) : 40;
        var seed = arguments.Count > 2 ? int.Parse(arguments[2], CultureInfo.InvariantCulture) : 1;
        var results = new List<Result>();
        foreach (var folder in arguments[0].Split(','))
        {
            var root = Path.GetFullPath(folder);
            await using var evaluated = Evaluated.Start(root);
            await evaluated.ReadAsync(CancellationToken.None);
            foreach (var place in Draw(root, count, seed))
            {
                results.Add(await AskAsync(evaluated.Engine, place));
                if (arguments.Contains("--show"))
                {
                    Show(results[^1]);
                }
            }
        }

        Report(results, seed);
        return 0;
    }

    private static async Task<Result> AskAsync(CompletionEngine engine, Place place)
    {
        var original = engine.Workspace.Take(place.Path)!;
        engine.Open(place.Path, 1, place.Text.Remove(place.Start, place.End - place.Start));
        engine.Memories.TakeIn(place.Path);
        await engine.ReadAllAsync(CancellationToken.None);
        var row = place.Text.AsSpan(0, place.Start).Count('\n');
        var column = place.Start - (place.Text.AsSpan(0, place.Start).LastIndexOf('\n') + 1);
        var began = Stopwatch.GetTimestamp();
        var answer = await engine.CompleteInlineAsync(
            new GhostRequest(place.Path, new Position(row, column), Invoked: true),
            CancellationToken.None
        );
        var took = Stopwatch.GetElapsedTime(began);
        engine.Close(place.Path);
        await engine.Settled;
        await engine.ReadAllAsync(CancellationToken.None);
        var finding = answer.Ghost is { } ghost
            ? await CompileCheck.ReplacedAsync(original, place.Start, place.End, ghost.Text, CancellationToken.None)
            : null;
        return new Result(place, answer, took.TotalMilliseconds, finding);
    }

    /// <summary>Seeded, one of each kind a file at most; what stands in another file as well is left out.</summary>
    private static IEnumerable<Place> Draw(string root, int count, int seed)
    {
        var random = new Random(seed);
        string[] files =
        [
            .. Directory
                .EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
                .Where(static file => !file.Split(Path.DirectorySeparatorChar).Any(static part => part is "obj" or "bin"))
                .Order(StringComparer.Ordinal),
        ];
        var texts = files.ToDictionary(static file => file, File.ReadAllText);
        random.Shuffle(files);
        var (bodies, comments) = (0, 0);
        foreach (var file in files)
        {
            var text = texts[file];
            if (bodies < count && Pick(Bodies(text)) is { } body && IsAlone(file, text[body.Range]))
            {
                bodies++;
                yield return new Place(Kind.Body, file, text, body.Range.Start.Value, body.Range.End.Value);
                yield return new Place(Kind.Signature, file, text, body.Signature, body.Brace);
            }

            if (comments < count && Pick(Commented(text)) is { } code && IsAlone(file, text[code]))
            {
                comments++;
                yield return new Place(Kind.Comment, file, text, code.Start.Value, code.End.Value);
            }
        }

        T? Pick<T>(List<T> found)
            where T : struct => found.Count > 0 ? found[random.Next(found.Count)] : null;

        bool IsAlone(string file, string code) =>
            !texts.Any(other => other.Key != file && other.Value.Contains(code, StringComparison.Ordinal));
    }

    private static void Report(List<Result> all, int seed)
    {
        foreach (var kind in Enum.GetValues<Kind>())
        {
            var results = all.FindAll(result => result.Place.Kind == kind);
            var shown = results.FindAll(static result => result.Answer.Ghost is not null);
            if (shown.Count == 0)
            {
                continue;
            }

            var lines = shown.Sum(static result => result.Written.Count);
            var judged = shown.FindAll(static result => result.Finding is { Compiles: not null });
            Print(
                $"{kind}: {results.Count} places; shown {Share(results, static result => result.Answer.Ghost is not null)}, in {(double)lines / shown.Count:0.0} lines (there stood {shown.Average(static result => LinesOf(result.Place.Wanted).Count):0.0})"
            );
            Print(
                $"  of the shown: all lines right {Share(shown, static result => result.Right == result.Written.Count)}, the first {Share(shown, static result => result.Right > 0)}, all that stood there {Share(shown, static result => result.IsExact)}; of {lines} lines right {100.0 * shown.Sum(static result => result.Right) / lines:0.0} %"
            );
            Print(
                $"  compile {Share(judged, static result => result.Finding!.Compiles == true)}, bring no error {Share(judged, static result => result.Finding!.BringsNoError == true)} of {judged.Count} that can be judged; ms p50 {Percentile.Of(results.ConvertAll(static result => result.Milliseconds), 0.5):0}, p95 {Percentile.Of(results.ConvertAll(static result => result.Milliseconds), 0.95):0}"
            );

            string Share(List<Result> of, Func<Result, bool> holds) =>
                Evaluated.Percent([.. of.Select(result => new Portion(holds(result) ? 1 : 0, 1))], seed);
        }

        static void Print(FormattableString line) => Console.WriteLine(FormattableString.Invariant(line));
    }

    private static void Show(Result result)
    {
        Console.WriteLine($"=== {result.Place.Kind} {Path.GetFileName(result.Place.Path)}; right {result.Right} of {result.Written.Count}");
        var start = result.Place.Text.LastIndexOf('\n', Math.Max(0, result.Place.Start - 2)) + 1;
        Console.WriteLine(result.Place.Text[start..result.Place.Start] + "»" + (result.Answer.Ghost?.Text ?? $"({result.Answer.Why})"));
        Console.WriteLine($"--- there stood ({string.Join("; ", result.Finding?.NewErrors ?? [])})");
        Console.WriteLine(result.Place.Wanted);
    }

    private static List<string> LinesOf(string text) =>
        [.. text.ReplaceLineEndings("\n").TrimEnd().Split('\n').Select(static line => line.TrimEnd())];

    /// <summary>Of each method whose braces stand on lines of their own: the lines between them, where its signature ends, and its last brace.</summary>
    private static List<(Range Range, int Signature, int Brace)> Bodies(string text) =>
        [
            .. CSharpSyntaxTree
                .ParseText(text)
                .GetRoot()
                .DescendantNodes()
                .OfType<BaseMethodDeclarationSyntax>()
                .Where(static method => method.Body is { Statements.Count: > 0 })
                .Select(method => (method.Body!, Signature: method.Body!.OpenBraceToken.GetPreviousToken().Span.End))
                .Select(method =>
                    (
                        Range: method.Item1.Statements[0].SpanStart..(method.Item1.Statements[^1].Span.End),
                        method.Signature,
                        Brace: method.Item1.CloseBraceToken.Span.End
                    )
                )
                .Where(method =>
                    text[method.Signature..method.Range.Start].Count(static c => c == '\n') == 2
                    && text[method.Range].Count(static c => c == '\n') is > 0 and < MostLines
                    && text[method.Range.End..method.Brace].Count(static c => c == '\n') == 1
                ),
        ];

    /// <summary>The statements below a comment on a line of its own, each a line, up to a line that is empty or closes the block.</summary>
    private static List<Range> Commented(string text)
    {
        var found = new List<Range>();
        foreach (var block in CSharpSyntaxTree.ParseText(text).GetRoot().DescendantNodes().OfType<BlockSyntax>())
        {
            for (var first = 0; first < block.Statements.Count; first++)
            {
                var last = first;
                while (last + 1 < block.Statements.Count && !IsParagraph(block.Statements[last + 1]))
                {
                    last++;
                }

                var range = block.Statements[first].SpanStart..block.Statements[last].Span.End;
                if (
                    block.Statements[first].GetLeadingTrivia().Any(static trivia => trivia.IsKind(SyntaxKind.SingleLineCommentTrivia))
                    && text[range].Count(static c => c == '\n') < MostCommented
                )
                {
                    found.Add(range);
                }

                first = last;
            }
        }

        return found;
    }

    private static bool IsParagraph(StatementSyntax statement) =>
        statement
            .GetLeadingTrivia()
            .Any(static trivia => trivia.IsKind(SyntaxKind.EndOfLineTrivia) || trivia.IsKind(SyntaxKind.SingleLineCommentTrivia));
}
