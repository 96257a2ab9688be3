using System.CommandLine;
using System.Globalization;
using CodeComplete.Cli.Output;
using CodeComplete.Engine;

namespace CodeComplete.Cli.Commands;

/// <summary><c>codecomplete explain FILE --position LINE:COLUMN</c>: what the cursor sees and what the memory gives there, each with its reason.</summary>
internal static class ExplainCommand
{
    public static Command Create()
    {
        var place = new FilePlace();
        var common = new CommonOptions();
        var command = new Command("explain", "Show what is known at a place, and why each piece of code was recalled.");
        place.AddTo(command);
        common.AddTo(command);
        command.SetAction((parsed, cancellation) => RunAsync(place.Read(parsed), common.Read(parsed), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(FilePlaceValue place, CommonValues common, CancellationToken cancellation)
    {
        await place.ReadAsync(cancellation);
        using var logs = LogFile.Create(common.Log);
        await using var engine = await place.StartAsync(common, logs, cancellation);
        var explanation =
            await engine.ExplainAsync(new GhostRequest(place.File, place.Position, Invoked: true), cancellation)
            ?? throw new CommandException("There is no model, so nothing is recalled for one: see what `codecomplete doctor` says.");
        Write(explanation);
        return ExitCodes.Done;
    }

    private static void Write(Explanation explanation)
    {
        Console.WriteLine(
            string.Join(
                ", ",
                new[]
                {
                    $"Place: {explanation.Place}",
                    explanation.ReceiverType is { } receiver ? $"receiver {receiver}" : null,
                    explanation.ExpectedType is { } expected ? $"expected {expected}" : null,
                    explanation.EnclosingMember is { } member ? $"in {member}" : null,
                }.Where(static part => part is not null)
            )
        );
        var tokens = explanation.Recalled.Sum(static code => code.Tokens);
        Console.WriteLine(
            $"Recalled: {explanation.Recalled.Count} snippets, {tokens} of {explanation.RecallBudget} tokens, {explanation.RecallMilliseconds.ToString("0.0", CultureInfo.InvariantCulture)} ms"
        );
        foreach (var code in explanation.Recalled)
        {
            RecalledCodeText.Write(Console.Out, code, $"({code.Tokens} tokens)");
        }
    }
}
