using BenchmarkDotNet.Running;
using CodeComplete.Benchmarks;
using CodeComplete.Testing;

// `latency [COUNT [DIR]]` drives a spawned server as an editor does, on the sample or on any folder; `vectors [COUNT]` gives the
// vector search's percentiles; everything else is BenchmarkDotNet's (`--list flat` shows what there is).
if (args is ["latency", ..])
{
    return await LatencyRun.RunAsync(
        args.Length > 1 ? int.Parse(args[1], System.Globalization.CultureInfo.InvariantCulture) : 60,
        args.Length > 2 ? Path.GetFullPath(args[2]) : Product.Sample
    );
}

if (args is ["vectors", ..])
{
    return VectorRun.Run(args.Length > 1 ? int.Parse(args[1], System.Globalization.CultureInfo.InvariantCulture) : 200_000);
}

BenchmarkSwitcher.FromAssembly(typeof(LatencyRun).Assembly).Run(args);
return 0;
