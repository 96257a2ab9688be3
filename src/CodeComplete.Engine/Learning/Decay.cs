namespace CodeComplete.Engine.Learning;

/// <summary>How much an outcome still says: less as time passes, and less with each newer outcome of the same thing, so that old habits fade.</summary>
internal static class Decay
{
    /// <summary>After this long an outcome counts half.</summary>
    public static readonly TimeSpan HalfLife = TimeSpan.FromDays(30);

    /// <summary>After this many newer outcomes of the same thing an outcome counts half.</summary>
    public const int HalfLifeInOutcomes = 16;

    /// <param name="when">When the outcome was; a time after <paramref name="now"/>, as a clock set back leaves it, counts as now.</param>
    /// <param name="newer">How many outcomes of the same thing came after it.</param>
    /// <returns>Above 0 up to 1.</returns>
    public static double Weight(DateTimeOffset when, DateTimeOffset now, int newer)
    {
        var age = now > when ? now - when : TimeSpan.Zero;
        return Math.Max(double.Epsilon, Math.Pow(2, -(age / HalfLife) - (double)newer / HalfLifeInOutcomes));
    }
}
