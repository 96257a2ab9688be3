namespace CodeComplete.Transformer;

/// <summary>A part of a prompt, its mark in tokens.</summary>
/// <param name="Mark">The ids before it; empty for none.</param>
public sealed record LayoutPart(PromptContent Content, IReadOnlyList<int> Mark);

/// <summary>A <see cref="PromptFormat"/> in the ids of a tokenizer: what a prompt is put together by.</summary>
public sealed record PromptLayout
{
    /// <summary>In the order in which they stand. What follows the prefix, if anything does, ends the prompt.</summary>
    public required IReadOnlyList<LayoutPart> Parts { get; init; }

    /// <summary>The ids before each recalled snippet; empty for none.</summary>
    public required IReadOnlyList<int> SnippetMark { get; init; }

    /// <inheritdoc cref="PromptFormat.SuffixStartsAtLineEnd"/>
    public required bool SuffixStartsAtLineEnd { get; init; }
}
