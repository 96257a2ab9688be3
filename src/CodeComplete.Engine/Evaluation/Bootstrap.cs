namespace CodeComplete.Engine.Evaluation;

/// <summary>A mean and its 95 % confidence interval.</summary>
public readonly record struct Interval(double Mean, double Low, double High);

/// <summary>
/// Percentile bootstrap (Efron, 1979): the cases are drawn again with replacement, and the spread of the means is the interval. The same
/// values and seed give the same interval.
/// </summary>
public static class Bootstrap
{
    private const int Rounds = 2000;

    /// <exception cref="ArgumentException">There are no values.</exception>
    public static Interval Mean(IReadOnlyList<double> values, int seed)
    {
        if (values.Count == 0)
        {
            throw new ArgumentException("A mean needs at least one value.", nameof(values));
        }

        var random = new Random(seed);
        var means = new double[Rounds];
        for (var round = 0; round < Rounds; round++)
        {
            var sum = 0.0;
            for (var i = 0; i < values.Count; i++)
            {
                sum += values[random.Next(values.Count)];
            }

            means[round] = sum / values.Count;
        }

        Array.Sort(means);
        return new Interval(values.Average(), means[(int)(0.025 * Rounds)], means[(int)(0.975 * Rounds)]);
    }

    /// <summary>How much <paramref name="with"/> is above <paramref name="without"/>, case by case: what the cases have in common cancels out.</summary>
    /// <exception cref="ArgumentException">The two are not of the same length, or are empty.</exception>
    public static Interval Difference(IReadOnlyList<double> with, IReadOnlyList<double> without, int seed)
    {
        if (with.Count != without.Count)
        {
            throw new ArgumentException("Both must have a value for each case.", nameof(without));
        }

        return Mean([.. with.Zip(without, (a, b) => a - b)], seed);
    }
}
