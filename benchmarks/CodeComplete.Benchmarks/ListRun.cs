using System.Globalization;
using CodeComplete.Analysis;
using CodeComplete.Engine.Evaluation;
using CodeComplete.Testing;
using Microsoft.CodeAnalysis.Completion;

namespace CodeComplete.Benchmarks;

/// <summary>
/// <c>list [DIR[,DIR...]] [PLACES] [SEED] [--peer COMMAND]</c>: a spawned server's list beside what Roslyn's completion service says when it is
/// called directly, at the same seeded places of a folder's own code: which items only one of them has and why, whether the written name is there,
/// how long each takes, and what the server needs from its start to the whole list. The peer is any language server over stdio; it is
/// asked at the same places.
/// </summary>
internal static class ListRun
{
    private const string PeerOption = "--peer";

    // The first places pay for Roslyn being compiled itself, on both sides.
    private const int WarmUps = 20;
    private const int Timed = 60;

    private sealed class Side(string name)
    {
        public string Name => name;

        public List<(string Kind, bool Found)> Truth { get; } = [];

        public List<double> Milliseconds { get; } = [];

        public List<int> Items { get; } = [];
    }

    public static async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        var at = arguments.ToList().IndexOf(PeerOption);
        var peer = at >= 0 ? arguments[at + 1].Split(' ', StringSplitOptions.RemoveEmptyEntries) : null;
        var plain = at >= 0 ? [.. arguments.Take(at)] : arguments;
        var folders = plain.Count > 0 ? plain[0].Split(',') : [Product.Sample];
        var count = plain.Count > 1 ? int.Parse(plain[1], CultureInfo.InvariantCulture) : 300;
        var seed = plain.Count > 2 ? int.Parse(plain[2], CultureInfo.InvariantCulture) : 1;
        var truth = new Dictionary<string, List<(string Kind, bool Found)>>();
        foreach (var folder in folders)
        {
            foreach (var side in await FolderAsync(Path.GetFullPath(folder), count, seed, peer))
            {
                truth.TryAdd(side.Name, []);
                truth[side.Name].AddRange(side.Truth);
            }
        }

        if (folders.Length > 1)
        {
            Console.WriteLine("all folders");
            foreach (var (name, found) in truth)
            {
                PrintTruth(name, found, seed);
            }
        }

