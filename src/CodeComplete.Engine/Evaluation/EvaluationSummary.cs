namespace CodeComplete.Engine.Evaluation;

/// <summary>A metric over a set of cases, with its 95 % bootstrap interval.</summary>
/// <param name="Of">How many cases count for it.</param>
public sealed record MetricValue(double Value, double Low, double High, int Of);

/// <summary>How long a stage takes where it runs, in milliseconds.</summary>
/// <param name="Of">In how many cases it ran.</param>
public sealed record StagePercentiles(double P50, double P95, int Of);

/// <summary>A set of cases in numbers.</summary>
public record GroupSummary
{
    public required int Cases { get; init; }

    /// <summary>By <see cref="Metric.Name"/>, in the order of <see cref="Metric.Quality"/>; without those for which no case counts.</summary>
    public required IReadOnlyDictionary<string, MetricValue> Metrics { get; init; }

    /// <summary>By the stage's name, in the order in which they run.</summary>
    public required IReadOnlyDictionary<string, StagePercentiles> Stages { get; init; }
}

/// <summary>All cases, and those of each kind of place.</summary>
public sealed record EvaluationSummary : GroupSummary
{
    // Intervals are drawn anew each time, always the same.
    private const int Seed = 1;

    /// <summary>By the kind's name.</summary>
    public required IReadOnlyDictionary<string, GroupSummary> Kinds { get; init; }

    public static EvaluationSummary Of(IReadOnlyList<CaseResult> results)
    {
        var all = GroupOf(results);
        return new EvaluationSummary
        {
            Cases = all.Cases,
            Metrics = all.Metrics,
            Stages = all.Stages,
            Kinds = results
                .GroupBy(static result => result.Kind, StringComparer.Ordinal)
                .OrderBy(static kind => kind.Key, StringComparer.Ordinal)
                .ToDictionary(static kind => kind.Key, static kind => GroupOf([.. kind]), StringComparer.Ordinal),
        };
    }

    private static GroupSummary GroupOf(IReadOnlyList<CaseResult> results)
    {
        var metrics = new Dictionary<string, MetricValue>(StringComparer.Ordinal);
        foreach (var metric in Metric.Quality)
        {
            Portion[] portions = [.. results.Select(metric.Of)];
            if (Bootstrap.Ratio(portions, Seed) is { } interval)
            {
                metrics[metric.Name] = new MetricValue(interval.Mean, interval.Low, interval.High, portions.Count(p => p.Below > 0));
            }
        }

        var stages = new Dictionary<string, StagePercentiles>(StringComparer.Ordinal);
        foreach (var (name, of) in StageTimings.Stages)
        {
            var times = results.Select(result => of(result.Timings)).Where(static ms => ms > 0).ToList();
            stages[name] = new StagePercentiles(Percentile.Of(times, 0.5), Percentile.Of(times, 0.95), times.Count);
        }

        return new GroupSummary
        {
            Cases = results.Count,
            Metrics = metrics,
            Stages = stages,
        };
    }
}
