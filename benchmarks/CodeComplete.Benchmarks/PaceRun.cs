using System.Diagnostics;
using CodeComplete.Engine;
using CodeComplete.Engine.Evaluation;

namespace CodeComplete.Benchmarks;

/// <summary>
/// <c>keys DIR FILE [LINES] [SEED]</c> writes keystrokes, <c>pace DIR FILE [placed|told]</c> types them at their pace, as an editor would: ghost text is
/// asked for after each key, and the list where a word begins; the next key ends what is not answered. Then what a cancellation takes, and what the process
/// takes from the processor when nobody types.
/// </summary>
internal static class PaceRun
{
    private static readonly TimeSpan BeforeRest = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(10);

    // What is read again where the user goes on in the same place, and where nothing of the place was read; in tokens.
    private const int Warm = 32;
    private const int NewPlace = 256;
    private const int Cancellations = 60;
    private const int SlowestLists = 8;

    /// <param name="IsFirst">Of its file.</param>
    private sealed record Listed(ListRequest Request, int Items, bool HasStars, double Milliseconds, bool IsFirst);

    /// <param name="Line">Which of the lines that are typed.</param>
    /// <param name="At">When the key came, in milliseconds since the session began.</param>
    private sealed record Asked(GhostAnswer Answer, double Milliseconds, int Line, double At)
    {
        public int Read => Answer.Decoding.Prompt - Answer.Decoding.Reused;
    }

    public static int Write(string root, string file, int lines, int seed)
    {
        Keystroke.Write(file, Keystroke.Typing(root, lines, seed));
        Console.WriteLine($"{Keystroke.Read(file).Count} keystrokes in {file}");
        return 0;
    }

    /// <summary>How a line begins.</summary>
    private enum Beginning
    {
        /// <summary>What stood there is taken out by an edit, behind which ghost text is asked for.</summary>
        Emptied,

        /// <summary>The file has the place empty when it is opened, and the cursor comes to rest there: the first that the server hears of is the first key.</summary>
        Placed,

        /// <summary>As <see cref="Placed"/>, and the client tells where the cursor rests.</summary>
        Told,
    }

    // As the plug-in for VS Code does.
    private static readonly TimeSpan BeforeTelling = TimeSpan.FromMilliseconds(200);

    /// <param name="beginning">placed or told (<see cref="Beginning"/>), or nothing.</param>
    public static async Task<int> RunAsync(string root, string file, string beginning)
    {
        var begins = beginning.Length == 0 ? Beginning.Emptied : Enum.Parse<Beginning>(beginning, ignoreCase: true);
        var keys = Keystroke.Read(file);
        await using var evaluated = Evaluated.Start(root);
        await evaluated.ReadAsync(CancellationToken.None);
        var engine = evaluated.Engine;
        var (ghosts, lists) = await TypeAsync(engine, root, keys, begins);
        await Task.Delay(BeforeRest);
        var rest = await RestAsync();
        var cancellations = await CancelAsync(engine, root, keys);
        Report(keys.Count, ghosts, lists);
        Print($"a cancellation until the decoder is free, {cancellations.Count} times: {Times(cancellations)}");
        Print($"processor, from {BeforeRest.TotalSeconds:0} s after the last key on, of one core: {100 * rest:0.00} %");
        return 0;
    }

    private static async Task<(List<Asked> Ghosts, List<Listed> Lists)> TypeAsync(
        CompletionEngine engine,
        string root,
        IReadOnlyList<Keystroke> keys,
        Beginning begins
    )
    {
        var line = 0;
        var versions = new Dictionary<string, int>(StringComparer.Ordinal);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var (ghosts, lists) = (new List<Task<Asked>>(), new List<Task<Listed?>>());
        var began = Stopwatch.GetTimestamp();
        foreach (var key in keys)
        {
            // Whoever types in a file has opened it before the thought that comes first.
            var path = Path.Combine(root, key.File);
            var isBeginning = key is { Removed: > 0, Text: "" };
            line += isBeginning ? 1 : 0;
            if (versions.TryAdd(path, 1))
            {
                var text = await File.ReadAllTextAsync(path);
                engine.Open(path, 1, isBeginning && begins != Beginning.Emptied ? key.In(text) : text);
            }

            var early = key.At - Stopwatch.GetElapsedTime(began).TotalMilliseconds;
            if (early > 0)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(early));
            }

            if (isBeginning && begins != Beginning.Emptied)
            {
                if (begins == Beginning.Told)
                {
                    _ = TellAsync(engine, path, key.Behind);
                }

                continue;
            }

