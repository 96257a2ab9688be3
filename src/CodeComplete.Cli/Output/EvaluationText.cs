using System.Globalization;
using CodeComplete.Engine.Evaluation;

namespace CodeComplete.Cli.Output;

/// <summary>What <c>eval</c> prints for a person: numbers with their 95 % intervals.</summary>
internal static class EvaluationText
{
    public static void Write(TextWriter output, EvaluationReport report)
    {
        var summary = report.Summary!;
        output.WriteLine(
            $"{summary.Cases} cases of {report.Settings.Folder}, {report.Settings.Model} ({report.Settings.Graph} on {report.Settings.Provider})"
        );
        output.WriteLine();
        output.WriteLine($"{"", -30} {"%", 6}  {"95 % interval", -16} {"cases", 6}");
        foreach (var metric in Metric.Quality)
        {
            if (summary.Metrics.TryGetValue(metric.Name, out var value))
            {
                output.WriteLine(
                    $"{metric.Title, -30} {Percent(value.Value), 6}  {$"[{Percent(value.Low)}, {Percent(value.High)}]", -16} {value.Of, 6}"
                );
            }
        }

        output.WriteLine();
        output.WriteLine($"{"", -30} {"p50 ms", 8} {"p95 ms", 8}");
        foreach (var (name, stage) in summary.Stages)
        {
            output.WriteLine($"{name, -30} {Number(stage.P50, "0.0"), 8} {Number(stage.P95, "0.0"), 8}");
        }

        output.WriteLine();
        output.WriteLine($"{"", -16} {"cases", 6} {"exact match, %", 22} {"edit similarity, %", 22}");
        foreach (var (kind, group) in summary.Kinds)
        {
            output.WriteLine($"{kind, -16} {group.Cases, 6} {Of(group, Metric.ExactMatch), 22} {Of(group, Metric.EditSimilarity), 22}");
        }

        output.WriteLine();
    }

    public static void Write(TextWriter output, ReportComparison comparison)
    {
        output.WriteLine(
            $"{comparison.Common} cases that both have; {comparison.OnlyFirst} only in the first, {comparison.OnlySecond} only in the second"
        );
        output.WriteLine();
        output.WriteLine($"{"", -32} {"first", 8} {"second", 8} {"difference", 11}  {"95 % interval", -18}");
        foreach (var one in comparison.Metrics)
        {
            var title = one.Metric.IsShare ? one.Metric.Title + ", %" : one.Metric.Title;
            output.WriteLine(
                $"{title, -32} {In(one.Metric, one.First), 8} {In(one.Metric, one.Second), 8} {Signed(one.Metric, one.Difference.Mean), 11}  {$"[{Signed(one.Metric, one.Difference.Low)}, {Signed(one.Metric, one.Difference.High)}]", -18} {(one.IsReal ? "real" : "not shown to be real")}"
            );
        }
    }

    public static string Percent(double share) => Number(100 * share, "0.0");

    private static string Of(GroupSummary group, Metric metric) =>
        group.Metrics.TryGetValue(metric.Name, out var value)
            ? $"{Percent(value.Value)} [{Percent(value.Low)}, {Percent(value.High)}]"
            : "-";

    private static string In(Metric metric, double value) => metric.IsShare ? Percent(value) : Number(value, "0");

    private static string Signed(Metric metric, double value) => Number(metric.IsShare ? 100 * value : value, "+0.0;-0.0;0.0");

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
