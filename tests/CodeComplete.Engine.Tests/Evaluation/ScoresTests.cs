using CodeComplete.Engine.Evaluation;

namespace CodeComplete.Engine.Tests.Evaluation;

public class ScoresTests
{
    // The right column is `rapidfuzz.fuzz.ratio(a, b) / 100`.
    [Theory]
    [InlineData("", "", 1.0)]
    [InlineData("abc", "", 0.0)]
    [InlineData("abc", "abc", 1.0)]
    [InlineData("abcd", "abxd", 0.75)]
    [InlineData("this is a test", "this is a test!", 28 / 29.0)]
    [InlineData("lewenstein", "levenshtein", 18 / 21.0)]
    [InlineData("😀a", "😀b", 0.5)]
    public void Edit_similarity_is_rapidfuzz_ratio(string one, string other, double expected) =>
        Assert.Equal(expected, Scores.IndelRatio(one, other), 12);

    [Theory]
    [InlineData("", "Total(order);", "Total(order);", true, true, 1.0)]
    [InlineData("", "Total(order)", "Total(order);", false, true, 1.0)]
    [InlineData("", "Total(invoice);", "Total(order);", false, false, 0.5)]
    [InlineData("", "", "Total(order);", false, false, 0.0)]
    [InlineData("To", "tal(a, a);", "tal(a);", false, false, 1.0)]
    [InlineData("To", "pic;", "tal;", false, false, 0.0)]
    public void Identifiers_are_compared_whole(string typed, string written, string wanted, bool exact, bool same, double f1)
    {
        var scores = Scores.Of(typed, written, wanted);

        Assert.Equal((exact, same, f1), (scores.ExactMatch, scores.IdentifierMatch, scores.IdentifierF1));
    }

    [Fact]
    public void An_interval_holds_the_mean_and_narrows_with_the_cases()
    {
        double[] few = [.. Enumerable.Range(0, 20).Select(i => (double)(i % 2))];
        double[] many = [.. Enumerable.Range(0, 2000).Select(i => (double)(i % 2))];

        var (wide, narrow) = (Bootstrap.Mean(few, 1), Bootstrap.Mean(many, 1));

        Assert.Equal(0.5, wide.Mean);
        // The normal approximation: 1.96 * 0.5 / sqrt(n).
        Assert.InRange(wide.High - wide.Low, 0.35, 0.5);
        Assert.InRange(narrow.High - narrow.Low, 0.035, 0.05);
        Assert.Equal(wide, Bootstrap.Mean(few, 1));
    }

    [Fact]
    public void A_difference_of_pairs_leaves_out_what_they_have_in_common()
    {
        Portion[] without = [.. Enumerable.Range(0, 50).Select(i => new Portion(i, 1))];
        Portion[] with = [.. without.Select(portion => portion with { Above = portion.Above + 0.25 })];

        var difference = Bootstrap.Difference(with, without, 1)!.Value;

        Assert.Equal(0.25, difference.Mean, 9);
        Assert.Equal(0.25, difference.Low, 9);
        Assert.Equal(0.25, difference.High, 9);
        Assert.Throws<ArgumentException>(() => Bootstrap.Difference(with, [new Portion(1, 1)], 1));
    }

    [Fact]
    public void A_case_that_does_not_count_changes_neither_side_of_a_ratio()
    {
        Portion[] portions = [new(1, 1), new(0, 1), default, new(1, 1), default];

        Assert.Equal(2.0 / 3, Bootstrap.Ratio(portions, 1)!.Value.Mean);
        Assert.Null(Bootstrap.Ratio([default, default], 1));
        Assert.Null(Bootstrap.Ratio([], 1));
        Assert.Throws<ArgumentException>(() => Bootstrap.Mean([], 1));
    }
}
