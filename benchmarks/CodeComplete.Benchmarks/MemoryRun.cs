using System.Diagnostics;
using System.Globalization;
using CodeComplete.Analysis;
using CodeComplete.Engine;
using CodeComplete.Engine.Learning;
using CodeComplete.Memory;
using CodeComplete.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace CodeComplete.Benchmarks;

/// <summary>
/// The memory at its full size: how long the first index, one edit, an opening and a recall take, and what it takes in memory and on disk.
/// An opening is measured in a process of its own, which has compiled nothing of it yet.
/// </summary>
internal static class MemoryRun
{
    public const string OpeningCommand = "memory-opening";

    private const int Edits = 200;
    private const int Acceptances = 200;
    private const int Queries = 400;

    public static async Task<int> RunAsync(int files)
    {
        using var folder = new TemporaryFolder();
        var workspace = new SyntheticWorkspace(files);
        var options = new MemoryOptions
        {
            Embedder = Embedder,
            WorkspaceRoot = Path.Combine(folder.Path, "workspace"),
            DataDirectory = Path.Combine(folder.Path, "data"),
        };
        workspace.WriteTo(options.WorkspaceRoot);

        var memory = ProjectMemory.Open(options);
        var began = Stopwatch.GetTimestamp();
        var indexer = new WorkspaceIndexer(memory)
        {
            Declarations = static text => SymbolReader.ReadSyntax(text, CancellationToken.None).ToMemory(),
        };
        await indexer.RunAsync(null, CancellationToken.None);
        Print($"first index of {files} files, words and declared names", Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        memory.Flush();
        Print("  and all of it in the database", Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        Console.WriteLine($"{memory.Statistics}");

        Edit(memory, workspace);
        Recall(memory, workspace, "words and edits");
        Read(memory, workspace);
        Recall(memory, workspace, "words, edits and vectors");
        Accept(memory, workspace);
        Recall(memory, workspace, "all that, and acceptances");
        Console.WriteLine($"{memory.Statistics}");
        began = Stopwatch.GetTimestamp();
        await memory.DisposeAsync();
        Print("closing", Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        Console.WriteLine($"on disk: {Bytes(options.DataDirectory) / 1e6:0.0} MB");

        foreach (var cache in new[] { "cold", "warm", "warm", "warm" })
        {
            if (cache == "cold" && !DropFromPageCache(options.DataDirectory))
            {
                continue;
            }

            await OpenInProcessAsync(options, cache);
        }

        return 0;
    }

    /// <summary>What the process of its own does: opens the memory, recalls once, and says what both took.</summary>
    public static int Open(string root, string data)
    {
        var query = Query(new SyntheticWorkspace(50), 17);
        var before = PrivateBytes();
        var began = Stopwatch.GetTimestamp();
        using var memory = ProjectMemory.Open(
            new MemoryOptions
            {
                WorkspaceRoot = root,
                DataDirectory = data,
                Embedder = Embedder,
            }
        );
        var opened = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        var found = memory.Recall(query).Snippets.Count;
        var recalled = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        var words = Grown();
        memory.Load(new Words(), CancellationToken.None);
        var all = Grown();
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"opened after {opened:0} ms, {found} snippets recalled after {recalled:0} ms; grown by {words:0.0} MB, with {memory.Statistics.Vectors} vectors, the symbols of {memory.Statistics.Symbols} files and {memory.Statistics.Ngrams} n-grams by {all:0.0} MB; {memory.Message}"
            )
        );
        return found > 0 ? 0 : 1;

        double Grown()
        {
            // Aggressive: what is free goes back to the system before it is counted.
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            return (PrivateBytes() - before) / 1e6;
        }
    }

    // The shipped model's, as the product takes it.
    private static IEmbedder Embedder()
    {
        var embedder = ModelEmbedder.Of(EngineSettings.Default, static notice => Console.WriteLine(notice.Message), NullLogger.Instance);
        Console.WriteLine($"vectors by {embedder.Id}");
        return embedder;
    }

    private static void Edit(ProjectMemory memory, SyntheticWorkspace workspace)
    {
        var took = new List<double>();
        var random = new Random(3);
        for (var edit = 1; edit <= Edits; edit++)
        {
            var file = random.Next(workspace.Count);
            var text = workspace.Text(file, edit);
            var began = Stopwatch.GetTimestamp();
            memory.Put(workspace.Path(file), text);
            took.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }

        PrintPercentiles("one edited file", took);
        memory.Flush();
    }

    // What an engine does in idle time, without its pauses.
    private static void Read(ProjectMemory memory, SyntheticWorkspace workspace)
    {
        var words = new Words();
        var began = Stopwatch.GetTimestamp();
        while (memory.ReadNext(words, CancellationToken.None))
        {
            // A file each.
        }

        var took = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        Print("vectors and n-grams of all files", took);
        Print("  of 1,000 files", took * 1000 / workspace.Count);
        GC.Collect();
        Console.WriteLine($"private bytes with {memory.Statistics.Vectors} vectors: {PrivateBytes() / 1e6:0.0} MB");
        var edits = new List<double>();
        for (var edit = 1; edit <= 20; edit++)
        {
            memory.Put(workspace.Path(edit), workspace.Text(edit, Edits + edit));
            began = Stopwatch.GetTimestamp();
            while (memory.ReadNext(words, CancellationToken.None))
            {
                // That file, and what it replaced.
            }

            edits.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }

        PrintPercentiles("one edited file, vectors and n-grams", edits);
    }

    // As many as recall looks at, of lines that stand there.
    private static void Accept(ProjectMemory memory, SyntheticWorkspace workspace)
    {
        var random = new Random(5);
        for (var i = 0; i < Acceptances; i++)
        {
            var file = random.Next(workspace.Count);
            var lines = workspace.Text(file).Split('\n').Where(static line => line.Contains('.', StringComparison.Ordinal)).ToList();
            memory.RecordAcceptance(
                new Acceptance
                {
                    Path = workspace.Path(file),
                    Before = "",
                    Text = lines[random.Next(lines.Count)].Trim(),
                    When = DateTimeOffset.UtcNow,
                    Kind = AcceptanceKind.Accepted,
                }
            );
        }
    }

    private static void Recall(ProjectMemory memory, SyntheticWorkspace workspace, string sources)
    {
        var took = new List<double>();
        var random = new Random(5);
        var empty = 0;
        for (var i = 0; i < Queries; i++)
        {
            var query = Query(workspace, random.Next(workspace.Count));
            var began = Stopwatch.GetTimestamp();
            var answer = memory.Recall(query);
            took.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            empty += answer.Snippets.Count == 0 ? 1 : 0;
        }

        PrintPercentiles($"recall by {sources} ({empty} of {Queries} found nothing)", took);
    }

    // Twenty lines up to the middle of a line, as an editor's cursor would have them.
    private static RecallQuery Query(SyntheticWorkspace workspace, int file)
    {
        var lines = workspace.Text(file).Split('\n');
        var last = (file * 7 % (lines.Length - 25)) + 22;
        var cursor = lines[last][..(lines[last].Length / 2)];
        return new RecallQuery
        {
            Text = string.Join('\n', lines[(last - 20)..last].Append(cursor)),
            Path = workspace.Path(file),
            MaxSnippets = 4,
            // All that a recall costs, whatever the gate would save.
            LeastCoverage = 0,
        };
    }

    private static async Task OpenInProcessAsync(MemoryOptions options, string cache)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { UseShellExecute = false, RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
        {
            start.ArgumentList.Add(typeof(MemoryRun).Assembly.Location);
        }

        start.ArgumentList.Add(OpeningCommand);
        start.ArgumentList.Add(options.WorkspaceRoot);
        start.ArgumentList.Add(options.DataDirectory);
        using var process = Process.Start(start)!;
        Console.Write($"{cache} page cache: {await process.StandardOutput.ReadToEndAsync()}");
        await process.WaitForExitAsync();
    }

    // Only Linux has a tool that needs no rights for it.
    private static bool DropFromPageCache(string folder)
    {
        if (!OperatingSystem.IsLinux())
        {
            return false;
        }

        foreach (var path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            using var dd = Process.Start("dd", ["status=none", "oflag=nocache", "conv=notrunc,fdatasync", "count=0", "of=" + path]);
            dd.WaitForExit();
        }

        return true;
    }

    private static long Bytes(string folder) =>
        new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);

    private static long PrivateBytes()
    {
        using var process = Process.GetCurrentProcess();
        return OperatingSystem.IsLinux() ? Anonymous() : process.PrivateMemorySize64;
    }

    // PrivateMemorySize64 counts address space on Linux.
    private static long Anonymous() =>
        1024
        * long.Parse(
            File.ReadLines("/proc/self/status")
                .First(line => line.StartsWith("RssAnon:", StringComparison.Ordinal))
                .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1],
            CultureInfo.InvariantCulture
        );

    private static void Print(string what, double milliseconds) => Console.WriteLine($"{what, -60} {milliseconds, 9:0.0} ms");

    private static void PrintPercentiles(string what, List<double> values)
    {
        values.Sort();
        Print(what + ", p50", values[values.Count / 2]);
        Print(what + ", p95", values[(int)(values.Count * 0.95)]);
    }

    // A tokenizer's speed is its own matter.
    private sealed class Words : ITokenEncoder
    {
        public string Id => "words";

        public IReadOnlyList<int> Encode(string text) =>
            [
                .. text.Split(' ', StringSplitOptions.RemoveEmptyEntries)
                    .Select(static word => StringComparer.Ordinal.GetHashCode(word) & 0xffff),
            ];
    }
}
