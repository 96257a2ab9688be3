using System.Collections.Concurrent;
using CodeComplete.Analysis;
using CodeComplete.Engine.Chain;
using CodeComplete.Memory;

namespace CodeComplete.Engine.Learning;

/// <summary>Asks the memory for code like the code at the cursor, and keeps the answer while the cursor stays in the member.</summary>
internal sealed class Recaller(MemorySet memories)
{
    // What is near the cursor says what is needed; further up, the file says only what it is about.
    private const int CharactersBefore = 900;
    private const int CharactersAfter = 200;
    private const int Snippets = 4;
    private const int MembersKept = 256;

    // The prompt's beginning must stay the same while the user types, or the decoder reads it all again at each keystroke.
    private readonly ConcurrentDictionary<string, IReadOnlyList<PromptSnippet>> _kept = new(StringComparer.Ordinal);

    /// <summary>The path as it stands in prompts: relative to the workspace, with <c>/</c>.</summary>
    public string RelativePath(string document) => memories.RelativePath(document);

    /// <returns>The best one first; empty where no memory is open or nothing is alike.</returns>
    public IReadOnlyList<PromptSnippet> Recall(string document, string text, CursorContext context)
    {
        if (memories.For(document) is not { } memory)
        {
            return [];
        }

        var key = $"{document}\n{context.EnclosingType}.{context.EnclosingMember}\n{context.ReceiverType}";
        if (_kept.TryGetValue(key, out var snippets))
        {
            return snippets;
        }

        memories.TakeInBuffersBut(document);
        var from = Math.Max(0, context.Offset - CharactersBefore);
        var to = Math.Min(text.Length, context.Offset + CharactersAfter);
        // The cursor's line is last, where the memory weighs most; the types that matter there count as if they stood on it.
        var query = $"{text[context.Offset..to]}\n{text[from..context.Offset]} {string.Join(' ', context.RelatedTypes)}";
        var answer = memory.Recall(
            new RecallQuery
            {
                Text = query,
                Path = memories.RelativePath(document),
                MaxSnippets = Snippets,
            }
        );
        snippets = [.. answer.Snippets.Select(s => new PromptSnippet(s.Path, s.Text))];
        if (context.EnclosingMember is not null && snippets.Count > 0)
        {
            if (_kept.Count > MembersKept)
            {
                _kept.Clear();
            }

            _kept[key] = snippets;
        }

        return snippets;
    }
}
