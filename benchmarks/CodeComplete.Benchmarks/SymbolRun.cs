using System.Diagnostics;
using CodeComplete.Analysis;
using CodeComplete.Engine.Learning;
using CodeComplete.Memory;

namespace CodeComplete.Benchmarks;

/// <summary>
/// The symbol graph of a folder's files, each read once, cold, as the index does: milliseconds a file by syntax alone and bound, bytes a file
/// on disk, and what a graph of 10,000 files of that kind costs in memory.
/// </summary>
internal static class SymbolRun
{
    private const int ManyFiles = 10_000;

    public static async Task<int> RunAsync(string root)
    {
        await WarmUp.RunAsync(CancellationToken.None);
        await using var workspace = new CodeWorkspace(new WorkspaceOptions { Folders = [root] });
        await workspace.LoadAsync(firstFile: null, CancellationToken.None);
        var files = workspace.SourceFiles.Where(f => f.StartsWith(root, StringComparison.Ordinal)).ToList();
        var processor = Environment.CpuUsage.TotalTime;
        var (quick, bound, read) = (new List<double>(), new List<double>(), new List<(string Path, FileSymbols Symbols)>());
        foreach (var file in files)
        {
            var text = await File.ReadAllTextAsync(file);
            var began = Stopwatch.GetTimestamp();
            SymbolReader.ReadSyntax(text, CancellationToken.None);
            quick.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }

        var (quickProcessor, beforeBound) = (Environment.CpuUsage.TotalTime - processor, Environment.CpuUsage.TotalTime);
        foreach (var file in files)
        {
            if (workspace.Take(file) is { IsProjectLoaded: true } snapshot)
            {
                var began = Stopwatch.GetTimestamp();
                var symbols = await SymbolReader.ReadAsync(snapshot, CancellationToken.None);
                bound.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
                read.Add((Path.GetRelativePath(root, file), symbols.ToMemory()));
            }
        }

        var boundProcessor = Environment.CpuUsage.TotalTime - beforeBound;
        Console.WriteLine($"{root}: {files.Count} files, {bound.Count} of a loaded project");
        Print("by syntax", quick, quickProcessor);
        Print("bound", bound, boundProcessor);
        if (read.Count > 0)
        {
            await PrintAgainAsync(workspace, files);
            PrintGraph(read);
        }

        return 0;
    }

    /// <summary>The first files pay for the projects' declarations, and for Roslyn being compiled itself; in a larger workspace they are few.</summary>
    private static async Task PrintAgainAsync(CodeWorkspace workspace, List<string> files)
    {
        var (again, processor) = (new List<double>(), Environment.CpuUsage.TotalTime);
        foreach (var snapshot in files.Select(workspace.Take).OfType<DocumentSnapshot>().Where(s => s.IsProjectLoaded))
        {
            var began = Stopwatch.GetTimestamp();
            await SymbolReader.ReadAsync(snapshot, CancellationToken.None);
            again.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }

        Print("bound again", again, Environment.CpuUsage.TotalTime - processor);
    }

    /// <summary>The files again and again under other names, with ids of their own, until they are many.</summary>
    private static void PrintGraph(List<(string Path, FileSymbols Symbols)> read)
    {
        var (nodes, edges) = (read.Sum(f => f.Symbols.Nodes.Count), read.Sum(f => f.Symbols.Edges.Count));
        var blobs = read.ConvertAll(f => FileSymbolsBlob.Write(f.Symbols));
        var began = Stopwatch.GetTimestamp();
        blobs.ForEach(b => FileSymbolsBlob.Read(b));
        var reading = Stopwatch.GetElapsedTime(began).TotalMilliseconds * 1000 / blobs.Count;
        Console.WriteLine(
            $"a file: {nodes / read.Count} nodes, {edges / read.Count} edges, {blobs.Sum(b => b.Length) / read.Count} bytes on disk, {reading:0} us to read back"
        );

        var before = GC.GetTotalMemory(forceFullCollection: true);
        var graph = new SymbolGraph(_ => null);
        var putting = TimeSpan.Zero;
        for (var i = 0; i < ManyFiles; i++)
        {
            var copy = i / read.Count;
            var (path, symbols) = read[i % read.Count];
            var renamed = symbols with
            {
                Nodes = [.. symbols.Nodes.Select(n => n with { Id = n.Id + copy })],
                Edges = [.. symbols.Edges.Select(e => e with { Target = e.Target + copy })],
            };
            began = Stopwatch.GetTimestamp();
            graph.Put($"{copy}/{path}", renamed);
            putting += Stopwatch.GetElapsedTime(began);
        }

        var after = GC.GetTotalMemory(forceFullCollection: true);
        Console.WriteLine(
            $"a graph of {graph.Files} files: {(after - before) / 1024.0 / 1024:0.0} MB in memory, {putting.TotalMicroseconds / ManyFiles:0} us to put one"
        );
        GC.KeepAlive(graph);
    }

    private static void Print(string what, List<double> milliseconds, TimeSpan processor)
    {
        if (milliseconds.Count > 0)
        {
            var sorted = milliseconds.Order().ToList();
            Console.WriteLine(
                $"{what, -11} mean {sorted.Average():0.00} ms, p50 {sorted[sorted.Count / 2]:0.00}, p95 {sorted[sorted.Count * 95 / 100]:0.00}, most {sorted[^1]:0.0}; all {sorted.Sum():0} ms, {processor.TotalMilliseconds:0} of the processor"
            );
        }
    }
}
