using CodeComplete.Analysis;
using CodeComplete.Engine.Chain;
using CodeComplete.Memory;

namespace CodeComplete.Engine.Learning;

/// <summary>Says to the memory, in its words, what the cursor wants.</summary>
internal static class RecallQueries
{
    // What is near the cursor says what is needed; further up, the file says only what it is about.
    private const int CharactersBefore = 900;
    private const int CharactersAfter = 200;
    private const int Snippets = 6;

    /// <param name="path">The document's, relative to the workspace, with <c>/</c>.</param>
    /// <param name="text">The whole document.</param>
    /// <param name="prompts">Counts tokens, and says which lines of the document it shows anyway.</param>
    public static RecallQuery For(string path, string text, CursorContext context, PromptBuilder prompts)
    {
        var from = Math.Max(0, context.Offset - CharactersBefore);
        var to = Math.Min(text.Length, context.Offset + CharactersAfter);
        return new RecallQuery
        {
            // The cursor's line is last, where the memory weighs most; the types that matter there count as if they stood on it.
            Text = $"{text[context.Offset..to]}\n{text[from..context.Offset]} {string.Join(' ', context.RelatedTypes)}",
            Path = path,
            OwnText = text,
            OwnLines = prompts.ShownLines(text, context.Offset),
            // What the receiver can do matters most, then what is wanted; those of the parameters around come last.
            Types =
            [
                .. new[] { context.ReceiverTypeId, context.ExpectedTypeId }.OfType<string>(),
                .. context.ArgumentTypeIds,
                .. context.RelatedTypeIds,
            ],
            Members = context.MemberAtHandId is { } member ? [member] : [],
            Bases = context.EnclosingBaseIds,
            MaxSnippets = Snippets,
            Cost = snippet => prompts.CostOf(new PromptSnippet(snippet.Path, snippet.Text)),
            Budget = prompts.SnippetBudget,
        };
    }
}
