using CodeComplete.Analysis;
using CodeComplete.Engine.Chain;
using CodeComplete.Memory;

namespace CodeComplete.Engine.Learning;

/// <summary>Asks the memory for code that helps at the cursor, and keeps the answer while the cursor stays in the member.</summary>
/// <param name="isIndexed">All of the workspace is in the memory, so an answer can be kept.</param>
internal sealed class Recaller(MemorySet memories, Func<bool> isIndexed)
{
    // The prompt's beginning must stay the same while the user types, or the decoder reads it all again at each keystroke.
    private volatile Kept? _kept;

    /// <summary>The path as it stands in prompts: relative to the workspace, with <c>/</c>.</summary>
    public string RelativePath(string document) => memories.RelativePath(document);

    /// <summary>What the memory is asked at a place; evaluation asks the same.</summary>
    public RecallQuery Query(string document, string text, CursorContext context, PromptBuilder prompts) =>
        RecallQueries.For(memories.RelativePath(document), text, context, prompts);

    /// <summary>What the model reads at a place: the document around it and what the memory recalls there.</summary>
    public Prompt PromptAt(CursorAnalysis cursor, string document, PromptBuilder prompts) =>
        prompts.Build(
            RelativePath(document),
            cursor.Text,
            cursor.Context.Offset,
            cursor.Context.OnlyClosersFollow,
            ForPrompt(Recall(document, cursor.Text, cursor.Context, prompts))
        );

    /// <param name="change">Of the question, in an ablation; its answer is not kept.</param>
    /// <returns>The best one first; empty where no memory is open or nothing helps.</returns>
    public IReadOnlyList<Snippet> Recall(
        string document,
        string text,
        CursorContext context,
        PromptBuilder prompts,
        Func<RecallQuery, RecallQuery>? change = null
    )
    {
        if (memories.For(document) is not { } memory)
        {
            return [];
        }

        memories.TakeInBuffersBut(document);
        var query = Query(document, text, context, prompts);
        var place = new KeptPlace(
            document,
            context.EnclosingType,
            context.EnclosingMember,
            context.ReceiverType,
            memories.ChangesFor(document)
        );
        if (change is null && _kept is { } kept && kept.Place == place && kept.StillStandsApart(query))
        {
            return kept.Snippets;
        }

        var snippets = memory.Recall(change?.Invoke(query) ?? query).Snippets;
        if (change is null && isIndexed())
        {
            _kept = new Kept(place, snippets, query);
        }

        return snippets;
    }

    public static IReadOnlyList<PromptSnippet> ForPrompt(IEnumerable<Snippet> snippets) =>
        [.. snippets.Select(static snippet => new PromptSnippet(snippet.Path, snippet.Text))];

    /// <summary>Where an answer holds: another member, another receiver or another edit elsewhere wants another one.</summary>
    private sealed record KeptPlace(string Document, string? Type, string? Member, string? Receiver, long Changes);

    private sealed class Kept(KeptPlace place, IReadOnlyList<Snippet> snippets, RecallQuery query)
    {
        private readonly int _lines = LineCount(query);

        public KeptPlace Place => place;

        public IReadOnlyList<Snippet> Snippets => snippets;

        /// <summary>
        /// Are the snippets of the file itself still apart from what the prompt shows? The cursor may have moved towards them, and the line
        /// that is being written must never be in what is recalled.
        /// </summary>
        public bool StillStandsApart(RecallQuery now)
        {
            var added = LineCount(now) - _lines;
            return !snippets.Any(snippet =>
            {
                var start = snippet.StartLine + (snippet.StartLine >= query.OwnLines.End ? added : 0);
                return snippet.Sources.HasFlag(RecallSources.OwnFile)
                    && start < now.OwnLines.End
                    && now.OwnLines.First < start + snippet.Text.AsSpan().Count('\n') + 1;
            });
        }

        private static int LineCount(RecallQuery query) => query.OwnText.AsSpan().Count('\n');
    }
}
