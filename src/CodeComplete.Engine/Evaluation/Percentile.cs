namespace CodeComplete.Engine.Evaluation;

/// <summary>Percentiles by nearest rank: always one of the values.</summary>
public static class Percentile
{
    /// <param name="share">0 to 1; 0.5 is the median.</param>
    /// <returns>0 where there are no values.</returns>
    public static double Of(IEnumerable<double> values, double share)
    {
        var sorted = values.Order().ToList();
        return sorted.Count == 0 ? 0 : sorted[Math.Max(0, (int)Math.Ceiling(share * sorted.Count) - 1)];
    }
}
