using System.Globalization;
using CodeComplete.Engine;

namespace CodeComplete.Cli.Output;

/// <summary>An explanation in lines, for a terminal.</summary>
internal static class ExplanationText
{
    private const int MostNames = 12;

    public static string Place(Explanation explanation) =>
        string.Join(
            ", ",
            new[]
            {
                $"Place: {explanation.Place}",
                explanation.ReceiverType is { } receiver ? $"receiver {receiver}" : null,
                explanation.ExpectedType is { } expected ? $"expected {expected}" : null,
                explanation.EnclosingMember is { } member ? $"in {member}" : null,
            }.Where(static part => part is not null)
        );

    public static void Write(TextWriter output, Explanation explanation)
    {
        output.WriteLine(Place(explanation));
        output.WriteLine(
            explanation.Names is { } names
                ? $"Names: {names.Count} ({string.Join(", ", names.Take(MostNames))}{(names.Count > MostNames ? ", ..." : "")})"
                : "Names: free, no name need begin here, or a new one may"
        );
        foreach (var line in explanation.Lines)
        {
            output.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Line: {line.Text}  ({(line.Verified == true ? "compiles" : "not judged")}, probability {line.Probability:0.00}, least {line.Lowest:0.00})"
                )
            );
        }

        if (explanation.Objection is { } objection)
        {
            output.WriteLine($"Objection: {objection}");
        }

        var tokens = explanation.Recalled.Sum(static code => code.Tokens);
        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"Recalled: {explanation.Recalled.Count} snippets, {tokens} of {explanation.RecallBudget} tokens, {explanation.RecallMilliseconds:0.0} ms"
            )
        );
        foreach (var code in explanation.Recalled)
        {
            var name = $"{code.Path}:{code.StartLine + 1}";
            var fall = explanation.Prompt.FirstOrDefault(part => part.Name == name)?.Fall is { } by
                ? string.Create(CultureInfo.InvariantCulture, $", without it the line is {Math.Exp(by):0.00} times less probable")
                : "";
            RecalledCodeText.Write(output, code, $"({code.Tokens} tokens{fall})");
        }
    }
}
