using CodeComplete.Analysis;
using CodeComplete.Engine.Chain;
using CodeComplete.Memory;

namespace CodeComplete.Engine.Learning;

/// <summary>Asks the memory for code like the code at the cursor, and keeps the answer while the cursor stays in the member.</summary>
/// <param name="isIndexed">All of the workspace is in the memory, so an answer can be kept.</param>
internal sealed class Recaller(MemorySet memories, Func<bool> isIndexed)
{
    // What is near the cursor says what is needed; further up, the file says only what it is about.
    private const int CharactersBefore = 900;
    private const int CharactersAfter = 200;
    private const int Snippets = 4;

    // The prompt's beginning must stay the same while the user types, or the decoder reads it all again at each keystroke.
    private volatile Kept? _kept;

    private sealed record Kept(
        string Document,
        string? Type,
        string? Member,
        string? Receiver,
        long Changes,
        IReadOnlyList<PromptSnippet> Snippets
    );

    /// <summary>The path as it stands in prompts: relative to the workspace, with <c>/</c>.</summary>
    public string RelativePath(string document) => memories.RelativePath(document);

    /// <returns>The best one first; empty where no memory is open or nothing is alike.</returns>
    /// <param name="change">Of the question, in an ablation; its answer is not kept.</param>
    public IReadOnlyList<PromptSnippet> Recall(
        string document,
        string text,
        CursorContext context,
        Func<RecallQuery, RecallQuery>? change = null
    )
    {
        if (memories.For(document) is not { } memory)
        {
            return [];
        }

        memories.TakeInBuffersBut(document);
        var changes = memories.Changes;
        if (
            change is null
            && _kept is { } kept
            && kept == new Kept(document, context.EnclosingType, context.EnclosingMember, context.ReceiverType, changes, kept.Snippets)
        )
        {
            return kept.Snippets;
        }

        var query = Query(document, text, context);
        var answer = memory.Recall(change?.Invoke(query) ?? query);
        IReadOnlyList<PromptSnippet> snippets = [.. answer.Snippets.Select(s => new PromptSnippet(s.Path, s.Text))];
        if (change is null && isIndexed())
        {
            _kept = new Kept(document, context.EnclosingType, context.EnclosingMember, context.ReceiverType, changes, snippets);
        }

        return snippets;
    }

    /// <summary>What the memory is asked at a place; evaluation asks the same.</summary>
    public RecallQuery Query(string document, string text, CursorContext context)
    {
        var from = Math.Max(0, context.Offset - CharactersBefore);
        var to = Math.Min(text.Length, context.Offset + CharactersAfter);
        return new RecallQuery
        {
            // The cursor's line is last, where the memory weighs most; the types that matter there count as if they stood on it.
            Text = $"{text[context.Offset..to]}\n{text[from..context.Offset]} {string.Join(' ', context.RelatedTypes)}",
            Path = memories.RelativePath(document),
            MaxSnippets = Snippets,
        };
    }
}
