using System.CommandLine;
using CodeComplete.Cli.Output;
using CodeComplete.Engine;
using CodeComplete.Server;

namespace CodeComplete.Cli.Commands;

/// <summary><c>codecomplete lsp</c>: the language server, on standard input and output.</summary>
internal static class LspCommand
{
    public static Command Create()
    {
        // Editors' clients add it by habit; standard input and output are the only way there is.
        var stdio = new Option<bool>("--stdio") { Description = "Speak over standard input and output (the default, and the only way)." };
        var common = new CommonOptions();
        var command = new Command("lsp", "Run the language server; editors start this.") { stdio };
        // The editor says where the workspace is.
        common.AddTo(command, hasWorkspace: false);
        command.SetAction((parsed, cancellation) => RunAsync(common.Read(parsed), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(CommonValues common, CancellationToken cancellation)
    {
        CompletionEngine.Prepare();
        var file = new LogFile(common.Log ?? LogFile.DefaultPath(common.DataDirectory));
        using var logs = file.CreateFactory();
        await using var input = Console.OpenStandardInput();
        await using var output = Console.OpenStandardOutput();

        // Whatever else writes to the console by mistake must not break the protocol (invariant 6).
        Console.SetOut(Console.Error);
        var server = new LanguageServer(
            new ServerOptions
            {
                CreateEngine = start =>
                    CompletionEngine.Start(
                        new EngineOptions
                        {
                            WorkspaceFolders = start.WorkspaceFolders,
                            Settings = start.Settings,
                            DataDirectory = common.DataDirectory,
                            RemembersProjects = true,
                            Logs = logs,
                        }
                    ),
                Version = ProductVersion.Text,
                Logs = logs,
                Overrule = common.Onto,
                SetLogLevel = level => file.Level = level,
            }
        );
        return await server.RunAsync(input, output, cancellation);
    }
}
