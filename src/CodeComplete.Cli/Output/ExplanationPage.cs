using System.Globalization;
using System.Text;
using CodeComplete.Engine;

namespace CodeComplete.Cli.Output;

/// <summary>An explanation as one page: the prompt, each piece shaded by what it does for the suggestion, or by where the model looks.</summary>
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
        if (explanation.RecalledWith is { } line)
        {
            page.Append(
                $"<p>The memory was asked a second time, as if this stood there: <code>{HtmlPage.Escaped(line.Trim())}</code></p>\n"
            );
        }

        foreach (var code in explanation.Recalled)
        {
            page.Append($"<p>{HtmlPage.Escaped($"{code.Path}:{code.StartLine + 1}, {code.Tokens} tokens: {code.Reason}")}</p>\n");
        }

        Prompt(page, explanation);
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

    private static void Prompt(StringBuilder page, Explanation explanation)
    {
        if (explanation.NoAttention is { } why)
        {
            page.Append($"<p>{HtmlPage.Escaped(why)}</p>\n");
        }

        if (explanation.Prompt.Count == 0)
        {
            return;
        }

        var most = new Most(
            explanation.Prompt.Max(static part => part.Fall ?? 0),
            explanation.Prompt.SelectMany(static part => part.LineAttention).DefaultIfEmpty().Max()
        );
        page.Append("<h2>The prompt, from its beginning to the cursor</h2>\n");
        Switch(page, explanation.Layers, most);
        page.Append("<div class=\"shaded\">\n");
        foreach (var kind in explanation.Prompt.GroupBy(static part => part.Kind))
        {
            page.Append($"<h3>{Title(kind.Key)}</h3>\n<pre>");
            foreach (var part in kind)
            {
                if (part.Name.Length > 0)
                {
                    page.Append($"<span>{Factor(part.Fall)}{Share(part.Attention)}<b>{HtmlPage.Escaped(part.Name)}</b></span>");
                }

                foreach (var (at, line) in part.Text.Split('\n').Index())
                {
                    double? attention = at < part.LineAttention.Count ? part.LineAttention[at] : null;
                    page.Append(
                        CultureInfo.InvariantCulture,
                        $"<span style=\"--fall: {Percent(part.Fall, most.Fall)}%; --attention: {Percent(attention, most.Attention)}%\">"
                    );
                    // What a piece of several lines does, it does as a whole.
                    page.Append($"{Factor(part.Name.Length > 0 || at > 0 ? null : part.Fall)}{Share(attention)}");
                    page.Append($"{HtmlPage.Escaped(line.TrimEnd('\r'))}</span>");
                }
            }

            page.Append("</pre>\n");
        }

        page.Append("</div>\n");
    }

    /// <summary>Two radio buttons, which need no script; what they choose follows them as their siblings.</summary>
    private static void Switch(StringBuilder page, LayerRange? layers, Most most)
    {
        page.Append("<input type=\"radio\" name=\"shade\" id=\"by-fall\" checked><label for=\"by-fall\">what it does</label>\n");
        if (layers is not null)
        {
            page.Append(
                "<input type=\"radio\" name=\"shade\" id=\"by-attention\"><label for=\"by-attention\">where the model looks</label>\n"
            );
        }

        page.Append(
            CultureInfo.InvariantCulture,
            $"<div class=\"fall\"><p>By how much the first line's probability falls when a piece is left out: it becomes so many times less, as the number says; below 1 it rises. The colour goes by the logarithm.</p><p class=\"scale\">1 <b></b> {Math.Exp(most.Fall):0.00}</p></div>\n"
        );
        if (layers is { } of)
        {
            page.Append(
                CultureInfo.InvariantCulture,
                $"<div class=\"attention\"><p>How the attention is shared out over the prompt while the first line is written, the mean over all heads of the layers {of.First} to {of.Last}. The prompt's first token, to which heads look that have nothing to look for, is left out; what is missing of 100 % goes to marks and the file's path.</p><p class=\"scale\">0 % <b></b> {100 * most.Attention:0.0} %</p></div>\n"
            );
        }
    }

    /// <summary>What has the full colour.</summary>
    private readonly record struct Most(double Fall, double Attention);

    private static string Percent(double? value, double most) =>
        Math.Round(most > 0 && value is { } of ? Math.Clamp(100 * of / most, 0, 100) : 0).ToString(CultureInfo.InvariantCulture);

    private static string Factor(double? fall) =>
        $"<i class=\"fall\">{(fall is { } by ? Math.Exp(by).ToString("0.00", CultureInfo.InvariantCulture) : ""), 8}  </i>";

    private static string Share(double? attention) =>
        $"<i class=\"attention\">{(attention is { } of ? (100 * of).ToString("0.0", CultureInfo.InvariantCulture) + " %" : ""), 8}  </i>";

    private static string Title(ExplainedPartKind kind) =>
        kind switch
        {
            ExplainedPartKind.Snippet => "Recalled code, the best last",
            ExplainedPartKind.Suffix => "Below the cursor",
            _ => "Above the cursor",
        };

    private static string Number(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);
}
