using CodeComplete.Analysis;
using CodeComplete.Engine.Chain;
using CodeComplete.Memory;

namespace CodeComplete.Engine.Learning;

/// <summary>What the memory gave for a place.</summary>
/// <param name="Snippets">The best one first; empty where no memory is open or nothing helps.</param>
/// <param name="IsSecond">They were recalled with a line that may come next (<see cref="SecondRecall"/>).</param>
internal readonly record struct Recalled(IReadOnlyList<Snippet> Snippets, bool IsSecond);

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
        PromptWith(Recall(document, cursor.Text, cursor.Context, prompts).Snippets, cursor, document, prompts);

    /// <summary>The same with what was recalled before.</summary>
    public Prompt PromptWith(IEnumerable<Snippet> snippets, CursorAnalysis cursor, string document, PromptBuilder prompts) =>
        prompts.Build(RelativePath(document), cursor.Text, cursor.Context.Offset, cursor.Context.OnlyClosersFollow, ForPrompt(snippets));

    /// <param name="change">Of the question, in an ablation; its answer is not kept.</param>
    public Recalled Recall(
        string document,
        string text,
        CursorContext context,
        PromptBuilder prompts,
        Func<RecallQuery, RecallQuery>? change = null
    )
    {
        if (memories.For(document) is not { } memory)
        {
            return new Recalled([], IsSecond: false);
        }

        memories.TakeInBuffersBut(document);
        var query = Query(document, text, context, prompts);
        if (change is null && KeptAt(document, context, query) is { } kept)
        {
            return new Recalled(kept.Snippets, kept.IsSecond);
        }

        var snippets = memory.Recall(change?.Invoke(query) ?? query).Snippets;
        if (change is null)
        {
            Keep(document, context, query, snippets, isSecond: false);
        }

        return new Recalled(snippets, IsSecond: false);
    }

    /// <summary>
    /// Asks once more, as if a line that may come next stood there already (<see cref="SecondRecall"/>). While the cursor stays in the member its answer is
    /// given, too, to whoever asks without one.
    /// </summary>
    /// <param name="behind">The cursor behind that line.</param>
    /// <returns><see langword="null"/> where that is what the prompt has anyway, or no memory is open.</returns>
    public IReadOnlyList<Snippet>? RecallWith(
        string document,
        CursorAnalysis behind,
        CursorAnalysis cursor,
        PromptBuilder prompts,
        Func<RecallQuery, RecallQuery>? change = null
    )
    {
        if (memories.For(document) is not { } memory)
        {
            return null;
        }

        var query = Query(document, cursor.Text, cursor.Context, prompts);
        var kept = change is null ? KeptAt(document, cursor.Context, query) : null;
        if (kept is { IsSecond: true })
        {
            return null;
        }

        var second = Query(document, behind.Text, behind.Context, prompts);
        var snippets = memory.Recall(change?.Invoke(second) ?? second).Snippets;
        if (change is null)
        {
            Keep(document, cursor.Context, query, snippets, isSecond: true);
        }

        return kept is not null && kept.Snippets.Select(static s => s.Text).SequenceEqual(snippets.Select(static s => s.Text))
            ? null
            : snippets;
    }

    /// <summary>Nothing is kept of what was recalled: evaluation asks one place in several ways.</summary>
    public void Forget() => _kept = null;

    public static IReadOnlyList<PromptSnippet> ForPrompt(IEnumerable<Snippet> snippets) =>
        [.. snippets.Select(static snippet => new PromptSnippet(snippet.Path, snippet.Text))];

    private KeptPlace PlaceOf(string document, CursorContext context) =>
        new(document, context.EnclosingType, context.EnclosingMember, context.ReceiverType, memories.ChangesFor(document));

    private Kept? KeptAt(string document, CursorContext context, RecallQuery query) =>
        _kept is { } kept && kept.Place == PlaceOf(document, context) && kept.StillStandsApart(query) ? kept : null;

    private void Keep(string document, CursorContext context, RecallQuery query, IReadOnlyList<Snippet> snippets, bool isSecond)
    {
        if (isIndexed())
        {
            _kept = new Kept(PlaceOf(document, context), snippets, query, isSecond);
        }
    }

    /// <summary>Where an answer holds: another member, another receiver or another edit elsewhere wants another one.</summary>
    private sealed record KeptPlace(string Document, string? Type, string? Member, string? Receiver, long Changes);

    private sealed class Kept(KeptPlace place, IReadOnlyList<Snippet> snippets, RecallQuery query, bool isSecond)
    {
        private readonly int _lines = LineCount(query);

        public KeptPlace Place => place;

        public IReadOnlyList<Snippet> Snippets => snippets;

        /// <summary>They were recalled with a line that may come next.</summary>
        public bool IsSecond => isSecond;

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
