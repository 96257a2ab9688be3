using BenchmarkDotNet.Running;
using CodeComplete.Benchmarks;
using CodeComplete.Testing;

// `latency [COUNT [DIR]]` drives a spawned server as an editor does, on the sample or on any folder; `symbols [DIR]` reads its symbol graph; everything else is BenchmarkDotNet's (`--list flat` shows what there is).
if (args is ["latency", ..])
{
    return await LatencyRun.RunAsync(
        args.Length > 1 ? int.Parse(args[1], System.Globalization.CultureInfo.InvariantCulture) : 60,
        args.Length > 2 ? Path.GetFullPath(args[2]) : Product.Sample
    );
}

if (args is ["symbols", ..])
{
    return await SymbolRun.RunAsync(args.Length > 1 ? Path.GetFullPath(args[1]) : Product.Sample);
}

BenchmarkSwitcher.FromAssembly(typeof(LatencyRun).Assembly).Run(args);
return 0;