            engine.Change(path, ++versions[path], [key.Edit]);
            ghosts.Add(AskAsync(engine, new GhostRequest(path, key.Behind), line, Stopwatch.GetElapsedTime(began).TotalMilliseconds));
            if (key.OpensList)
            {
                lists.Add(ListAsync(engine, new ListRequest(path, key.Behind), seen.Add(path)));
            }
        }

        var answered = await Task.WhenAll(ghosts);
        var listed = await Task.WhenAll(lists);
        foreach (var path in versions.Keys)
        {
            engine.Close(path);
        }

        return ([.. answered], [.. listed.OfType<Listed>()]);
    }

    private static async Task TellAsync(CompletionEngine engine, string path, Position position)
    {
        await Task.Delay(BeforeTelling);
        engine.CursorRests(path, position);
    }

    private static async Task<Asked> AskAsync(CompletionEngine engine, GhostRequest request, int line, double at)
    {
        var began = Stopwatch.GetTimestamp();
        var answer = await engine.CompleteInlineAsync(request, CancellationToken.None);
        return new Asked(answer, Stopwatch.GetElapsedTime(began).TotalMilliseconds, line, at);
    }

    private static async Task<Listed?> ListAsync(CompletionEngine engine, ListRequest request, bool isFirst)
    {
        var began = Stopwatch.GetTimestamp();
        try
        {
            var answer = await engine.CompleteListAsync(request, CancellationToken.None);
            var took = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
            return new Listed(request, answer.Items.Count, answer.Items.Any(static item => item.Starred), took, isFirst);
        }
        catch (ContentModifiedException)
        {
            // An edit outside of its word has ended it.
            return null;
        }
    }

    /// <summary>A request at another place each time, cancelled while the model reads or writes.</summary>
    private static async Task<List<double>> CancelAsync(CompletionEngine engine, string root, IReadOnlyList<Keystroke> keys)
    {
        var random = new Random(1);
        var took = new List<double>();
        var places = keys.Where(static key => key.OpensList).ToList();
        for (var i = 0; i < Cancellations && places.Count > 0; i++)
        {
            var place = places[i * 7 % places.Count];
            var path = Path.Combine(root, place.File);
            engine.Open(path, 1, await File.ReadAllTextAsync(path));
            using var stop = new CancellationTokenSource();
            var asked = engine.CompleteInlineAsync(
                new GhostRequest(path, place.Behind with { Character = place.Character }, Invoked: true),
                stop.Token
            );
            await Task.WhenAny(asked, Task.Delay(20 + random.Next(300)));
            var began = Stopwatch.GetTimestamp();
            await stop.CancelAsync();
            try
            {
                await asked;
            }
            catch (OperationCanceledException)
            {
                took.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }

            engine.Close(path);
        }

        return took;
    }

    private static async Task<double> RestAsync()
    {
        using var process = Process.GetCurrentProcess();
        var before = process.TotalProcessorTime;
        await Task.Delay(Rest);
        process.Refresh();
        return (process.TotalProcessorTime - before) / Rest;
    }

    private static void Report(int keys, List<Asked> all, List<Listed> lists)
    {
        var answered = all.FindAll(static asked => asked.Answer.Why?.Contains("edited since", StringComparison.Ordinal) != true);
        var decoded = answered.FindAll(static asked => asked.Answer.Decoding.Calls > 0);
        var read = answered.ConvertAll(static asked => asked.Answer.Decoding.Calls > 0 ? (double)asked.Read : 0);
        Print(
            $"{keys} keys; ended by the next key: {all.Count - answered.Count}; shown: {answered.Count(static a => a.Answer.Ghost is not null)}"
        );
        Print($"served from what is shown: {Of(answered.FindAll(static asked => asked.Answer is { Ghost: not null, Decoding.Calls: 0 }))}");
        Print($"decoded on a warm prefix (at most {Warm} tokens read): {Of(decoded.FindAll(static asked => asked.Read <= Warm))}");
        Print($"between: {Of(decoded.FindAll(static asked => asked.Read is > Warm and <= NewPlace))}");
        Print($"at a new place (more than {NewPlace} tokens read): {Of(decoded.FindAll(static asked => asked.Read > NewPlace))}");
        var firsts = all.GroupBy(static asked => asked.Line).ToList();
        var shown = firsts
            .Select(static line =>
                (Began: line.Min(static asked => asked.At), Shown: line.Where(static asked => asked.Answer.Ghost is not null))
            )
            .Where(static line => line.Shown.Any())
            .Select(static line => line.Shown.Min(static asked => asked.At + asked.Milliseconds) - line.Began)
            .ToList();
        Print($"from a line's first key to its first ghost text, {shown.Count} of {firsts.Count} lines: {Times(shown)}");
        Print($"tokens read a key: p50 {Percentile.Of(read, 0.5):0}, p95 {Percentile.Of(read, 0.95):0}");
        Print(
            $"list, {lists.Count} times, with stars {lists.Count(static list => list.HasStars)}: {Times(lists.ConvertAll(static list => list.Milliseconds))}"
        );
        Print($"- the first in a file: {TimesOf(lists.FindAll(static list => list.IsFirst))}");
        Print($"- any other: {TimesOf(lists.FindAll(static list => !list.IsFirst))}");
        foreach (var list in lists.OrderByDescending(static list => list.Milliseconds).Take(SlowestLists))
        {
            var (path, position) = (list.Request.Document, list.Request.Position);
            Print(
                $"  {Path.GetFileName(path)}:{position.Line + 1}:{position.Character + 1}, {list.Items} items{(list.IsFirst ? ", the first" : "")}: {list.Milliseconds:0} ms"
            );
        }

        if (decoded.MaxBy(static asked => asked.Milliseconds) is { Answer.Timings: var slowest } one)
        {
            Print(
                $"the slowest, {one.Milliseconds:0} ms: context {slowest.Context:0}, recall {slowest.Recall:0}, prompt {slowest.Prompt:0}, prefill {slowest.Prefill:0}, decode {slowest.Decode:0}, verify {slowest.Verify:0}"
            );
        }

        static string TimesOf(List<Listed> some) => $"{some.Count} times: {Times(some.ConvertAll(static list => list.Milliseconds))}";

        static string Of(List<Asked> asked) => $"{asked.Count} times: {Times(asked.ConvertAll(static one => one.Milliseconds))}";
    }

    private static string Times(List<double> milliseconds) =>
        milliseconds.Count == 0
            ? "-"
            : FormattableString.Invariant($"p50 {Percentile.Of(milliseconds, 0.5):0.0} ms, p95 {Percentile.Of(milliseconds, 0.95):0.0} ms");

    private static void Print(FormattableString line) => Console.WriteLine(FormattableString.Invariant(line));
}
