using System.CommandLine;
using CodeComplete.Cli;
using CodeComplete.Cli.Commands;

using var console = new Utf8Console();
var root = new RootCommand(
    "A C# completion server that runs a small transformer on this machine and shows nothing that does not compile.\n"
        + "Editors start `codecomplete lsp`. To see what it does without an editor:\n"
        + "  codecomplete complete Program.cs --position 12:9"
)
{
    LspCommand.Create(),
    CompleteCommand.Create(),
    ExplainCommand.Create(),
    IndexCommand.Create(),
    MemoryCommand.Create(),
    EvalCommand.Create(),
    DatasetCommand.Create(),
    DoctorCommand.Create(),
};

var parsed = root.Parse(args);
if (parsed.Errors.Count > 0)
{
    await Console.Error.WriteLineAsync($"codecomplete: {OneLine(parsed.Errors[0].Message)} (`codecomplete --help` shows how it is used.)");
    return ExitCodes.WrongUsage;
}

try
{
    return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (CommandException e)
{
    await Console.Error.WriteLineAsync($"codecomplete: {e.Message}");
    return e.ExitCode;
}
catch (OperationCanceledException)
{
    return ExitCodes.Failed;
}
catch (Exception e)
{
    await Console.Error.WriteLineAsync($"codecomplete: {OneLine(e.Message)} (`--log FILE` keeps the details.)");
    return ExitCodes.Failed;
}

// The library lists what it would have taken one by one.
static string OneLine(string message) => string.Join(' ', message.Split(['\r', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries));
