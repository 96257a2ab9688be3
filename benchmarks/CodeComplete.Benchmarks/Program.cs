using BenchmarkDotNet.Running;
using CodeComplete.Benchmarks;
using CodeComplete.Testing;

// `latency [COUNT [DIR]]` drives a spawned server as an editor does, on the sample or on any folder; `memory [FILES]` measures the project memory on a
// synthetic workspace of 10,000 files; everything else is BenchmarkDotNet's (`--list flat` shows what there is).
if (args is ["latency", ..])
{
    return await LatencyRun.RunAsync(
        args.Length > 1 ? int.Parse(args[1], System.Globalization.CultureInfo.InvariantCulture) : 60,
        args.Length > 2 ? Path.GetFullPath(args[2]) : Product.Sample
    );
}

if (args is ["memory", ..])
{
    return await MemoryRun.RunAsync(args.Length > 1 ? int.Parse(args[1], System.Globalization.CultureInfo.InvariantCulture) : 10_000);
}

if (args is [MemoryRun.OpeningCommand, var root, var data])
{
    return MemoryRun.Open(root, data);
}

BenchmarkSwitcher.FromAssembly(typeof(LatencyRun).Assembly).Run(args);
return 0;
