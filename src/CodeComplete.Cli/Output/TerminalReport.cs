using System.Globalization;
using CodeComplete.Engine;

namespace CodeComplete.Cli.Output;

/// <summary>What <c>complete</c> prints for a person: the code with the ghost text in it, the list, and where the time went.</summary>
internal sealed class TerminalReport(TextWriter output, bool colour)
{
    private const int LinesBefore = 6;
    private const int LinesAfter = 3;
    private const int ItemsShown = 15;

    public void Write(
        string text,
        Position position,
        GhostAnswer ghost,
        CompletionAnswer list,
        StageTimings timings,
        IReadOnlyList<string> missing,
        ModelSummary? model
    )
    {
        WriteCode(text.Split('\n'), position, ghost.Ghost);
        output.WriteLine();
        output.WriteLine(
            ghost.Ghost is { } g
                ? $"Ghost text: {(g.Verified == true ? "compiles" : "not verified")}, mean probability {g.Probability.ToString("P0", CultureInfo.InvariantCulture)}"
                : $"No ghost text: {ghost.Why}."
        );
        output.WriteLine();
        WriteList(list);
        output.WriteLine();
        WriteTimings(timings, model);
        foreach (var line in missing)
        {
            output.WriteLine($"Note: {line}.");
        }
    }

    private void WriteCode(string[] lines, Position position, GhostText? ghost)
    {
        for (var i = Math.Max(0, position.Line - LinesBefore); i <= Math.Min(lines.Length - 1, position.Line + LinesAfter); i++)
        {
            var line = lines[i].TrimEnd('\r');
            output.Write(Styled($"{i + 1, 5} | ", Terminal.Dim));
            if (i != position.Line)
            {
                output.WriteLine(line);
                continue;
            }

            output.Write(line[..position.Character]);
            // Without colour the ghost text is put between marks, so that it can be told from the code.
            output.Write(
                ghost is null ? Mark("|")
                : colour ? Styled(ghost.Text, Terminal.Dim)
                : $"«{ghost.Text}»"
            );
            output.WriteLine(line[position.Character..]);
        }
    }

    private void WriteList(CompletionAnswer list)
    {
        output.WriteLine($"List: {list.Items.Count} items{(list.IsIncomplete ? " (incomplete)" : "")}");
        foreach (var item in list.Items.Take(ItemsShown))
        {
            var star = item.Starred ? Styled("★ ", Terminal.Yellow) : "  ";
            output.WriteLine(
                $"  {star}{item.Label + item.LabelDetail, -40} {item.Kind.ToString().ToLowerInvariant(), -12} {item.Description}".TrimEnd()
            );
        }

        if (list.Items.Count > ItemsShown)
        {
            output.WriteLine($"    ... and {list.Items.Count - ItemsShown} more");
        }
    }

    private void WriteTimings(StageTimings t, ModelSummary? model)
    {
        output.WriteLine($"Timings (ms): {t}");
        if (model is not null)
        {
            output.WriteLine($"Model: {model.Name} ({model.Graph} on {model.Provider})");
        }
    }

    private string Mark(string text) => Styled(text, Terminal.Bold);

    private string Styled(string text, string style) => colour ? style + text + Terminal.Reset : text;
}
