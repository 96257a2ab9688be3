namespace CodeComplete.Engine.Evaluation;

/// <summary>A training sample in the product's own prompt: a line of a data set.</summary>
/// <param name="Id">Of its case.</param>
/// <param name="Kind">Of its case, one of <see cref="CaseKinds"/>.</param>
/// <param name="File">Relative to the folder, with <c>/</c>.</param>
/// <param name="Prompt">What the decoder reads, as token ids, without those that token healing takes back at the cursor.</param>
/// <param name="Middle">What it is to write: what healing took back, the rest of the line, and the end token.</param>
/// <param name="Text"><paramref name="Middle"/> as text, without the end token.</param>
/// <param name="Typed">How much of <paramref name="Text"/>, in UTF-16 code units, stands before the cursor already: what healing took back.</param>
/// <param name="Snippets">How many pieces of other code the prompt holds.</param>
public sealed record TrainingSample(
    string Id,
    string Kind,
    string File,
    IReadOnlyList<int> Prompt,
    IReadOnlyList<int> Middle,
    string Text,
    int Typed,
    int Snippets
);

/// <summary>What a data set holds and what it was made with: its <c>manifest.json</c>.</summary>
public sealed record DatasetManifest
{
    /// <inheritdoc cref="EvaluationSettings.Folder"/>
    public required string Folder { get; init; }

    /// <summary>How many samples were asked for at most; <see langword="null"/>: all there are.</summary>
    public int? Asked { get; init; }

    public required int Seed { get; init; }

    public required IReadOnlyList<string> Kinds { get; init; }

    /// <inheritdoc cref="EvaluationSettings.CasesHash"/>
    public required string CasesHash { get; init; }

    public required string Model { get; init; }

    /// <summary>Names the vocabulary that the ids belong to.</summary>
    public required string TokenizerId { get; init; }

    /// <summary>The number of the prompt format.</summary>
    public required int PromptFormat { get; init; }

    /// <inheritdoc cref="EvaluationSettings.Memory"/>
    public required bool Memory { get; init; }

    /// <inheritdoc cref="EvaluationSettings.Version"/>
    public required string Version { get; init; }

    /// <inheritdoc cref="EvaluationSettings.Build"/>
    public required string Build { get; init; }

    /// <summary>How many samples a file holds; the last one may hold fewer.</summary>
    public required int SamplesOfAFile { get; init; }

    /// <summary>What was written; <see langword="null"/> until all is.</summary>
    public DatasetCounts? Counts { get; init; }
}

/// <param name="Samples">In all.</param>
/// <param name="Files">Files of samples.</param>
/// <param name="PromptTokens">Of all prompts.</param>
/// <param name="MiddleTokens">Of all middles.</param>
/// <param name="LeftOut">Cases that make no sample: what looks like a secret stands on the line, or the line is longer than the model writes.</param>
/// <param name="Kinds">Samples of each kind.</param>
public sealed record DatasetCounts(
    int Samples,
    int Files,
    long PromptTokens,
    long MiddleTokens,
    int LeftOut,
    IReadOnlyDictionary<string, int> Kinds
);
