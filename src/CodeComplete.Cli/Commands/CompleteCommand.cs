using System.CommandLine;
using CodeComplete.Cli.Output;
using CodeComplete.Engine;

namespace CodeComplete.Cli.Commands;

/// <summary><c>codecomplete complete FILE --position LINE:COLUMN</c>: ghost text and the list at a place.</summary>
internal static class CompleteCommand
{
    public static Command Create()
    {
        var file = new Argument<FileInfo>("FILE") { Description = "A C# file." };
        var position = PositionOption.Create();
        var json = new Option<bool>("--json") { Description = "Print JSON instead of text." };
        var timeout = new Option<double>("--timeout")
        {
            Description = "How many seconds to wait for the file's project and the index before answering from what is there.",
            HelpName = "SECONDS",
            DefaultValueFactory = _ => 60,
        };
        var common = new CommonOptions();
        var command = new Command("complete", "Show the ghost text and the list at a place in a file.") { file, position, json, timeout };
        common.AddTo(command);
        command.SetAction(
            (parsed, cancellation) =>
                RunAsync(
                    parsed.GetRequiredValue(file).FullName,
                    parsed.GetRequiredValue(position),
                    parsed.GetValue(json),
                    TimeSpan.FromSeconds(Math.Clamp(parsed.GetValue(timeout), 0, 86_400)),
                    common.Read(parsed),
                    cancellation
                )
        );
        return command;
    }

    private static async Task<int> RunAsync(
        string file,
        Position position,
        bool json,
        TimeSpan timeout,
        CommonValues common,
        CancellationToken cancellation
    )
    {
        var text = await ReadAsync(file, cancellation);
        CheckInside(file, text, position);

        using var logs = LogFile.Create(common.Log);
        await using var engine = CompletionEngine.Start(common.EngineFor(common.Workspace ?? WorkspaceRoot.Of(file), file, logs));
        var missing = await engine.WhenReadyAsync(file, timeout, cancellation);
        foreach (var notice in engine.Notices)
        {
            await Console.Error.WriteLineAsync($"codecomplete: {notice.Message}");
        }

        // Each on its own: the list's stars and the ghost text share one decoder, and their timings are to be told apart.
        var ghost = await engine.CompleteInlineAsync(new GhostRequest(file, position, Invoked: true), cancellation);
        var list = await engine.CompleteListAsync(new ListRequest(file, position, WaitForStars: true), cancellation);
        var timings = ghost.Timings with { List = list.Timings.List, Total = ghost.Timings.Total + list.Timings.Total };

        if (json)
        {
            await JsonReport.WriteAsync(Console.OpenStandardOutput(), ghost, list, timings, missing, cancellation);
        }
        else
        {
            new TerminalReport(Console.Out, Terminal.HasColour).Write(text, position, ghost, list, timings, missing, engine.Model);
        }

        return ExitCodes.Done;
    }

    private static async Task<string> ReadAsync(string file, CancellationToken cancellation)
    {
        if (!file.EndsWith(".cs", StringComparison.OrdinalIgnoreCase))
        {
            throw new CommandException($"'{file}' is no C# file: name one that ends in .cs.");
        }

        try
        {
            return await File.ReadAllTextAsync(file, cancellation);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CommandException($"There is no file '{file}': check the path.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"'{file}' cannot be read ({e.Message}): check its permissions.");
        }
    }

    private static void CheckInside(string file, string text, Position position)
    {
        var lines = text.Split('\n');
        if (position.Line >= lines.Length)
        {
            throw new CommandException($"--position: line {position.Line + 1} is outside '{file}', which has {lines.Length} lines.");
        }

        var length = lines[position.Line].TrimEnd('\r').Length;
        if (position.Character > length)
        {
            throw new CommandException(
                $"--position: column {position.Character + 1} is outside line {position.Line + 1} of '{file}', whose last column is {length + 1}."
            );
        }
    }
}
