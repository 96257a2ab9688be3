using CodeComplete.Memory;

namespace CodeComplete.Engine.Evaluation;

/// <summary>The parts of the chain that take part in a request: an ablation leaves some out to see what each is worth.</summary>
public sealed record ChainParts
{
    public static ChainParts All { get; } = new();

    /// <summary>The memory is asked for code that looks alike.</summary>
    public bool Recall { get; init; } = true;

    /// <summary>Where the model is unsure of its line, the memory is asked again with it.</summary>
    public bool SecondRecall { get; init; } = true;

    /// <summary>Changes what the memory is asked; <see langword="null"/>: nothing. Sources of recall are left out here.</summary>
    public Func<RecallQuery, RecallQuery>? Query { get; init; }

    /// <summary>The model sees what stands after the cursor.</summary>
    public bool Suffix { get; init; } = true;

    /// <summary>How long prompts may be, in tokens: prefix, suffix and snippets in their usual shares; <see langword="null"/>: as usual.</summary>
    public int? PromptTokens { get; init; }

    /// <summary>The next tokens are guessed and checked several at a time; without it they are written one by one. What is written is the same.</summary>
    public bool Drafts { get; init; } = true;

    /// <summary>Only names that the compiler knows at their places are written.</summary>
    public bool Guides { get; init; } = true;

    /// <summary>What does not compile is cut back or dropped; without it the model's line is shown as it is.</summary>
    public bool Verification { get; init; } = true;

    /// <summary>More lines than one are written where the place asks for them.</summary>
    public bool Multiline { get; init; } = true;
}
