namespace CodeComplete.Engine.Evaluation;

/// <summary>A mean and its 95 % confidence interval.</summary>
public readonly record struct Interval(double Mean, double Low, double High);

/// <summary>What a case adds to a ratio of sums: a mean has 1 below, and a case that does not count has 0.</summary>
/// <param name="Above">Added to the numerator.</param>
/// <param name="Below">Added to the denominator, at least 0.</param>
public readonly record struct Portion(double Above, double Below);

/// <summary>
/// Percentile bootstrap (Efron, 1979): the cases are drawn again with replacement, and the spread of what is measured is the interval. The same
/// values and seed give the same interval.
/// </summary>
public static class Bootstrap
{
    private const int Rounds = 2000;

    /// <exception cref="ArgumentException">There are no values.</exception>
    public static Interval Mean(IReadOnlyList<double> values, int seed) =>
        Ratio([.. values.Select(static value => new Portion(value, 1))], seed)
        ?? throw new ArgumentException("A mean needs at least one value.", nameof(values));

    /// <summary>The sum of what is above over the sum of what is below.</summary>
    /// <returns><see langword="null"/> where nothing is below.</returns>
    public static Interval? Ratio(IReadOnlyList<Portion> portions, int seed) =>
        Resampled(portions.Count, seed, draw => RatioOf(portions, draw));

    /// <summary>
    /// How much the ratio of <paramref name="with"/> is above that of <paramref name="without"/>; both have the same cases in the same order, and
    /// each round draws the same cases of both, so what the cases have in common cancels out.
    /// </summary>
    /// <returns><see langword="null"/> where nothing is below in one of them.</returns>
    /// <exception cref="ArgumentException">The two are not of the same length.</exception>
    public static Interval? Difference(IReadOnlyList<Portion> with, IReadOnlyList<Portion> without, int seed) =>
        with.Count == without.Count
            ? Resampled(with.Count, seed, draw => RatioOf(with, draw) - RatioOf(without, draw))
            : throw new ArgumentException("Both must have a value for each case.", nameof(without));

    /// <param name="measure">Of the cases that are drawn, by their numbers; NaN where it cannot be told of these.</param>
    private static Interval? Resampled(int count, int seed, Func<int[], double> measure)
    {
        var all = measure([.. Enumerable.Range(0, count)]);
        if (double.IsNaN(all))
        {
            return null;
        }

        var random = new Random(seed);
        var draw = new int[count];
        var measured = new List<double>(Rounds);
        for (var round = 0; round < Rounds; round++)
        {
            for (var i = 0; i < count; i++)
            {
                draw[i] = random.Next(count);
            }

            var value = measure(draw);
            if (!double.IsNaN(value))
            {
                measured.Add(value);
            }
        }

        measured.Sort();
        return new Interval(all, measured[(int)(0.025 * measured.Count)], measured[(int)(0.975 * measured.Count)]);
    }

    private static double RatioOf(IReadOnlyList<Portion> portions, int[] draw)
    {
        var (above, below) = (0.0, 0.0);
        foreach (var i in draw)
        {
            above += portions[i].Above;
            below += portions[i].Below;
        }

        return below > 0 ? above / below : double.NaN;
    }
}
