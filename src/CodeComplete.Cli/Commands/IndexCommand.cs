using System.CommandLine;
using System.Globalization;
using CodeComplete.Cli.Output;
using CodeComplete.Engine;

namespace CodeComplete.Cli.Commands;

/// <summary><c>codecomplete index DIR</c>: reads a workspace into its memory, as a server does in the background.</summary>
internal static class IndexCommand
{
    public static Command Create()
    {
        var folder = new Argument<DirectoryInfo>("DIR") { Description = "The workspace's folder." };
        var common = new CommonOptions();
        var command = new Command("index", "Read a workspace into its memory now, instead of in the background later.") { folder };
        common.AddTo(command, hasWorkspace: false, hasModel: false, hasMemorySwitch: false);
        command.SetAction((parsed, cancellation) => RunAsync(parsed.GetRequiredValue(folder), common.Read(parsed), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(DirectoryInfo folder, CommonValues common, CancellationToken cancellation)
    {
        if (!folder.Exists)
        {
            throw new CommandException($"There is no folder '{folder.FullName}': check the path.");
        }

        using var logs = LogFile.Create(common.Log, common.Settings.LogLevel);
        await using var memory = WorkspaceMemory.Open(common.EngineFor(folder.FullName, firstFile: null, logs));
        var progress = new ProgressLine(Console.Error, Terminal.IsInteractive);
        await memory.IndexAsync(progress.Report, cancellation);
        progress.End();
        var report = memory.Report(cancellation);
        await Terminal.SayAsync(memory.Notices);
        if (report.Owner == MemoryOwner.AnotherProcess)
        {
            Console.WriteLine("Another process has this memory open and indexes the workspace itself; it holds:");
        }

        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{report.Files} files, {report.Snippets} snippets, {report.Words} words, {report.Outcomes} accepted suggestions; {MemoryReportText.Megabytes(report.Disk.Bytes)} MB on disk"
            )
        );
        return ExitCodes.Done;
    }
}
