using System.Globalization;
using System.Text;
using CodeComplete.Engine.Evaluation;

namespace CodeComplete.Cli.Output;

/// <summary>The report as one page to read: no part of it lies elsewhere, and it follows the reader's light or dark.</summary>
internal static class EvaluationPage
{
    private static readonly Metric[] Plotted = [Metric.ExactMatch, Metric.EditSimilarity, Metric.Shown, Metric.Compiles];

    /// <param name="report">With its summary.</param>
    public static string Of(EvaluationReport report)
    {
        var summary = report.Summary!;
        var settings = report.Settings;
        var page = new StringBuilder();
        var title = $"Completion of {settings.Folder}";
        page.Append(HtmlPage.Head(title));
        page.Append(
            $"""
            <h1>{HtmlPage.Escaped(title)}</h1>
            <p>{summary.Cases} cases, {HtmlPage.Escaped(Drawn(settings))}. {HtmlPage.Escaped(settings.Model)} ({HtmlPage.Escaped(settings.Graph)} on {HtmlPage.Escaped(
                settings.Provider
            )}), memory {(settings.Memory ? "on" : "off")}, codecomplete {HtmlPage.Escaped(settings.Version)}.
            In each, the rest of a line was taken out of the file and of the memory, and asked for. Intervals are 95 % bootstrap intervals over the cases.</p>

            """
        );
        Tiles(page, summary);
        page.Append("<h2>By kind of place</h2>\n<p>The dot is the measured share, the band its interval.</p>\n");
        Shares(page, summary);
        page.Append(
            "<h2>Time by stage</h2>\n<p>The bar ends at the median, the line at the 95th percentile. Cases where a stage did not run are not in it; <i>total</i> is the ghost text's, the list comes after it.</p>\n"
        );
        Stages(page, summary);
        page.Append("<h2>All numbers</h2>\n");
        Numbers(page, summary);
        page.Append("<h2>The cases</h2>\n");
        Cases(page, report.Cases);
        page.Append(HtmlPage.End);
        return page.ToString();
    }

    private static string Drawn(EvaluationSettings settings) =>
        settings.CasesFile is { } file ? $"from {file}" : string.Create(CultureInfo.InvariantCulture, $"drawn with seed {settings.Seed}");

    private static void Tiles(StringBuilder page, EvaluationSummary summary)
    {
        page.Append("<div class=\"tiles\">\n");
        foreach (var metric in Plotted)
        {
            if (summary.Metrics.TryGetValue(metric.Name, out var value))
            {
                page.Append(
                    $"<div><span>{HtmlPage.Escaped(metric.Title)}</span><b>{EvaluationText.Percent(value.Value)} %</b><span>{Interval(value)}, {value.Of} cases</span></div>\n"
                );
            }
        }

        page.Append("</div>\n");
    }

    private static void Shares(StringBuilder page, EvaluationSummary summary)
    {
        const int Left = 110;
        const int Panel = 190;
        const int Gap = 30;
        const int Row = 24;
        const int Top = 28;
        List<(string Name, GroupSummary Group)> rows = [("all", summary), .. summary.Kinds.Select(kind => (kind.Key, kind.Value))];
        var height = Top + (rows.Count * Row) + 24;
        var width = Left + (Plotted.Length * (Panel + Gap));
        page.Append($"<svg viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"Shares by kind of place\">\n");
        foreach (var (row, (name, _)) in rows.Index())
        {
            Text(page, 0, Middle(row) + 4, name, "");
        }

        foreach (var (at, metric) in Plotted.Index())
        {
            var left = Left + (at * (Panel + Gap));
            Text(page, left, 14, metric.Title, " class=\"head\"");
            // The outer ones stay inside their panel: the next one begins beside it.
            foreach (var (tick, anchor) in new[] { (0, "start"), (50, "middle"), (100, "end") })
            {
                var x = left + (Panel * tick / 100.0);
                page.Append($"<line class=\"grid\" x1=\"{N(x)}\" x2=\"{N(x)}\" y1=\"{Top - 4}\" y2=\"{height - 22}\"/>\n");
                Text(page, x, height - 6, $"{tick} %", $" text-anchor=\"{anchor}\"");
            }

            foreach (var (row, (name, group)) in rows.Index())
            {
                if (group.Metrics.TryGetValue(metric.Name, out var value))
                {
                    page.Append(
                        $"<g><title>{HtmlPage.Escaped(name)}: {EvaluationText.Percent(value.Value)} % {Interval(value)}, {value.Of} cases</title>"
                            + $"<line class=\"band\" x1=\"{X(value.Low)}\" x2=\"{X(value.High)}\" y1=\"{Middle(row)}\" y2=\"{Middle(row)}\"/>"
                            + $"<circle class=\"dot\" cx=\"{X(value.Value)}\" cy=\"{Middle(row)}\" r=\"4\"/></g>\n"
                    );
                }
            }

            string X(double share) => N(left + (Panel * share));
        }

        page.Append("</svg>\n");

        static int Middle(int row) => Top + (row * Row) + (Row / 2);
    }

