using System.CommandLine;
using CodeComplete.Cli.Output;
using CodeComplete.Engine;

namespace CodeComplete.Cli.Commands;

/// <summary><c>codecomplete complete FILE --position LINE:COLUMN</c>: ghost text and the list at a place.</summary>
internal static class CompleteCommand
{
    public static Command Create()
    {
        var place = new FilePlace();
        var json = new Option<bool>("--json") { Description = "Print JSON instead of text." };
        var common = new CommonOptions();
        var command = new Command("complete", "Show the ghost text and the list at a place in a file.");
        place.AddTo(command);
        command.Options.Add(json);
        common.AddTo(command);
        command.SetAction((parsed, cancellation) => RunAsync(place.Read(parsed), parsed.GetValue(json), common.Read(parsed), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(FilePlaceValue place, bool json, CommonValues common, CancellationToken cancellation)
    {
        var text = await place.ReadAsync(cancellation);
        using var logs = LogFile.Create(common.Log, common.Settings.LogLevel);
        await using var engine = await place.StartAsync(common, logs, cancellation);

        // Each on its own: the list's stars and the ghost text share one decoder, and their timings are to be told apart.
        var ghost = await engine.CompleteInlineAsync(
            new GhostRequest(place.File, place.Position, Invoked: true) { Thorough = true },
            cancellation
        );
        var list = await engine.CompleteListAsync(new ListRequest(place.File, place.Position, WaitForStars: true), cancellation);
        var timings = ghost.Timings with { List = list.Timings.List, Total = ghost.Timings.Total + list.Timings.Total };

        if (json)
        {
            await JsonReport.WriteAsync(Console.OpenStandardOutput(), ghost, list, timings, place.Missing, cancellation);
        }
        else
        {
            var report = new TerminalReport(Console.Out, Terminal.HasColour);
            report.Write(text, place.Position, ghost, list, timings, place.Missing, engine.Model);
        }

        return ExitCodes.Done;
    }
}
