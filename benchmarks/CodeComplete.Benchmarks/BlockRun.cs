using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using CodeComplete.Analysis;
using CodeComplete.Engine;
using CodeComplete.Engine.Evaluation;

namespace CodeComplete.Benchmarks;

/// <summary>
/// <c>blocks DIR[,DIR...] [CASES] [SEED]</c>: places that ask for more than a line. A method's body of two to eight lines is taken out and asked for
/// between its braces, then with the braces gone at the signature's end; the lines below a comment are taken out and asked for. Document and memory are
/// without them. Asked by hand, so no limit of time has a say.
/// </summary>
internal static partial class BlockRun
{
    private static readonly TimeSpan LongestStart = TimeSpan.FromMinutes(10);

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
            await using var evaluated = EvaluatedFolder.Start(
                new EvaluatedFolderOptions
                {
                    Folder = root,
                    Settings = EngineSettings.Default with { Provider = "cpu" },
                    Timeout = LongestStart,
                }
            );
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
            if (bodies < count && Pick(Method().Matches(text)) is { } method)
            {
                var body = method.Groups["body"];
                var signature = method.Groups["signature"];
                if (IsAlone(file, body.Value))
                {
                    bodies++;
                    yield return new Place(Kind.Body, file, text, body.Index, body.Index + body.Length);
                    yield return new Place(Kind.Signature, file, text, signature.Index + signature.Length, method.Index + method.Length);
                }
            }

            if (comments < count && Pick(Commented().Matches(text)) is { } commented && commented.Groups["code"] is var code)
            {
                if (IsAlone(file, code.Value))
                {
                    comments++;
                    yield return new Place(Kind.Comment, file, text, code.Index, code.Index + code.Length);
                }
            }
        }

        Match? Pick(MatchCollection matches) => matches.Count > 0 ? matches[random.Next(matches.Count)] : null;

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

    [GeneratedRegex(
        @"^(?<indent>[ \t]+)(?<signature>(public|private|internal|protected)[^\r\n;={]*\([^\r\n;{]*\))\r?\n\k<indent>\{\r?\n[ \t]+(?<body>\S[^\r\n]*(\r?\n(\k<indent>[ \t]+[^\r\n]*)?){1,7}?)\r?\n\k<indent>\}",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture,
        10_000
    )]
    private static partial Regex Method();

    [GeneratedRegex(
        @"^(?<indent>[ \t]+)// [A-Z][^\r\n]{15,}\r?\n\k<indent>(?<code>[A-Za-z_][^\r\n]*;(\r?\n\k<indent>[A-Za-z_][^\r\n]*;){0,4})\r?\n(\r?\n|[ \t]*\})",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture,
        10_000
    )]
    private static partial Regex Commented();
}
