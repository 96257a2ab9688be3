using BenchmarkDotNet.Running;
using CodeComplete.Benchmarks;
using CodeComplete.Testing;

// `latency [COUNT [DIR]]` drives a spawned server as an editor does, on the sample or on any folder; `recall` and `ablation` measure quality on
// cases cut from a folder's own code; everything else is BenchmarkDotNet's (`--list flat` shows what there is).
if (args is ["latency", ..])
{
    return await LatencyRun.RunAsync(
        args.Length > 1 ? int.Parse(args[1], System.Globalization.CultureInfo.InvariantCulture) : 60,
        args.Length > 2 ? Path.GetFullPath(args[2]) : Product.Sample
    );
}

if (args is ["recall", ..])
{
    return await RecallRun.RunAsync(args[1..]);
}

if (args is ["ablation", ..])
{
    return await AblationRun.RunAsync(args[1..]);
}

BenchmarkSwitcher.FromAssembly(typeof(LatencyRun).Assembly).Run(args);
return 0;
