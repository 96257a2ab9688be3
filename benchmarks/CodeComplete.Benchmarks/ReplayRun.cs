using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using CodeComplete.Engine;
using CodeComplete.Engine.Evaluation;

namespace CodeComplete.Benchmarks;

/// <summary>
/// <c>replay DIR[,DIR...] [LINES] [SEED]</c>: lines of a project's own code are typed again, key by key, in an editor that closes brackets and quotes by
/// itself, and ghost text is asked for after each key: how many of the prompt's tokens are read again, and what drafts save. Each line is taken out of
/// its document first, and the memory reads it so. All is typed twice, with drafts and without, by an engine each; which comes first changes from folder to folder.
/// </summary>
internal static partial class ReplayRun
{
    private const int ShortestLine = 20;
    private const int LongestLine = 90;
    private static readonly ChainParts Plain = ChainParts.All with { Drafts = false };

    private sealed record Key(GhostAnswer Answer, double Milliseconds);

    private sealed record TypedLine(IReadOnlyList<Key> Drafted, IReadOnlyList<Key> Plain);

    public static async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        var count = arguments.Count > 1 ? int.Parse(arguments[1], CultureInfo.InvariantCulture) : 30;
        var seed = arguments.Count > 2 ? int.Parse(arguments[2], CultureInfo.InvariantCulture) : 1;
        var lines = new List<TypedLine>();
        foreach (var (number, folder) in arguments[0].Split(',').Index())
        {
            var root = Path.GetFullPath(folder);
            var drawn = Draw(root, count, seed);
            var first = number % 2 == 0 ? ChainParts.All : Plain;
            var one = await TypeAllAsync(root, drawn, first);
            var other = await TypeAllAsync(root, drawn, first == Plain ? ChainParts.All : Plain);
            lines.AddRange(
                (first == Plain ? other.Zip(one) : one.Zip(other)).Select(static pass => new TypedLine(pass.First, pass.Second))
            );
        }

