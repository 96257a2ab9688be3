using System.CommandLine;
using System.Globalization;
using CodeComplete.Cli.Output;
using CodeComplete.Engine;
using Microsoft.Extensions.Logging;

namespace CodeComplete.Cli.Commands;

/// <summary><c>codecomplete memory stats|search|forget</c>: looks into the memory of a workspace, and takes out of it.</summary>
internal static class MemoryCommand
{
    private const int SnippetsShown = 5;

    public static Command Create() =>
        new("memory", "Look into the memory of a workspace, or take something out of it.")
        {
            CreateStats(),
            CreateSearch(),
            CreateForget(),
        };

    private static Command CreateStats()
    {
        var folder = new Argument<DirectoryInfo?>("DIR")
        {
            Description =
                "The workspace's folder (default: the nearest one above the current folder with a solution, a .git folder or a project).",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var json = new Option<bool>("--json") { Description = "Print JSON instead of text." };
        var common = new CommonOptions();
        var command = new Command("stats", "Show what the memory holds, what it takes of its budgets, and where it lies.") { folder, json };
        common.AddTo(command, hasWorkspace: false, hasProvider: false, hasMemorySwitch: false);
        command.SetAction(
            (parsed, cancellation) => StatsAsync(parsed.GetValue(folder), parsed.GetValue(json), common.Read(parsed), cancellation)
        );
        return command;
    }

    private static Command CreateSearch()
    {
        var text = new Argument<string>("TEXT") { Description = "Code, as if it were being written: names count, and their parts." };
        var common = new CommonOptions();
        var command = new Command("search", "Show which code the memory would recall where TEXT is being written, and why.") { text };
        common.AddTo(command, hasModel: false, hasMemorySwitch: false);
        command.SetAction((parsed, cancellation) => SearchAsync(parsed.GetRequiredValue(text), common.Read(parsed), cancellation));
        return command;
    }

    private static Command CreateForget()
    {
        var all = new Option<bool>("--all")
        {
            Description = "Forget everything. The workspace is read again by the next start of a server.",
        };
        var path = new Option<string?>("--path")
        {
            Description =
                "Forget a file or a folder, as `memory search` prints it: relative to the workspace. While it is there, it is read again by the next start of a server, unless it is excluded.",
            HelpName = "PATH",
        };
        var word = new Option<string?>("--word")
        {
            Description = "Forget a word for good: no line with it is ever kept again. Only a salted hash of it stays.",
            HelpName = "WORD",
        };
        var common = new CommonOptions();
        var command = new Command("forget", "Erase something from the memory: everything, a path, or a word.") { all, path, word };
        common.AddTo(command, hasModel: false, hasMemorySwitch: false);
        command.Validators.Add(result =>
        {
            if (new Option[] { all, path, word }.Count(option => result.GetResult(option) is { Implicit: false }) != 1)
            {
                result.AddError("Say what to forget: one of --all, --path PATH and --word WORD.");
            }
        });
        command.SetAction(
            (parsed, cancellation) =>
            {
                var values = common.Read(parsed);
                return parsed.GetValue(path) is { } named ? ForgetAsync(values, (memory, root) => memory.ForgetPath(Inside(root, named)))
                    : parsed.GetValue(word) is { } secret ? ForgetAsync(values, (memory, _) => ForgetWord(memory, secret))
                    : ForgetAsync(values, static (memory, _) => memory.ForgetAll());
            }
        );
        return command;
    }

    private static async Task<int> StatsAsync(DirectoryInfo? folder, bool json, CommonValues common, CancellationToken cancellation)
    {
        if (folder is { Exists: false })
        {
            throw new CommandException($"There is no folder '{folder.FullName}': check the path.");
        }

        using var logs = LogFile.Create(common.Log, common.Settings.LogLevel);
        await using var memory = Open(folder?.FullName ?? RootOf(common), common, logs);
        var report = memory.Report(cancellation);
        await Terminal.SayAsync(memory.Notices);
        if (json)
        {
            await JsonReport.WriteAsync(Console.OpenStandardOutput(), report, cancellation);
        }
        else
        {
            MemoryReportText.Write(Console.Out, report);
        }

        return ExitCodes.Done;
    }

    private static async Task<int> SearchAsync(string text, CommonValues common, CancellationToken cancellation)
    {
        using var logs = LogFile.Create(common.Log, common.Settings.LogLevel);
        await using var memory = Open(RootOf(common), common, logs);
        var found = memory.Search(text, SnippetsShown, cancellation);
        await Terminal.SayAsync(memory.Notices);
        Console.WriteLine(found.Count == 0 ? "Nothing is like this." : $"Found: {found.Count} snippets, the best first");
        foreach (var code in found)
        {
            var score = code.Score.ToString("0.000", CultureInfo.InvariantCulture);
            RecalledCodeText.Write(Console.Out, code, $"({string.Join(", ", code.Sources)}; score {score})");
        }

        return ExitCodes.Done;
    }

    private static async Task<int> ForgetAsync(CommonValues common, Func<WorkspaceMemory, string, Forgotten> forget)
    {
        var root = RootOf(common);
        using var logs = LogFile.Create(common.Log, common.Settings.LogLevel);
        await using var memory = Open(root, common, logs);
        var forgotten = forget(memory, root);
        await Terminal.SayAsync(memory.Notices);
        Console.WriteLine(
            forgotten is { Files: 0, Outcomes: 0 }
                ? "Nothing of it was known."
                : $"Forgotten: what was kept of it in {forgotten.Files} files, and {forgotten.Outcomes} outcomes of suggestions."
        );
        return forgotten.Problem is null ? ExitCodes.Done : throw new CommandException(forgotten.Problem);
    }

    private static Forgotten ForgetWord(WorkspaceMemory memory, string word)
    {
        try
        {
            return memory.ForgetWord(word);
        }
        catch (ArgumentException)
        {
            throw new CommandException("--word: a word has at least three characters and no line end.", ExitCodes.WrongUsage);
        }
    }

    private static string Inside(string root, string path)
    {
        var relative = Path.GetRelativePath(root, Path.Combine(root, path));
        return
            relative is "." or ".."
            || relative.StartsWith(".." + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            || Path.IsPathRooted(relative)
            ? throw new CommandException($"--path: '{path}' is not inside '{root}'.", ExitCodes.WrongUsage)
            : relative;
    }

    private static string RootOf(CommonValues common) => common.Workspace ?? WorkspaceRoot.Above(Environment.CurrentDirectory);

    private static WorkspaceMemory Open(string root, CommonValues common, ILoggerFactory logs) =>
        WorkspaceMemory.Open(common.EngineFor(root, firstFile: null, logs));
}
