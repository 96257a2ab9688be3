namespace CodeComplete.Engine.Evaluation;

/// <summary>What became of a case.</summary>
public sealed record CaseResult
{
    public required string Id { get; init; }

    public required string Kind { get; init; }

    /// <summary>The first line of the ghost text; empty where none would be shown.</summary>
    public required string Prediction { get; init; }

    public required bool Shown { get; init; }

    /// <summary>Where nothing is shown, why.</summary>
    public string? Why { get; init; }

    /// <summary>As in <see cref="GhostText.Verified"/>; <see langword="null"/> as well where nothing is shown.</summary>
    public required bool? Verified { get; init; }

    public required Scores Scores { get; init; }

    /// <summary>In milliseconds.</summary>
    public required StageTimings Timings { get; init; }
}

/// <summary>What the memory recalled at a case's place.</summary>
public sealed record CaseRecall
{
    public required string Id { get; init; }

    public required string Kind { get; init; }

    /// <summary>The groundtruth's different identifiers, with the one that is typed half.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>Those of them that name members and types of the project itself.</summary>
    public required IReadOnlyList<string> ProjectNames { get; init; }

    /// <summary>Those of <see cref="ProjectNames"/> that stand nowhere in the document without the groundtruth.</summary>
    public required IReadOnlyList<string> UnseenNames { get; init; }

    /// <summary>Every word of what was recalled.</summary>
    public required IReadOnlySet<string> Recalled { get; init; }

    /// <summary>What the snippets cost in a prompt.</summary>
    public required int Tokens { get; init; }

    /// <summary>From the cursor's context to the snippets, with the counting of their tokens.</summary>
    public required double Milliseconds { get; init; }

    /// <summary>The share of these names that stand in what was recalled; <see langword="null"/> where there are none.</summary>
    public double? ShareOf(IReadOnlyList<string> names) => names.Count == 0 ? null : (double)names.Count(Recalled.Contains) / names.Count;
}
