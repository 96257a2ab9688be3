using System.CommandLine;
using CodeComplete.Cli.Output;
using CodeComplete.Engine;

namespace CodeComplete.Cli.Commands;

/// <summary><c>codecomplete doctor</c>: what is installed, what works, what is slow, and what to do.</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        var common = new CommonOptions();
        var command = new Command("doctor", "Check this machine: what is installed, what works, what is slow, and what to do.");
        common.AddTo(command, hasWorkspace: false, hasLog: false);
        command.SetAction((parsed, cancellation) => RunAsync(common.Read(parsed), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(CommonValues common, CancellationToken cancellation)
    {
        var failed = false;
        await foreach (var finding in Doctor.ExamineAsync(common.Settings, common.DataDirectory, cancellation))
        {
            failed |= finding.Health == Health.Broken;
            Console.WriteLine(Terminal.Line(finding));
        }

        Console.WriteLine(
            Terminal.Line(
                new Finding(
                    "log",
                    Health.Good,
                    $"{LogFile.DefaultPath(common.DataDirectory)}, at most {LogFile.MostBytes >> 20} MB and its .old; the setting log.level says what it takes"
                )
            )
        );
        return failed ? ExitCodes.Failed : ExitCodes.Done;
    }
}
