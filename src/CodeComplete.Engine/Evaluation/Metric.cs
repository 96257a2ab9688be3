namespace CodeComplete.Engine.Evaluation;

/// <summary>One thing that is measured of a set of cases, as a ratio of sums over them.</summary>
/// <param name="Name">As reports call it.</param>
/// <param name="Title">In words.</param>
/// <param name="IsShare">0 to 1, written in percent; else in milliseconds.</param>
/// <param name="Of">What a case adds; nothing below where it does not count.</param>
public sealed record Metric(string Name, string Title, bool IsShare, Func<CaseResult, Portion> Of)
{
    /// <summary>The whole rest of the line is right, to the letter.</summary>
    public static Metric ExactMatch { get; } = Mean("exactMatch", "exact match", result => result.Scores.ExactMatch ? 1 : 0);

    /// <inheritdoc cref="Scores.EditSimilarity"/>
    public static Metric EditSimilarity { get; } = Mean("editSimilarity", "edit similarity", result => result.Scores.EditSimilarity);

    public static Metric IdentifierF1 { get; } = Mean("identifierF1", "identifiers, F1", result => result.Scores.IdentifierF1);

    /// <summary>Of all cases those where something is shown.</summary>
    public static Metric Shown { get; } = Mean("shown", "shown", result => result.Shown ? 1 : 0);

    /// <inheritdoc cref="CaseResult.Compiles"/>
    public static Metric Compiles { get; } = Share("compiles", "compiles, of shown", result => result.Compiles);

    /// <summary>How long ghost text takes.</summary>
    public static Metric Latency { get; } = new("latency", "ghost text, mean ms", IsShare: false, result => new Portion(result.Ms, 1));

    /// <summary>How good the answers are, in the order of reports.</summary>
    public static IReadOnlyList<Metric> Quality { get; } =
    [
        ExactMatch,
        EditSimilarity,
        Mean("identifierMatch", "identifiers, exact match", result => result.Scores.IdentifierMatch ? 1 : 0),
        IdentifierF1,
        Shown,
        Compiles,
        Share("bringsNoError", "brings no error, of shown", result => result.BringsNoError),
        new("completedCode", "completed code, of characters", IsShare: true, Completed),
        List("recallAt1", "list recall@1", rank => rank <= 1 ? 1 : 0),
        List("recallAt5", "list recall@5", rank => rank <= 5 ? 1 : 0),
        List("mrr", "list MRR", rank => 1.0 / rank ?? 0),
    ];

    private static Metric Mean(string name, string title, Func<CaseResult, double> of) =>
        new(name, title, IsShare: true, result => new Portion(of(result), 1));

    private static Metric Share(string name, string title, Func<CaseResult, bool?> of) =>
        new(name, title, IsShare: true, result => of(result) is { } holds ? new Portion(holds ? 1 : 0, 1) : default);

    /// <summary>Over the cases with a name to find; a name that is not in the list counts as 0.</summary>
    private static Metric List(string name, string title, Func<int?, double> of) =>
        new(name, title, IsShare: true, result => result.Name is null ? default : new Portion(of(result.Rank), 1));

    /// <summary>Of the characters to write those that a user gets who takes what is shown where it is right from its first to its last character.</summary>
    private static Portion Completed(CaseResult result)
    {
        var wanted = result.Groundtruth.AsSpan(0, result.Groundtruth.Length - (result.Standing?.Length ?? 0));
        return new Portion(wanted.StartsWith(result.Prediction) ? result.Prediction.Length : 0, wanted.Length);
    }
}
