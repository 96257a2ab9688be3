namespace CodeComplete.Server.Protocol;

internal enum CompletionTriggerKind
{
    Invoked = 1,
    TriggerCharacter = 2,
    TriggerForIncompleteCompletions = 3,
}

internal sealed record CompletionContext(CompletionTriggerKind TriggerKind, string? TriggerCharacter = null);

internal sealed record CompletionParams(TextDocumentIdentifier TextDocument, Position Position, CompletionContext? Context = null);

internal sealed record CompletionList(bool IsIncomplete, IReadOnlyList<CompletionItem> Items, CompletionItemDefaults? ItemDefaults = null);

/// <param name="EditRange">A <see cref="Range"/> or an <see cref="EditRangeWithInsertReplace"/>.</param>
internal sealed record CompletionItemDefaults(object? EditRange = null, IReadOnlyList<string>? CommitCharacters = null);

internal sealed record EditRangeWithInsertReplace(Range Insert, Range Replace);

internal sealed record InsertReplaceEdit(string NewText, Range Insert, Range Replace);

internal sealed record CompletionItemLabelDetails(string? Detail = null, string? Description = null);

internal enum InsertTextFormat
{
    PlainText = 1,
    Snippet = 2,
}

internal enum InsertTextMode
{
    AsIs = 1,
}

internal enum CompletionItemTag
{
    Deprecated = 1,
}

/// <summary>One row of the list. What is <see langword="null"/> is not sent.</summary>
internal sealed record CompletionItem(string Label)
{
    public CompletionItemLabelDetails? LabelDetails { get; init; }

    public CompletionItemKind? Kind { get; init; }

    public IReadOnlyList<CompletionItemTag>? Tags { get; init; }

    public string? Detail { get; init; }

    public bool? Deprecated { get; init; }

    public bool? Preselect { get; init; }

    public string? SortText { get; init; }

    public string? FilterText { get; init; }

    /// <summary>A <see cref="Protocol.TextEdit"/> or an <see cref="InsertReplaceEdit"/>.</summary>
    public object? TextEdit { get; init; }

    /// <summary>The new text where the list's default range is used.</summary>
    public string? TextEditText { get; init; }

    public InsertTextFormat? InsertTextFormat { get; init; }

    public InsertTextMode? InsertTextMode { get; init; }

    public IReadOnlyList<TextEdit>? AdditionalTextEdits { get; init; }

    public IReadOnlyList<string>? CommitCharacters { get; init; }

    public CompletionItemData? Data { get; init; }
}

/// <summary>Comes back with <c>completionItem/resolve</c>; small, since it is sent a thousand times.</summary>
/// <param name="Uri">The document, where its text is needed to count positions in it.</param>
internal sealed record CompletionItemData(long List, int Index, string? Uri = null);

/// <summary>Text with its format. <paramref name="Kind"/> is one of <see cref="MarkupKind"/>.</summary>
internal sealed record MarkupContent(string Kind, string Value);

internal static class MarkupKind
{
    public const string PlainText = "plaintext";
    public const string Markdown = "markdown";
}

internal sealed record CompletionOptions(
    IReadOnlyList<string> TriggerCharacters,
    bool ResolveProvider,
    ServerCompletionItemOptions CompletionItem
);

internal sealed record ServerCompletionItemOptions(bool LabelDetailsSupport);
