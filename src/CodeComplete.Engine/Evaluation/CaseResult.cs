using System.Text.Json.Serialization;

namespace CodeComplete.Engine.Evaluation;

/// <summary>What became of a case: a line of a report.</summary>
public sealed record CaseResult
{
    public required string Id { get; init; }

    public required string Kind { get; init; }

    /// <inheritdoc cref="EvaluationCase.File"/>
    public required string File { get; init; }

    /// <inheritdoc cref="EvaluationCase.Offset"/>
    public required int Offset { get; init; }

    /// <inheritdoc cref="EvaluationCase.Groundtruth"/>
    public required string Groundtruth { get; init; }

    /// <inheritdoc cref="EvaluationCase.Standing"/>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Standing { get; init; }

    /// <summary>The first line of the ghost text, as it would be shown with the gate open; empty where none would be.</summary>
    public required string Prediction { get; init; }

    /// <summary>The whole ghost text, where it has more lines than <see cref="Prediction"/>: it is what must compile.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Lines { get; init; }

    public required bool Shown { get; init; }

    /// <summary>Where nothing is shown, why.</summary>
    public string? Why { get; init; }

    /// <summary>As in <see cref="GhostText.Verified"/>; <see langword="null"/> as well where nothing is shown.</summary>
    public required bool? Verified { get; init; }

    /// <summary>
    /// With the prediction in place the whole document has no error that it had not before (<see cref="Analysis.CompileCheck"/>).
    /// <see langword="null"/> where the original member has errors, or nothing is shown.
    /// </summary>
    public required bool? Compiles { get; init; }

    /// <summary>
    /// As <see cref="Compiles"/>, where open brackets, a <c>;</c> or an empty body may be typed behind the prediction first, and what the document has
    /// of errors with nothing in its place does not count.
    /// </summary>
    public bool? BringsNoError { get; init; }

    /// <summary>What the compiler says where it does not compile; <see langword="null"/> where nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Errors { get; init; }

    /// <summary>The groundtruth's first identifier, whole; <see langword="null"/> where it has none, or no list was asked for.</summary>
    public string? Name { get; init; }

    /// <summary>
    /// The place of <see cref="Name"/> in the list after sorting by <c>sortText</c>, 1 is the first; <see langword="null"/> where it is not in it.
    /// No client's filter has been over the list.
    /// </summary>
    public int? Rank { get; init; }

    /// <inheritdoc cref="GhostText.Probability"/>
    public double? Probability { get; init; }

    /// <inheritdoc cref="GhostText.LowestProbability"/>
    public double? LowestProbability { get; init; }

    /// <summary>From the request for ghost text to its answer, in milliseconds.</summary>
    public double Ms => Timings.Total;

    public required Scores Scores { get; init; }

    /// <summary>In milliseconds; <see cref="StageTimings.Total"/> is the ghost text's.</summary>
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
