namespace CodeComplete.Memory.Recalling;

/// <summary>
/// What a source's vote is worth, and whether a hit is worth its tokens at all. The numbers come from the measurement in docs/RESULTS.md
/// ("Recall"), not from taste.
/// </summary>
internal static class RecallGate
{
    /// <summary>A window that holds less of what the query asks for tells little about it, and pushes what does out of the prompt.</summary>
    public const double LeastCoverage = 0.4;

    /// <param name="vectorsAreLexical">See <see cref="IEmbedder.IsLexical"/>.</param>
    public static double Weight(RecallSources source, bool vectorsAreLexical) =>
        source switch
        {
            RecallSources.Lexical => 0.5,
            // Of the words alone, the vectors say once more what BM25 says; with as much of a vote they cost three to four points.
            RecallSources.Vectors when vectorsAreLexical => 0.1,
            // Not tuned: no encoder is shipped yet.
            RecallSources.Vectors => 0.3,
            RecallSources.OwnFile => 1.5,
            // Few tokens, and names that nobody near has used yet.
            RecallSources.Signatures => 0.8,
            RecallSources.Usages => 0.3,
            // The task at hand is seldom in one file.
            RecallSources.RecentEdits => 1,
            // 0.3 brings a third of it.
            RecallSources.Accepted => 1,
            _ => 0,
        };
}
