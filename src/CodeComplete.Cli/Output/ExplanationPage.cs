using System.Globalization;
using System.Text;
using CodeComplete.Engine;

namespace CodeComplete.Cli.Output;

/// <summary>An explanation as one page: the prompt, each piece shaded by what it does for the suggestion.</summary>
internal static class ExplanationPage
{
    private const int MostNames = 400;

    /// <param name="place">The file and the cursor, for people.</param>
    public static string Of(Explanation explanation, string place)
    {
        var page = new StringBuilder(HtmlPage.Head(place));
        page.Append($"<h1>{HtmlPage.Escaped(place)}</h1>\n<p>{HtmlPage.Escaped(ExplanationText.Place(explanation))}</p>\n");
        Lines(page, explanation);
        page.Append("<h2>The names that the compiler allows here</h2>\n");
        page.Append(
            explanation.Names is { } names
                ? $"<details><summary>{names.Count} names</summary><p>{HtmlPage.Escaped(string.Join(", ", names.Take(MostNames)))}{(names.Count > MostNames ? ", ..." : "")}</p></details>\n"
                : "<p>Free: no name need begin here, or a new one may.</p>\n"
        );
        page.Append("<h2>What was recalled</h2>\n");
        foreach (var code in explanation.Recalled)
        {
            page.Append($"<p>{HtmlPage.Escaped($"{code.Path}:{code.StartLine + 1}, {code.Tokens} tokens: {code.Reason}")}</p>\n");
        }

        Prompt(page, explanation.Prompt);
        page.Append(HtmlPage.End);
        return page.ToString();
    }

    private static void Lines(StringBuilder page, Explanation explanation)
    {
        page.Append("<h2>What the model writes</h2>\n");
        if (explanation.Objection is { } objection)
        {
            page.Append($"<p class=\"bad\">{HtmlPage.Escaped(objection)}</p>\n");
        }

        page.Append(
            "<div class=\"wide\"><table>\n<tr><th>line</th><th>compiles</th><th>probability, mean</th><th>of its least likely token</th></tr>\n"
        );
        foreach (var line in explanation.Lines)
        {
            var compiles = line.Verified == true ? "<span class=\"good\">yes</span>" : "not known";
            page.Append(
                $"<tr><td class=\"code\">{HtmlPage.Escaped(line.Text)}</td><td>{compiles}</td><td>{Number(line.Probability)}</td><td>{Number(line.Lowest)}</td></tr>\n"
            );
        }

        page.Append("</table></div>\n");
    }

    private static void Prompt(StringBuilder page, IReadOnlyList<ExplainedPart> parts)
    {
        if (parts.Count == 0)
        {
            return;
        }

        page.Append(
            "<h2>The prompt, from its beginning to the cursor</h2>\n<p>The darker a piece, the more the first line's probability falls when it is left out: by the factor that stands before it.</p>\n"
        );
        var most = parts.Max(static part => part.Fall ?? 0);
        foreach (var kind in parts.GroupBy(static part => part.Kind))
        {
            page.Append($"<h3>{Title(kind.Key)}</h3>\n<pre>");
            foreach (var part in kind)
            {
                var share = most > 0 && part.Fall is { } fall ? Math.Clamp(fall / most, 0, 1) : 0;
                var factor = part.Fall is { } by ? $"{Math.Exp(by).ToString("0.00", CultureInfo.InvariantCulture), 8}  " : "          ";
                if (part.Name.Length > 0)
                {
                    page.Append($"<span>{factor}<b>{HtmlPage.Escaped(part.Name)}</b></span>");
                }

                foreach (var (at, line) in part.Text.Split('\n').Index())
                {
                    var lead = part.Name.Length > 0 || at > 0 ? "          " : factor;
                    page.Append(
                        CultureInfo.InvariantCulture,
                        $"<span style=\"background: color-mix(in srgb, var(--band) {100 * share:0}%, transparent)\">{lead}{HtmlPage.Escaped(line.TrimEnd('\r'))}</span>"
                    );
                }
            }

            page.Append("</pre>\n");
        }
    }

    private static string Title(ExplainedPartKind kind) =>
        kind switch
        {
            ExplainedPartKind.Snippet => "Recalled code, the best last",
            ExplainedPartKind.Suffix => "Below the cursor",
            _ => "Above the cursor",
        };

    private static string Number(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);
}
