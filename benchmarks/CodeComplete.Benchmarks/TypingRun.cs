using System.Diagnostics;
using CodeComplete.Engine;
using CodeComplete.Engine.Evaluation;
using CodeComplete.Testing;

namespace CodeComplete.Benchmarks;

/// <summary>
/// <c>typing [FILES]</c>: what typing feels of the index. First how long vectors, tokens and call edges of so many files take when nobody types;
/// then a spawned server is asked for list and ghost text, place after place as someone types, once while it reads the workspace for
/// the first time and once with all of it read before, in turns, five times each.
/// </summary>
internal static class TypingRun
{
    private const int Rounds = 5;
    private const int Places = 30;
    private const int Seed = 11;

    // A quick typist's next key.
    private static readonly TimeSpan BetweenKeys = TimeSpan.FromMilliseconds(150);

    public static async Task<int> RunAsync(int files)
    {
        using var folder = new TemporaryFolder();
        var root = Path.Combine(folder.Path, "workspace");
        new SyntheticWorkspace(files).WriteTo(root);
        var whole = Path.Combine(folder.Path, "whole");
        await ReadAllAsync(root, whole);

        var (quiet, reading) = (new List<Times>(), new List<Times>());
        for (var round = 0; round < Rounds; round++)
        {
            quiet.Add(await TypeAsync(root, whole));
            reading.Add(await TypeAsync(root, Path.Combine(folder.Path, "new-" + round)));
        }

        Print("list", quiet, reading, static times => times.Lists);
        Print("ghost text", quiet, reading, static times => times.Ghosts);
        return 0;
    }

    private sealed record Times(List<double> Lists, List<double> Ghosts);

    private static async Task ReadAllAsync(string root, string data)
    {
        var began = Stopwatch.GetTimestamp();
        await using var engine = CompletionEngine.Start(
            new EngineOptions
            {
                WorkspaceFolders = [root],
                DataDirectory = data,
                Settings = EngineSettings.Default with { Provider = "cpu" },
            }
        );
        await engine.Indexed;
        Console.WriteLine($"words and declared names: {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s after the start");
        await engine.WhenProjectsLoaded;
        var loaded = Stopwatch.GetTimestamp();
        await engine.ReadAllAsync(CancellationToken.None);
        Console.WriteLine(
            $"vectors, tokens and call edges: {Stopwatch.GetElapsedTime(loaded).TotalSeconds:0.0} s after projects and words were there; {engine.MemoryStatistics[0]}"
        );
    }

    private static async Task<Times> TypeAsync(string root, string data)
    {
        var times = new Times([], []);
        await using var client = Product.StartServer(data);
        await client.InitializeAsync(root);
        var places = SamplePlace.Draw(Places + 1, Seed, root);
        await client.OpenAsync(places[0].File, places[0].Text);
        // The first answer comes when model and project are there; what is measured is what comes after.
        await client.AskAsync("textDocument/inlineCompletion", LspClient.At(places[0].File, places[0].Line, places[0].Character));
        foreach (var place in places.Skip(1))
        {
            await client.OpenAsync(place.File, place.Text);
            await Task.Delay(BetweenKeys);
            times.Lists.Add(await AskAsync(client, "textDocument/completion", place));
            await Task.Delay(BetweenKeys);
            times.Ghosts.Add(await AskAsync(client, "textDocument/inlineCompletion", place));
        }

        await client.ShutDownAsync();
        return times;
    }

    private static async Task<double> AskAsync(LspClient client, string method, SamplePlace place)
    {
        var began = Stopwatch.GetTimestamp();
        await client.AskAsync(method, LspClient.At(place.File, place.Line, place.Character));
        return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    }

    private static void Print(string what, List<Times> quiet, List<Times> reading, Func<Times, List<double>> of)
    {
        var (with, without) = (Median(reading), Median(quiet));
        Console.WriteLine(
            $"{what}: p95 {without:0} ms with all read before, {with:0} ms while it reads ({100 * ((with / without) - 1):+0;-0} %), medians of {Rounds} runs"
        );

        double Median(List<Times> runs) => Percentile.Of(runs.Select(run => Percentile.Of(of(run), 0.95)), 0.5);
    }
}
