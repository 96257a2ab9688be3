using System.CommandLine;
using CodeComplete.Cli.Output;
using CodeComplete.Engine;

namespace CodeComplete.Cli.Commands;

/// <summary>
/// <c>codecomplete explain FILE --position LINE:COLUMN [--out PAGE]</c>: what the cursor sees, what the memory gives, each with its reason, what each
/// piece of the prompt does for the suggestion, and how much of the model's attention it gets.
/// </summary>
internal static class ExplainCommand
{
    public static Command Create()
    {
        var place = new FilePlace();
        var common = new CommonOptions();
        var command = new Command(
            "explain",
            "Show what is known at a place, why each piece of code was recalled, what it does for the suggestion, and where the model looks."
        );
        var page = new Option<FileInfo>("--out")
        {
            Description =
                "Also leave out each line of the document, and write all of it as one HTML page. Takes a reading of the prompt a line.",
            HelpName = "PAGE",
        };
        var layers = LayersOption.Create();
        command.Options.Add(page);
        command.Options.Add(layers);
        place.AddTo(command);
        common.AddTo(command);
        command.SetAction(
            (parsed, cancellation) =>
                RunAsync(place.Read(parsed), common.Read(parsed), parsed.GetValue(page), parsed.GetValue(layers), cancellation)
        );
        return command;
    }

    private static async Task<int> RunAsync(
        FilePlaceValue place,
        CommonValues common,
        FileInfo? page,
        LayerRange? layers,
        CancellationToken cancellation
    )
    {
        await place.ReadAsync(cancellation);
        using var logs = LogFile.Create(common.Log, common.Settings.LogLevel);
        await using var engine = await place.StartAsync(common, logs, cancellation);
        var explanation =
            await engine.ExplainAsync(
                new GhostRequest(place.File, place.Position, Invoked: true),
                new ExplainOptions { WithLines = page is not null, Layers = layers },
                cancellation
            ) ?? throw new CommandException("There is no model, so nothing is recalled for one: see what `codecomplete doctor` says.");
        ExplanationText.Write(Console.Out, explanation);
        if (page is not null)
        {
            await WriteAsync(
                page.FullName,
                ExplanationPage.Of(explanation, $"{Path.GetFileName(place.File)}, line {place.Position.Line + 1}"),
                cancellation
            );
        }

        return ExitCodes.Done;
    }

    private static async Task WriteAsync(string path, string page, CancellationToken cancellation)
    {
        try
        {
            await File.WriteAllTextAsync(path, page, cancellation);
            Console.WriteLine($"\nThe page is {path}.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"'{path}' cannot be written ({e.Message.TrimEnd('.')}): name another file with --out.");
        }
    }
}
