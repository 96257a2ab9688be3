namespace CodeComplete.Engine.Ranking;

/// <summary>What is known of one list item's worth, in one place; <see cref="Score"/> is what the list is sorted by.</summary>
internal readonly record struct Relevance
{
    /// <summary>The natural logarithm of the model's probability of the whole name; <see langword="null"/> where it was not scored.</summary>
    public double? LogProbability { get; init; }

    /// <summary>Roslyn's own weight; above 0 where the type fits or it would be selected by itself.</summary>
    public int MatchPriority { get; init; }

    /// <summary>How often this name was taken in this workspace of late, less half of how often it was refused; below 0 where refused more.</summary>
    public double Acceptances { get; init; }

    /// <summary>The typed part matches the name's start exactly, case included.</summary>
    public bool MatchesCase { get; init; }

    /// <summary>Higher is better: a logarithm of odds, each sign adding its own.</summary>
    public double Score =>
        (LogProbability ?? Unscored)
        + (MatchPriority > 0 ? 1.0 : 0)
        + Math.Clamp(0.3 * Acceptances, -MostLearned, MostLearned)
        + (MatchesCase ? 0.5 : 0);

    // What was learned may move a name by a factor of four and a half, not more: the code at hand says more than habit.
    private const double MostLearned = 1.5;

    // Less than any name that the model has looked at and found possible.
    private const double Unscored = -12;
}