        Report(lines);
        return 0;
    }

    /// <summary>With an engine of its own, so that no pass learns from the other what is typed.</summary>
    private static async Task<List<IReadOnlyList<Key>>> TypeAllAsync(
        string root,
        IEnumerable<(string Path, string Text, Range Line)> lines,
        ChainParts parts
    )
    {
        await using var evaluated = Evaluated.Start(root);
        await evaluated.ReadAsync(CancellationToken.None);
        var typed = new List<IReadOnlyList<Key>>();
        foreach (var (path, text, line) in lines)
        {
            // Another text in the decoder's buffer, as where the user comes from another file.
            await AskElsewhereAsync(evaluated.Engine, path);
            typed.Add(await TypeAsync(evaluated.Engine, path, text, line, parts));
        }

        return typed;
    }

    private static async Task AskElsewhereAsync(CompletionEngine engine, string path)
    {
        var elsewhere = Path.Combine(Path.GetDirectoryName(path)!, "Elsewhere.cs");
        const string text = "namespace Elsewhere;\n\npublic class Other\n{\n    public int Sum(int a, int b) => a + \n}\n";
        engine.Open(elsewhere, 1, text);
        await engine.CompleteInlineAsync(new GhostRequest(elsewhere, new Position(4, 39)), CancellationToken.None);
        engine.Close(elsewhere);
    }

    private static async Task<IReadOnlyList<Key>> TypeAsync(CompletionEngine engine, string path, string text, Range line, ChainParts parts)
    {
        var (start, end) = (line.Start.Value, line.End.Value);
        var wanted = text[start..end];
        engine.Open(path, 1, text.Remove(start, end - start));
        // The memory reads the document as it is now.
        await engine.ReadAllAsync(CancellationToken.None);
        var row = text.AsSpan(0, start).Count('\n');
        var column = start - (text.AsSpan(0, start).LastIndexOf('\n') + 1);
        var keys = new List<Key>();
        var closers = new Stack<char>();
        var version = 1;
        foreach (var (at, key) in wanted.Index())
        {
            var cursor = new Position(row, column + at);
            if (closers.Count > 0 && closers.Peek() == key)
            {
                // Typed over.
                closers.Pop();
                engine.Change(
                    path,
                    ++version,
                    [new DocumentEdit(new TextRange(cursor, new Position(row, column + at + 1)), key.ToString())]
                );
            }
            else
            {
                var closer = Closer(key);
                engine.Change(path, ++version, [new DocumentEdit(new TextRange(cursor, cursor), $"{key}{closer}")]);
                if (closer is { } pushed)
                {
                    closers.Push(pushed);
                }
            }

            var began = Stopwatch.GetTimestamp();
            var answer = await engine.CompleteInlineAsync(
                // By hand: neither a gate nor how busy the machine is has a say.
                new GhostRequest(path, new Position(row, column + at + 1), Invoked: true) { Parts = parts },
                CancellationToken.None
            );
            keys.Add(new Key(answer, Stopwatch.GetElapsedTime(began).TotalMilliseconds));
        }

        engine.Close(path);
        return keys;
    }

    /// <summary>What an editor closes behind a key.</summary>
    public static char? Closer(char key) =>
        key switch
        {
            '(' => ')',
            '[' => ']',
            '{' => '}',
            '"' => '"',
            _ => null,
        };

    /// <summary>Seeded lines that are a whole statement, one a file.</summary>
    public static List<(string Path, string Text, Range Line)> Draw(string root, int count, int seed)
    {
        var random = new Random(seed);
        string[] files =
        [
            .. Directory
                .EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
                .Where(static file => !file.Split(Path.DirectorySeparatorChar).Any(static part => part is "obj" or "bin"))
                .Order(StringComparer.Ordinal),
        ];
        random.Shuffle(files);
        var drawn = new List<(string, string, Range)>();
        foreach (var file in files)
        {
            var text = File.ReadAllText(file);
            var lines = Statement()
                .Matches(text)
                .Where(static match => match.Groups["code"].Length is >= ShortestLine and <= LongestLine)
                .ToList();
            if (lines.Count > 0)
            {
                var code = lines[random.Next(lines.Count)].Groups["code"];
                drawn.Add((file, text, code.Index..(code.Index + code.Length)));
                if (drawn.Count == count)
                {
                    break;
                }
            }
        }

        return drawn;
    }

    private static void Report(List<TypedLine> lines)
    {
        var drafted = lines.SelectMany(static line => line.Drafted).ToList();
        var plain = lines.SelectMany(static line => line.Plain).ToList();
        // The first key of a line finds another file's prompt in the buffer.
        var later = lines.SelectMany(static line => line.Drafted.Skip(1)).Where(static key => key.Answer.Decoding.Prompt > 0).ToList();
        var read = later.ConvertAll(static key => (double)(key.Answer.Decoding.Prompt - key.Answer.Decoding.Reused));
        var reused = later.Sum(static key => (double)key.Answer.Decoding.Reused) / later.Sum(static key => key.Answer.Decoding.Prompt);
        var served = drafted.Count(static key => key.Answer is { Ghost: not null, Decoding.Calls: 0 });
        var same = lines.Sum(static line =>
            line.Drafted.Zip(line.Plain).Count(static pair => pair.First.Answer.Ghost?.Text == pair.Second.Answer.Ghost?.Text)
        );
        Print(
            $"{lines.Count} lines, {drafted.Count} keys; served from what is shown, without the model: {100.0 * served / drafted.Count:0.0} %"
        );
        Print(
            $"prompt tokens reused after a line's first key: {100 * reused:0.0} %; read a key: p50 {Percentile.Of(read, 0.5):0}, p95 {Percentile.Of(read, 0.95):0}"
        );
        Print(
            $"a key to its answer, ms: p50 {At(drafted, 0.5):0}, p95 {At(drafted, 0.95):0}; without drafts p50 {At(plain, 0.5):0}, p95 {At(plain, 0.95):0}"
        );
        Print(
            $"written {Sum(drafted, static c => c.Written)} tokens, of these drafted {Sum(drafted, static c => c.Drafted)}, in {Sum(drafted, static c => c.Calls)} calls; without drafts {Sum(plain, static c => c.Written)} in {Sum(plain, static c => c.Calls)}"
        );
        Print(
            $"decoding, ms: {Decode(drafted):0} with drafts, {Decode(plain):0} without: {Decode(plain) / Decode(drafted):0.00} times as fast"
        );
        Print($"the same text with and without drafts at {same} of {drafted.Count} keys");

        static double At(List<Key> keys, double share) => Percentile.Of(keys.ConvertAll(static key => key.Milliseconds), share);
        static int Sum(List<Key> keys, Func<DecodingCounts, int> of) => keys.Sum(key => of(key.Answer.Decoding));
        static double Decode(List<Key> keys) => keys.Sum(static key => key.Answer.Timings.Decode);
        static void Print(FormattableString line) => Console.WriteLine(FormattableString.Invariant(line));
    }

    [GeneratedRegex(@"^[ \t]+(?<code>[A-Za-z_][^\r\n/]*\.[^\r\n/]*;)\r?$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Statement();
}