        return 0;
    }

    private static async Task<IReadOnlyList<Side>> FolderAsync(string root, int count, int seed, string[]? peer)
    {
        await using var workspace = new CodeWorkspace(new WorkspaceOptions { Folders = [root] });
        await workspace.LoadAsync(firstFile: null, CancellationToken.None);
        var drawn = await ListPlaces.DrawAsync(workspace, root, count + WarmUps, seed);
        var places = drawn.Skip(WarmUps).ToList();
        Console.WriteLine(
            $"{root}: {places.Count} places in {places.Select(p => p.File).Distinct(StringComparer.Ordinal).Count()} files, seed {seed}"
        );

        using var reference = new ListReference(workspace);
        var first = await FirstAsync(drawn, reference);
        Console.WriteLine($"asked from the start on: {first}");
        using var data = new TemporaryFolder();
        await using var server = ListServer.Start(
            "ours",
            Product.Dotnet,
            Product.Arguments("lsp", "--stdio", "--provider", "cpu", "--data-dir", data.Path)
        );
        Print(server.Name, await server.BeginAsync(root, first));
        await using var other = peer is null ? null : ListServer.Start("peer", peer[0], [.. peer.Skip(1)]);
        if (other is not null)
        {
            Print(other.Name, await other.BeginAsync(root, first));
        }

        var parity = new ListParity(server, reference, seed);
        var (ours, roslyns, peers) = (new Side("ours"), new Side("Roslyn"), new Side("peer"));
        var over = new List<(double Milliseconds, ListPlace Place)>();
        foreach (var (number, place) in drawn.Index())
        {
            var isTimed = number is >= WarmUps and < WarmUps + Timed;
            await server.EnterAsync(place);
            var own = await AskAsync(server);
            reference.Enter(place);
            var (list, took) = await reference.AskAsync();
            var others = other is null ? null : await OfPeerAsync(other);
            if (number < WarmUps)
            {
                continue;
            }

            Note(ours, own.Items.Any(i => i.Names(place.Written)), own.Items.Count, own.Milliseconds);
            Note(roslyns, list.ItemsList.Any(i => Names(i, place.Written)), list.ItemsList.Count, took);
            if (others is not null)
            {
                Note(peers, others.Items.Any(i => i.Names(place.Written)), others.Items.Count, others.Milliseconds);
            }

            if (roslyns.Truth[^1].Found != ours.Truth[^1].Found)
            {
                var (has, lacks) = ours.Truth[^1].Found ? (ours, roslyns) : (roslyns, ours);
                Console.WriteLine(
                    $"    {has.Name} has what is written, {lacks.Name} not: {place} ({own.Items.Count} of {list.ItemsList.Count} items)"
                );
            }
            else if (!ours.Truth[^1].Found)
            {
                Console.WriteLine($"    neither has what is written: {place} ({own.Items.Count} of {list.ItemsList.Count} items)");
            }

            if (isTimed)
            {
                over.Add((own.Milliseconds - took, place));
            }

            await parity.CompareAsync(place, own, list);

            async Task<ListAnswer> AskAsync(ListServer asked)
            {
                if (isTimed)
                {
                    await asked.BeQuietAsync();
                }

                return await asked.AskAsync();
            }

            async Task<ListAnswer> OfPeerAsync(ListServer asked)
            {
                await asked.EnterAsync(place);
                return await AskAsync(asked);
            }

            void Note(Side side, bool found, int items, double milliseconds)
            {
                side.Truth.Add((place.Kind, found));
                side.Items.Add(items);
                if (isTimed)
                {
                    side.Milliseconds.Add(milliseconds);
                }
            }
        }

        parity.Print();
        Side[] sides = other is null ? [ours, roslyns] : [ours, roslyns, peers];
        foreach (var side in sides)
        {
            PrintTruth(side.Name, side.Truth, seed);
            Console.WriteLine($"  items, median {Percentile.Of(side.Items.Select(i => (double)i), 0.5)}; {Times(side.Milliseconds)}");
        }

        Console.WriteLine($"ours over Roslyn, at the same place: {Times([.. over.Select(o => o.Milliseconds)])}");
        foreach (var kind in over.GroupBy(o => o.Place.Kind))
        {
            Console.WriteLine($"  {kind.Key}: {Times([.. kind.Select(o => o.Milliseconds)])}");
        }

        return sides;
    }

    /// <summary>A member of a value that Roslyn knows.</summary>
    private static async Task<ListPlace> FirstAsync(IReadOnlyList<ListPlace> places, ListReference reference)
    {
        foreach (var place in places.Where(p => p.Kind == "after a dot"))
        {
            reference.Enter(place);
            if ((await reference.AskAsync()).List.ItemsList.Any(i => Names(i, place.Written)))
            {
                reference.Leave();
                return place;
            }
        }

        throw new InvalidOperationException("At no place after a dot Roslyn lists what is written: restore the folder's packages.");
    }

    private static bool Names(CompletionItem item, string written) =>
        ListAnswerItem.NameIn(item.DisplayText) == written || ListAnswerItem.NameIn(item.FilterText) == written;

    private static void PrintTruth(string name, List<(string Kind, bool Found)> truth, int seed)
    {
        Console.WriteLine($"{name}: the written name is there at {Share(truth)} % of {truth.Count} places");
        Console.WriteLine(
            "  "
                + string.Join(
                    ", ",
                    truth.GroupBy(t => t.Kind).Select(g => $"{g.Key} {100.0 * g.Count(t => t.Found) / g.Count():0.0} of {g.Count()}")
                )
        );

        string Share(List<(string, bool Found)> of) => Evaluated.Percent([.. of.Select(t => new Portion(t.Found ? 1 : 0, 1))], seed);
    }

    private static string Times(List<double> milliseconds) =>
        $"ms at {milliseconds.Count} places, p50 {Percentile.Of(milliseconds, 0.5):0}, p95 {Percentile.Of(milliseconds, 0.95):0}";

    private static void Print(string name, ListStart start) =>
        Console.WriteLine(
            $"{name}: start to the first list with the written name {start.Useful:0} ms, to the list that stays ({start.Items} items) {start.Complete:0} ms; "
                + $"resident then {start.Megabytes} MB, processes that it started {start.ChildMegabytes} MB"
        );
}
