namespace CodeComplete.Engine.Ranking;

/// <summary>Chooses which items get a star: those the model expects, and none when it has nothing to say.</summary>
internal static class Stars
{
    public const int Most = 5;

    // A name the model gives less than this is no expectation.
    private static readonly double LeastLogProbability = Math.Log(0.02);

    // A star beside one that is twenty times as likely is noise.
    private static readonly double MostBehindFirst = Math.Log(20);

    /// <param name="items">The scored items, the best first.</param>
    /// <returns>How many of the first get a star.</returns>
    public static int Count(IReadOnlyList<Relevance> items)
    {
        var count = 0;
        while (
            count < Math.Min(Most, items.Count)
            && items[count].LogProbability is { } p
            && p >= LeastLogProbability
            && items[0].Score - items[count].Score <= MostBehindFirst
        )
        {
            count++;
        }

        return count;
    }
}
