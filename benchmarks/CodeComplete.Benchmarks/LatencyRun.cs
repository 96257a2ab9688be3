using System.Diagnostics;
using CodeComplete.Testing;

namespace CodeComplete.Benchmarks;

/// <summary>
/// A spawned server on the sample: the time from a cold start to the first answers, then ghost text and the list at seeded places, each
/// in another file and never asked twice.
/// </summary>
internal static class LatencyRun
{
    private const int Seed = 7;

    public static async Task<int> RunAsync(int count, string root)
    {
        using var data = new TemporaryFolder();
        var places = SamplePlace.Draw(count + 1, Seed, root);
        var began = Stopwatch.GetTimestamp();
        await using var client = Product.StartServer(data.Path);
        await client.InitializeAsync(root);

        var first = places[0];
        await client.OpenAsync(first.File, first.Text);
        await AskAsync(client, "textDocument/inlineCompletion", first);
        Print("cold start to the first ghost text", Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        await AskAsync(client, "textDocument/completion", first);
        Print("cold start to ghost text and list", Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        await client.NotifiedAsync("codecomplete/status", p => (string?)p?["state"] == "ready");
        Print("cold start to ready (projects, model, index)", Stopwatch.GetElapsedTime(began).TotalMilliseconds);

        var (ghosts, lists, shown, exact, listed, starred) = (new List<double>(), new List<double>(), 0, 0, 0, 0);
        foreach (var place in places.Skip(1))
        {
            await client.OpenAsync(place.File, place.Text);
            var (ghost, ghostTook) = await AskAsync(client, "textDocument/inlineCompletion", place);
            ghosts.Add(ghostTook);
            shown += ghost["result"]!["items"]!.AsArray().Count;
            exact += (string?)ghost["result"]!["items"]!.AsArray().FirstOrDefault()?["insertText"] == place.Rest ? 1 : 0;

            // The list is asked for in another file, so that neither request finds what the other has read.
            var other = places[1 + (places.IndexOf(place) + places.Count / 2) % (places.Count - 1)];
            await client.OpenAsync(other.File, other.Text);
            var (list, listTook) = await AskAsync(client, "textDocument/completion", other);
            lists.Add(listTook);
            var labels = list["result"]!["items"]!.AsArray().Select(i => (string)i!["label"]!).ToList();
            starred += labels.Exists(l => l.StartsWith('★')) ? 1 : 0;
            listed += labels.Exists(l => l.TrimStart('★', ' ').Split('<', '(')[0] == other.Written) ? 1 : 0;
        }

        Print($"ghost text, {ghosts.Count} places, p50", Percentile(ghosts, 0.5));
        Print("ghost text, p95", Percentile(ghosts, 0.95));
        Print($"list, {lists.Count} places, p50", Percentile(lists, 0.5));
        Print("list, p95", Percentile(lists, 0.95));
        Console.WriteLine(
            $"ghost text shown at {shown} places, the whole rest of the line right at {exact}; the written member listed at {listed}; stars in time at {starred}"
        );
        client.Server!.Refresh();
        Console.WriteLine($"resident, server with model: {client.Server.WorkingSet64 / 1024 / 1024} MB");
        return await client.ShutDownAsync();
    }

    private static int IndexOf(this IReadOnlyList<SamplePlace> places, SamplePlace place) => places.ToList().IndexOf(place);

    private static async Task<(System.Text.Json.Nodes.JsonObject Answer, double Milliseconds)> AskAsync(
        LspClient client,
        string method,
        SamplePlace place
    )
    {
        var began = Stopwatch.GetTimestamp();
        var answer = await client.AskAsync(method, LspClient.At(place.File, place.Line, place.Character));
        return (answer, Stopwatch.GetElapsedTime(began).TotalMilliseconds);
    }

    private static void Print(string what, double milliseconds) => Console.WriteLine($"{what, -48} {milliseconds, 7:0} ms");

    private static double Percentile(List<double> values, double share)
    {
        var sorted = values.Order().ToList();
        return sorted[(int)Math.Ceiling(share * sorted.Count) - 1];
    }
}
