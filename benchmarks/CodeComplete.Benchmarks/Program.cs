using System.Globalization;
using BenchmarkDotNet.Running;
using CodeComplete.Benchmarks;
using CodeComplete.Testing;

// What no micro-benchmark can tell has a run of its own, named by the first argument; everything else is BenchmarkDotNet's (`--list flat`
// shows what there is).
switch (args)
{
    case ["latency", ..]: // [COUNT [DIR]]: drives a spawned server as an editor does
        return await LatencyRun.RunAsync(Number(1, 60), Folder(2));
    case ["list", ..]: // [DIR[,DIR...]] [PLACES] [SEED] [--peer COMMAND]: the list beside Roslyn's own, and beside another server's
        return await ListRun.RunAsync(args[1..]);
    case ["projects", ..]: // [COUNT]: a solution of so many projects, from its start to a list that needs them
        return await ProjectsRun.RunAsync(Number(1, 200));
    case ["memory", ..]: // [FILES]: the project memory on a synthetic workspace
        return await MemoryRun.RunAsync(Number(1, 10_000));
    case [MemoryRun.OpeningCommand, var root, var data]: // its own child process
        return MemoryRun.Open(root, data);
    case ["typing", ..]: // [FILES]: what typing feels of the index
        return await TypingRun.RunAsync(Number(1, 1000));
    case ["symbols", ..]: // [DIR]: reads its symbol graph
        return await SymbolRun.RunAsync(Folder(1));
    case ["vectors", ..]: // [COUNT]: the vector search's percentiles
        return VectorRun.Run(Number(1, 200_000));
    case ["perplexity", var models, var samples]: // MODEL[,MODEL...] SAMPLES: what models give code they never saw, as the product calls them
        return PerplexityRun.Run([.. models.Split(',').Select(Path.GetFullPath)], samples);
    case ["completions", var samples, ..]: // SAMPLES [COUNT] [--out FILE]: whole completions of the decoder alone, to be compared with another runtime
        return CompletionsRun.Run(samples, Number(2, 100), args is [.., "--out", var requests] ? requests : null);
    case ["recall", ..]: // DIR[,DIR...] [CASES] [SEED]: what the memory gives for cases cut from a folder's own code
        return await RecallRun.RunAsync(args[1..]);
    case ["history", var folders, ..]: // DIR[,DIR...] [COMMITS] [SEED]: what it gains from what its user does, by making commits again
        return await HistoryRun.RunAsync([.. folders.Split(',').Select(Path.GetFullPath)], Number(2, 200), Number(3, 1));
    case ["replay", _, ..]: // DIR[,DIR...] [LINES] [SEED]: lines typed again key by key; what is read again, and what drafts save
        return await ReplayRun.RunAsync(args[1..]);
    case ["keys", var folder, var file, ..]: // DIR FILE [LINES] [SEED]: a session at the keyboard, for `pace`
        return PaceRun.Write(Path.GetFullPath(folder), file, Number(3, 30), Number(4, 1));
    case ["pace", var folder, var file, ..]: // DIR FILE [placed|told]: it is typed at its pace, and what the user waits for is measured
        return await PaceRun.RunAsync(Path.GetFullPath(folder), file, args.Length > 3 ? args[3] : "");
    case ["blocks", _, ..]: // DIR[,DIR...] [CASES] [SEED] [--show]: places that ask for more than a line
        return await BlockRun.RunAsync(args[1..]);
    case ["rank", _, ..]: // DIR[,DIR...] [CASES] [SEED]: where in the list the written member stands
        return await RankRun.RunAsync(args[1..]);
    case ["ablation", ..]: // DIR[,DIR...] [CASES] [SEED] [--configs a,b] [--out F]: what each part of the chain is worth on such cases
        return await AblationRun.RunAsync(args[1..]);
    case ["refused", ..]: // DIR[,DIR...] [CASES] [SEED]: does verification let through the lines that stood there?
        return await RefusedRun.RunAsync(args[1..]);
    case ["leave-out", _, ..]: // DIR[,DIR...] [CASES] [SEED] [--out F]: is recall's order that of use to the model?
        return await LeaveOutRun.RunAsync(args[1..]);
    case ["attention", _, ..]: // DIR[,DIR...] [CASES] [SEED]: which layers' attention says what a piece of the prompt does?
        return await AttentionRun.RunAsync(args[1..]);
    default:
        BenchmarkSwitcher.FromAssembly(typeof(LatencyRun).Assembly).Run(args);
        return 0;
}

int Number(int at, int otherwise) => args.Length > at ? int.Parse(args[at], CultureInfo.InvariantCulture) : otherwise;

string Folder(int at) => args.Length > at ? Path.GetFullPath(args[at]) : Product.Sample;
