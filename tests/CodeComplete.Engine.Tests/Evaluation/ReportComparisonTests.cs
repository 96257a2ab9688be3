using CodeComplete.Engine.Evaluation;

namespace CodeComplete.Engine.Tests.Evaluation;

public class ReportComparisonTests
{
    private const int Count = 100;

    [Fact]
    public void A_difference_in_many_cases_is_real()
    {
        // The second run is right where the first is, and in 15 cases more.
        var first = Report(number => number < 40, ms: 100);
        var second = Report(number => number < 55, ms: 100);

        var exact = Of(first, second, "exactMatch");

        Assert.Equal((0.40, 0.55), (Math.Round(exact.First, 9), Math.Round(exact.Second, 9)));
        Assert.Equal(0.15, exact.Difference.Mean, 9);
        Assert.True(exact.IsReal);
        Assert.InRange(exact.Difference.Low, 0.05, 0.12);
    }

    [Fact]
    public void A_difference_in_a_few_cases_that_go_both_ways_is_not()
    {
        var first = Report(number => number < 40, ms: 100);
        var second = Report(number => number is >= 3 and < 45, ms: 100);

        var exact = Of(first, second, "exactMatch");

        Assert.Equal(0.02, exact.Difference.Mean, 9);
        Assert.False(exact.IsReal);
        Assert.True(exact.Difference.Low < 0 && exact.Difference.High > 0);
    }

    [Fact]
    public void What_is_the_same_in_every_case_is_the_same_for_certain()
    {
        var report = Report(number => number % 2 == 0, ms: 100);

        Assert.All(
            ReportComparison.Of(report, report).Metrics,
            one => Assert.Equal((0, 0, false), (one.Difference.Low, one.Difference.High, one.IsReal))
        );
    }

    [Fact]
    public void A_run_that_is_always_slower_is_really_slower()
    {
        var latency = Of(Report(_ => true, ms: 100), Report(_ => true, ms: 110), "latency");

        Assert.True(latency.IsReal);
        Assert.Equal(10, latency.Difference.Mean, 6);
    }

    [Fact]
    public void Only_cases_that_both_have_are_compared()
    {
        var first = Report(_ => true, ms: 100);
        var second = first with
        {
            Cases =
            [
                // One is missing, one is of another line, and one is only here.
                .. first.Cases.Skip(1).Select(made => made.Id == "7" ? made with { Groundtruth = "Other();" } : made).Reverse(),
                Results.Of("more", "Total(order);"),
            ],
        };

        var comparison = ReportComparison.Of(first, second);

        Assert.Equal((Count - 2, 2, 2), (comparison.Common, comparison.OnlyFirst, comparison.OnlySecond));
        Assert.Throws<EvaluationException>(() => ReportComparison.Of(first, second with { Cases = [Results.Of("more", "")] }));
    }

    private static MetricDifference Of(EvaluationReport first, EvaluationReport second, string metric) =>
        ReportComparison.Of(first, second).Metrics.Single(one => one.Metric.Name == metric);

    private static EvaluationReport Report(Predicate<int> isRight, double ms) =>
        new(
            Results.Settings,
            [
                .. Enumerable
                    .Range(0, Count)
                    .Select(i => Results.Of($"{i}", isRight(i) ? "Total(order);" : "Sum();", compiles: true, rank: 1, ms: ms)),
            ],
            Summary: null
        );
}
