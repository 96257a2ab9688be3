using System.CommandLine;
using System.Globalization;
using CodeComplete.Cli.Output;
using CodeComplete.Engine.Evaluation;

namespace CodeComplete.Cli.Commands;

/// <summary><c>codecomplete dataset DIR --out FOLDER</c>: training samples in the product's own prompts.</summary>
internal static class DatasetCommand
{
    private const int DefaultSamples = 10_000;

    public static Command Create()
    {
        var folder = new EvaluatedFolderArguments("--samples", $"How many samples at most (default: {DefaultSamples}).");
        var output = new Option<DirectoryInfo>("--out")
        {
            Description = "The folder to write to: samples-00000.jsonl and so on, and manifest.json. An unfinished one is gone on with.",
            HelpName = "FOLDER",
            Required = true,
        };
        var ofAFile = EvaluatedFolderArguments.WholeNumber(
            "--samples-per-file",
            $"How many samples a file holds (default: {DatasetRun.DefaultSamplesOfAFile})."
        );
        var command = new Command("dataset", "Write training samples of a project's own code in the prompts that the product makes there.");
        folder.AddTo(command);
        command.Options.Add(output);
        command.Options.Add(ofAFile);
        command.Validators.Add(result =>
        {
            if (!folder.HasFolder(result))
            {
                result.AddError("Say of which folder: dataset DIR --out FOLDER.");
            }
        });
        command.SetAction(
            (parsed, cancellation) =>
                RunAsync(
                    folder,
                    parsed,
                    parsed.GetRequiredValue(output).FullName,
                    parsed.GetValue(ofAFile) ?? DatasetRun.DefaultSamplesOfAFile,
                    cancellation
                )
        );
        return command;
    }

    private static async Task<int> RunAsync(
        EvaluatedFolderArguments folder,
        ParseResult parsed,
        string output,
        int ofAFile,
        CancellationToken cancellation
    )
    {
        var common = folder.Common(parsed);
        using var logs = LogFile.Create(common.Log, common.Settings.LogLevel);
        var options = folder.Read(parsed, logs);
        var selection = folder.Selection(parsed, DefaultSamples);
        var manifest = await EvaluationProgress.ShowAsync(progress =>
            DatasetRun.RunAsync(options, selection, output, ofAFile, ProductVersion.Text, progress, cancellation)
        );
        var counts = manifest.Counts!;
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{counts.Samples} samples in {counts.Files} files, {counts.PromptTokens} tokens of prompts and {counts.MiddleTokens} to write; {counts.LeftOut} left out"
            )
        );
        Console.WriteLine($"Data set: {output}");
        return ExitCodes.Done;
    }
}
