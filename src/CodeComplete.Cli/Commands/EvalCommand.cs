using System.CommandLine;
using CodeComplete.Cli.Output;
using CodeComplete.Engine.Evaluation;

namespace CodeComplete.Cli.Commands;

/// <summary><c>codecomplete eval</c>: how good the suggestions are on a project's own code, and whether two runs differ.</summary>
internal static class EvalCommand
{
    private const int DefaultCases = 100;

    public static Command Create()
    {
        var folder = new EvaluatedFolderArguments("--cases", $"How many cases at most (default: {DefaultCases}, or all of --cases-file).");
        var file = new Option<FileInfo?>("--cases-file")
        {
            Description = "Run these cases instead of drawing some: JSON lines {\"id\",\"file\",\"offset\",\"groundtruth\",\"kind\"}.",
            HelpName = "F.jsonl",
        };
        var report = new Option<FileInfo?>("--report")
        {
            Description = "Write the results to this file, and a page to read beside it. An unfinished report is gone on with.",
            HelpName = "OUT.json",
        };
        var compare = new Option<FileInfo[]>("--compare")
        {
            Description = "Instead of a run: tell of two reports of the same cases whether the second differs from the first.",
            HelpName = "A.json B.json",
            Arity = new ArgumentArity(2, 2),
            AllowMultipleArgumentsPerToken = true,
        };
        var command = new Command("eval", "Measure the suggestions on a project's own code, or compare two such measurements.");
        folder.AddTo(command);
        command.Options.Add(file);
        command.Options.Add(report);
        command.Options.Add(compare);
        command.Validators.Add(result =>
        {
            var compares = result.GetResult(compare) is not null;
            var runs = folder.HasFolder(result) && result.GetResult(report) is not null;
            if (compares && (folder.HasFolder(result) || result.GetResult(report) is not null))
            {
                result.AddError("--compare A.json B.json stands alone: it runs nothing.");
            }
            else if (!compares && !runs)
            {
                result.AddError("Say what to evaluate, and where to write: eval DIR --report OUT.json, or eval --compare A.json B.json.");
            }
        });
        command.SetAction(
            (parsed, cancellation) =>
                parsed.GetValue(compare) is [var first, var second]
                    ? Task.FromResult(Compare(first.FullName, second.FullName))
                    : RunAsync(folder, parsed, parsed.GetValue(file)?.FullName, parsed.GetValue(report)!.FullName, cancellation)
        );
        return command;
    }

    private static async Task<int> RunAsync(
        EvaluatedFolderArguments folder,
        ParseResult parsed,
        string? file,
        string report,
        CancellationToken cancellation
    )
    {
        var common = folder.Common(parsed);
        using var logs = LogFile.Create(common.Log, common.Settings.LogLevel);
        var options = folder.Read(parsed, logs);
        var selection = folder.Selection(parsed, file is null ? DefaultCases : null) with { File = file };
        var page = Path.ChangeExtension(report, ".html");
        if (page == report)
        {
            throw new CommandException(
                "--report: name a file that ends in .json; the page to read is written beside it.",
                ExitCodes.WrongUsage
            );
        }

        var before = File.Exists(report) ? File.GetLastWriteTimeUtc(report) : (DateTime?)null;
        var result = await EvaluationProgress.ShowAsync(progress =>
            EvaluationRun.RunAsync(options, selection, report, ProductVersion.Text, progress, cancellation)
        );
        await File.WriteAllTextAsync(page, EvaluationPage.Of(result), cancellation);
        EvaluationText.Write(Console.Out, result);
        if (before == File.GetLastWriteTimeUtc(report))
        {
            Console.WriteLine("All cases were in the report already, so nothing was run: remove it to measure again.");
        }

        Console.WriteLine($"Report: {report} and, to read, {page}");
        return ExitCodes.Done;
    }

    private static int Compare(string first, string second)
    {
        try
        {
            var comparison = ReportComparison.Of(EvaluationReport.Read(first), EvaluationReport.Read(second));
            EvaluationText.Write(Console.Out, comparison);
            return ExitCodes.Done;
        }
        catch (EvaluationException e)
        {
            throw new CommandException(e.Message);
        }
    }
}
