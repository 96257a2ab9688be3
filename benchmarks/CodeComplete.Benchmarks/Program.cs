using BenchmarkDotNet.Running;
using CodeComplete.Benchmarks;

// `latency` drives a spawned server as an editor does; everything else is BenchmarkDotNet's (`--list flat` shows what there is).
if (args is ["latency", ..])
{
    return await LatencyRun.RunAsync(args.Length > 1 ? int.Parse(args[1], System.Globalization.CultureInfo.InvariantCulture) : 60);
}

BenchmarkSwitcher.FromAssembly(typeof(LatencyRun).Assembly).Run(args);
return 0;
