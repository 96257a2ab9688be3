using System.Globalization;
using CodeComplete.Engine;

namespace CodeComplete.Cli.Output;

/// <summary>An explanation in lines, for a terminal.</summary>
internal static class ExplanationText
{
    private const int MostNames = 12;
    private const int MostLines = 5;

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
        if (explanation.RecalledWith is { } asked)
        {
            output.WriteLine($"          asked a second time, as if this stood there: {asked.Trim()}");
        }

        foreach (var code in explanation.Recalled)
        {
            var name = $"{code.Path}:{code.StartLine + 1}";
            var fall = explanation.Prompt.FirstOrDefault(part => part.Name == name)?.Fall is { } by
                ? string.Create(CultureInfo.InvariantCulture, $", without it the line is {Math.Exp(by):0.00} times less probable")
                : "";
            RecalledCodeText.Write(output, code, $"({code.Tokens} tokens{fall})");
        }

        WriteAttention(output, explanation);
    }

    private static void WriteAttention(TextWriter output, Explanation explanation)
    {
        if (explanation.NoAttention is { } why)
        {
            output.WriteLine();
            output.WriteLine(why);
        }

        if (explanation.Layers is not { } layers)
        {
            return;
        }

        output.WriteLine();
        output.WriteLine(
            $"Where the model looks while it writes the line (layers {layers.First} to {layers.Last}, the prompt's first token left out):"
        );
        foreach (var part in explanation.Prompt.Where(static part => part.Kind == ExplainedPartKind.Snippet).Reverse())
        {
            Row(part.Attention, part.Name);
        }

        var lines = explanation.Prompt.Where(static part => part.Kind == ExplainedPartKind.Line).ToList();
        Row(
            explanation.Prompt.Where(static part => part.Kind == ExplainedPartKind.Suffix).Sum(static part => part.Attention),
            "below the cursor"
        );
        Row(lines.Sum(static line => line.Attention), "above the cursor, most of it at");
        foreach (var line in lines.OrderByDescending(static line => line.Attention).Take(MostLines))
        {
            Row(line.Attention, "    " + line.Text.Trim());
        }

        void Row(double? share, string what) =>
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{100 * share, 6:0.0} %  {what}"));
    }
}
