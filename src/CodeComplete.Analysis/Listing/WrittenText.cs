using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Completion;
using Microsoft.CodeAnalysis.Tags;
using Microsoft.CodeAnalysis.Text;

namespace CodeComplete.Analysis;

/// <summary>What an item of Roslyn's writes, as a plain edit of the word at the cursor.</summary>
/// <param name="Text">Replaces the word.</param>
/// <param name="ReplacesFrom">Where what goes too starts, on the word's line; <see langword="null"/> where only the word goes.</param>
/// <param name="IsSnippet"><paramref name="Text"/> is a snippet in LSP's syntax: the cursor does not end behind it.</param>
/// <param name="HasEditsElsewhere">It also edits other places of the document.</param>
internal sealed record WrittenText(string Text, int? ReplacesFrom = null, bool IsSnippet = false, bool HasEditsElsewhere = false)
{
    // Where a provider that rewrites text (documentation tags) says what it would write.
    private const string InsertionTextProperty = "InsertionText";

    /// <summary>
    /// Whether only Roslyn's change tells what the item writes: an override, a cast or an operator behind a dot, <c>await</c> where the method
    /// is not yet async. A name that must be imported (its namespace is its description) writes itself.
    /// </summary>
    public static bool IsWorkedOut(CompletionItem item) =>
        item.IsComplexTextEdit && (item.InlineDescription.Length == 0 || item.Tags.Contains(WellKnownTags.Operator));

    /// <summary>Of any other item.</summary>
    public static WrittenText Of(CompletionItem item) =>
        new(
            item.Properties.TryGetValue(InsertionTextProperty, out var text) ? text : item.DisplayTextPrefix + item.DisplayText,
            HasEditsElsewhere: item.IsComplexTextEdit
        );

    /// <param name="word">What an item of the list replaces.</param>
    /// <param name="snippets">Whether a snippet may say where the cursor ends.</param>
    /// <returns><see langword="null"/> where it cannot be said as an edit of the word's line.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled.</exception>
    public static async Task<WrittenText?> WorkOutAsync(
        CompletionService service,
        Document document,
        CompletionItem item,
        TextSpan word,
        bool snippets,
        CancellationToken cancellation
    )
    {
        var source = await document.GetTextAsync(cancellation);
        var change = await service.GetChangeAsync(document, item, commitCharacter: null, cancellation);
        var lineStart = source.Lines.GetLineFromPosition(word.Start).Start;
        var (span, text) = Narrowed(change.TextChange, source, word);
        var hasEditsElsewhere = span.Start < lineStart && change.TextChanges.Length > 1;
        if (hasEditsElsewhere)
        {
            (span, text) = Narrowed(change.TextChanges[^1], source, word);
        }

        if (span == word)
        {
            return new WrittenText(text, HasEditsElsewhere: hasEditsElsewhere);
        }

        if (span.Start < lineStart || span.End > word.End)
        {
            // Where an attribute stands above, Roslyn writes the override before it; it belongs where its modifiers stand.
            var modifiers = source.ToString(TextSpan.FromBounds(lineStart, word.Start)).TrimStart();
            var member = change
                .TextChanges.Select(c => (c.NewText ?? "").Trim())
                .FirstOrDefault(t => modifiers.Length > 0 && t.StartsWith(modifiers, StringComparison.Ordinal));
            return member is null ? null : new WrittenText(member[modifiers.Length..]);
        }

        // Where the cursor ends counts from the text that the other edits leave.
        var cursor = hasEditsElsewhere || change.NewPosition is not { } position ? text.Length : position - span.Start;
        var isSnippet = snippets && cursor >= 0 && cursor < text.Length && !text.Contains('\n', StringComparison.Ordinal);
        return new WrittenText(
            isSnippet ? Snippet.Escape(text[..cursor]) + "$0" + Snippet.Escape(text[cursor..]) : text,
            span.Start,
            isSnippet,
            hasEditsElsewhere
        );
    }

    /// <summary>A change without what it writes as it stands already outside of the word: an override is written anew from its modifiers on.</summary>
    private static (TextSpan Span, string Text) Narrowed(TextChange change, SourceText source, TextSpan word)
    {
        var (start, end) = (change.Span.Start, change.Span.End);
        var text = change.NewText ?? "";
        var (from, to) = (0, text.Length);
        while (end > word.End && to > from && text[to - 1] == source[end - 1])
        {
            end--;
            to--;
        }

        while (start < word.Start && to > from && text[from] == source[start])
        {
            start++;
            from++;
        }

        return (TextSpan.FromBounds(start, end), text[from..to]);
    }
}
