namespace CodeComplete.Engine.Evaluation;

/// <summary>A metric of two runs over the cases that both have.</summary>
/// <param name="First">Of the first run.</param>
/// <param name="Second">Of the second run.</param>
/// <param name="Difference">The second minus the first, with its paired 95 % bootstrap interval.</param>
public sealed record MetricDifference(Metric Metric, double First, double Second, Interval Difference)
{
    /// <summary>The interval excludes zero.</summary>
    public bool IsReal => Difference.Low > 0 || Difference.High < 0;
}

/// <summary>Whether two runs differ: a paired bootstrap over the cases that both have.</summary>
/// <param name="Common">How many these are.</param>
/// <param name="OnlyFirst">Cases that the second run has not, or with another groundtruth.</param>
/// <param name="OnlySecond">Cases that the first run has not, or with another groundtruth.</param>
/// <param name="Metrics">Without those for which no case counts.</param>
public sealed record ReportComparison(int Common, int OnlyFirst, int OnlySecond, IReadOnlyList<MetricDifference> Metrics)
{
    private const int Seed = 1;

    /// <exception cref="EvaluationException">They have no case in common.</exception>
    public static ReportComparison Of(EvaluationReport first, EvaluationReport second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        var others = second.Cases.ToDictionary(static result => (result.Id, result.Groundtruth));
        var pairs = first
            .Cases.Select(result => (First: result, Second: others.GetValueOrDefault((result.Id, result.Groundtruth))))
            .Where(static pair => pair.Second is not null)
            .ToList();
        if (pairs.Count == 0)
        {
            throw new EvaluationException(
                "The two reports have no case in common: compare runs of the same cases (same folder, seed and kinds)."
            );
        }

        var differences = new List<MetricDifference>();
        foreach (var metric in Metric.Quality.Append(Metric.Latency))
        {
            Portion[] of = [.. pairs.Select(pair => metric.Of(pair.First))];
            Portion[] than = [.. pairs.Select(pair => metric.Of(pair.Second!))];
            if (Bootstrap.Difference(than, of, Seed) is { } difference)
            {
                differences.Add(new MetricDifference(metric, Ratio(of), Ratio(than), difference));
            }
        }

        return new ReportComparison(pairs.Count, first.Cases.Count - pairs.Count, second.Cases.Count - pairs.Count, differences);

        static double Ratio(Portion[] portions) => portions.Sum(p => p.Above) / portions.Sum(p => p.Below);
    }
}
