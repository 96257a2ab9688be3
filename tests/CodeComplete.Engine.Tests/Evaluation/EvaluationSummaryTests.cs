using CodeComplete.Engine.Evaluation;

namespace CodeComplete.Engine.Tests.Evaluation;

public class EvaluationSummaryTests
{
    private static readonly CaseResult[] Cases =
    [
        Results.Of("1", "Total(order);", compiles: true, rank: 1, ms: 100),
        Results.Of("2", "Total(", compiles: null, rank: 4, ms: 200),
        Results.Of("3", "Sum(order);", compiles: false, rank: 12, ms: 300, kind: CaseKinds.Argument),
        Results.Of("4", "", rank: null, ms: 400, kind: CaseKinds.Argument),
        Results.Of("5", "", ms: 500, kind: CaseKinds.Argument) with
        {
            Name = null,
        },
    ];

    [Theory]
    [InlineData("exactMatch", 1 / 5.0, 5)]
    [InlineData("shown", 3 / 5.0, 5)]
    // Of what is shown and can be told.
    [InlineData("compiles", 1 / 2.0, 2)]
    // 13 and 6 characters were right to the last of what was shown, of 5 * 13.
    [InlineData("completedCode", 19 / 65.0, 5)]
    // Of the cases with a name to find.
    [InlineData("recallAt1", 1 / 4.0, 4)]
    [InlineData("recallAt5", 2 / 4.0, 4)]
    [InlineData("mrr", (1 + 1 / 4.0 + 1 / 12.0) / 4, 4)]
    public void A_metric_counts_the_cases_that_it_is_about(string metric, double value, int of)
    {
        var measured = EvaluationSummary.Of(Cases).Metrics[metric];

        Assert.Equal(value, measured.Value, 9);
        Assert.Equal(of, measured.Of);
        Assert.InRange(measured.Value, measured.Low, measured.High);
    }

    [Fact]
    public void Kinds_are_told_apart_and_a_metric_that_no_case_is_about_is_left_out()
    {
        var summary = EvaluationSummary.Of([.. Cases.Where(result => result.Compiles is not false)]);

        Assert.Equal([CaseKinds.AfterDot, CaseKinds.Argument], summary.Kinds.Keys);
        Assert.Equal(2, summary.Kinds[CaseKinds.AfterDot].Cases);
        Assert.Equal(0.5, summary.Kinds[CaseKinds.AfterDot].Metrics["exactMatch"].Value);
        Assert.DoesNotContain("compiles", summary.Kinds[CaseKinds.Argument].Metrics);
    }

    [Fact]
    public void A_stage_has_its_median_and_its_95th_percentile_where_it_ran()
    {
        var stages = EvaluationSummary.Of(Cases).Stages;

        Assert.Equal(new StagePercentiles(300, 500, 5), stages["total"]);
        Assert.Equal(new StagePercentiles(150, 250, 5), stages["decode"]);
        Assert.Equal(0, stages["list"].Of);
    }

    [Fact]
    public void What_stands_right_of_the_cursor_is_not_to_be_completed()
    {
        var closed = Results.Of("1", "order", "order);") with { Standing = ");" };

        var portion = Metric.Quality.Single(metric => metric.Name == "completedCode").Of(closed);

        Assert.Equal(new Portion(5, 5), portion);
    }
}
