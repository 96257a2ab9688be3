using System.CommandLine;
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

        using var logs = LogFile.Create(common.Log);
        await using var indexing = MemoryIndexing.Open(common.EngineFor(folder.FullName, firstFile: null, logs));
        var progress = new ProgressLine(Console.Error, Terminal.IsInteractive);
        await indexing.RunAsync(progress.Report, cancellation);
        progress.End();
        foreach (var notice in indexing.Notices)
        {
            await Console.Error.WriteLineAsync($"codecomplete: {notice.Message}");
        }

        Console.WriteLine(indexing.Summary);
        return ExitCodes.Done;
    }
}