    private static void Stages(StringBuilder page, EvaluationSummary summary)
    {
        const int Left = 110;
        const int Width = 620;
        const int Row = 24;
        const int Top = 6;
        var most = Math.Max(1, summary.Stages.Values.Max(stage => stage.P95));
        var step = StepOf(most);
        var height = Top + (summary.Stages.Count * Row) + 24;
        page.Append($"<svg viewBox=\"0 0 {Left + Width + 160} {height}\" role=\"img\" aria-label=\"Time by stage\">\n");
        for (var tick = 0.0; tick <= most; tick += step)
        {
            page.Append($"<line class=\"grid\" x1=\"{X(tick)}\" x2=\"{X(tick)}\" y1=\"{Top}\" y2=\"{height - 22}\"/>\n");
            Text(
                page,
                Left + (Width * tick / most),
                height - 6,
                $"{tick.ToString("0", CultureInfo.InvariantCulture)} ms",
                " text-anchor=\"middle\""
            );
        }

        foreach (var (row, (name, stage)) in summary.Stages.Index())
        {
            var y = Top + (row * Row) + (Row / 2);
            Text(page, 0, y + 4, name, "");
            page.Append(
                $"<rect class=\"bar\" x=\"{Left}\" y=\"{y - 5}\" width=\"{N(Width * stage.P50 / most)}\" height=\"10\" rx=\"2\"/>"
                    + $"<line class=\"whisker\" x1=\"{X(stage.P50)}\" x2=\"{X(stage.P95)}\" y1=\"{y}\" y2=\"{y}\"/>\n"
            );
            Text(page, Left + (Width * stage.P95 / most) + 8, y + 4, $"{Ms(stage.P50)} / {Ms(stage.P95)} ms", "");
        }

        page.Append("</svg>\n");

        string X(double ms) => N(Left + (Width * ms / most));
    }

    private static void Numbers(StringBuilder page, EvaluationSummary summary)
    {
        page.Append("<div class=\"wide\"><table>\n<tr><th></th><th>all</th>");
        foreach (var kind in summary.Kinds.Keys)
        {
            page.Append($"<th>{HtmlPage.Escaped(kind)}</th>");
        }

        List<GroupSummary> groups = [summary, .. summary.Kinds.Values];
        Row("cases", group => group.Cases.ToString(CultureInfo.InvariantCulture));
        foreach (var metric in Metric.Quality)
        {
            Row(
                metric.Title + ", %",
                group =>
                    group.Metrics.TryGetValue(metric.Name, out var value)
                        ? $"{EvaluationText.Percent(value.Value)} <small>{Interval(value)}</small>"
                        : "-"
            );
        }

        foreach (var stage in summary.Stages.Keys)
        {
            Row($"{stage}, ms p50 / p95", group => $"{Ms(group.Stages[stage].P50)} / {Ms(group.Stages[stage].P95)}");
        }

        page.Append("</table></div>\n");

        void Row(string name, Func<GroupSummary, string> of)
        {
            page.Append($"</tr>\n<tr><td>{HtmlPage.Escaped(name)}</td>");
            foreach (var group in groups)
            {
                page.Append($"<td>{of(group)}</td>");
            }
        }
    }

    private static void Cases(StringBuilder page, IReadOnlyList<CaseResult> cases)
    {
        foreach (var kind in cases.GroupBy(result => result.Kind, StringComparer.Ordinal).OrderBy(kind => kind.Key, StringComparer.Ordinal))
        {
            page.Append(
                $"<details><summary>{HtmlPage.Escaped(kind.Key)}, {kind.Count()} cases</summary>\n<div class=\"wide\"><table>\n"
                    + "<tr><th class=\"text\">file</th><th class=\"text\">written</th><th class=\"text\">suggested</th><th>exact</th><th>compiles</th><th>rank</th><th>ms</th></tr>\n"
            );
            foreach (var result in kind)
            {
                var suggested = result.Shown ? HtmlPage.Escaped(result.Prediction) : $"<small>{HtmlPage.Escaped(result.Why ?? "")}</small>";
                var errors = result.Errors is { } all ? $" title=\"{HtmlPage.Escaped(string.Join('\n', all))}\"" : "";
                page.Append(
                    $"<tr id=\"{HtmlPage.Escaped(result.Id)}\"><td>{HtmlPage.Escaped(result.File)}</td><td class=\"code\">{HtmlPage.Escaped(result.Groundtruth)}</td><td class=\"code\">{suggested}</td>"
                        + $"<td>{Sign(result.Scores.ExactMatch)}</td><td{errors}>{Sign(result.Compiles)}</td>"
                        + $"<td>{result.Rank?.ToString(CultureInfo.InvariantCulture) ?? "-"}</td><td>{Ms(result.Ms)}</td></tr>\n"
                );
            }

            page.Append("</table></div></details>\n");
        }
    }

    private static string Sign(bool? holds) =>
        holds switch
        {
            true => "<span class=\"good\">yes</span>",
            false => "<span class=\"bad\">no</span>",
            null => "-",
        };

    private static void Text(StringBuilder page, double x, double y, string text, string attributes) =>
        page.Append($"<text x=\"{N(x)}\" y=\"{N(y)}\"{attributes}>{HtmlPage.Escaped(text)}</text>\n");

    /// <summary>1, 2 or 5 times a power of ten, so that there are three to eight ticks.</summary>
    private static double StepOf(double most)
    {
        var step = Math.Pow(10, Math.Floor(Math.Log10(most)));
        return most / step >= 5 ? step
            : most / step >= 2.5 ? step / 2
            : step / 5;
    }

    private static string Interval(MetricValue value) => $"[{EvaluationText.Percent(value.Low)}, {EvaluationText.Percent(value.High)}]";

    private static string Ms(double value) => value.ToString(value < 10 ? "0.0" : "0", CultureInfo.InvariantCulture);

    private static string N(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
