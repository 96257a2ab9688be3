namespace CodeComplete.Engine;

/// <summary>Asks for the list at a place.</summary>
/// <param name="TriggerCharacter">The character just typed that asks for it, or <see langword="null"/> where the user or a word does.</param>
/// <param name="WaitForStars">Wait until the model has scored the items, however long it takes (the command line does).</param>
/// <param name="Snippets">Whether items may be snippets.</param>
public sealed record ListRequest(
    string Document,
    Position Position,
    char? TriggerCharacter = null,
    bool WaitForStars = false,
    bool Snippets = false
);

/// <summary>What an item is; the names are LSP's <c>CompletionItemKind</c>.</summary>
public enum ItemKind
{
    Text,
    Method,
    Function,
    Constructor,
    Field,
    Variable,
    Class,
    Interface,
    Module,
    Property,
    Enum,
    Keyword,
    Snippet,
    File,
    EnumMember,
    Constant,
    Struct,
    Event,
    Operator,
    TypeParameter,
}

/// <summary>Finds an item again when it is resolved: the list it was in, and its place there.</summary>
public readonly record struct ItemKey(long List, int Index);

/// <summary>One item of the list.</summary>
public sealed record CompletionEntry
{
    public required ItemKey Key { get; init; }

    /// <summary>The bare name; the star is added where the item is shown.</summary>
    public required string Label { get; init; }

    public required ItemKind Kind { get; init; }

    public required string FilterText { get; init; }

    public required string SortText { get; init; }

    /// <summary>What replaces <see cref="CompletionAnswer.Range"/>.</summary>
    public required string InsertText { get; init; }

    /// <summary><see cref="InsertText"/> is a snippet in LSP's syntax.</summary>
    public bool IsSnippet { get; init; }

    /// <summary>What the item takes away before the answer's range, up to its start; <see langword="null"/> where it takes nothing.</summary>
    public TextRange? Removes { get; init; }

    /// <summary>The item is whole only once it is resolved: a <c>using</c> comes with it.</summary>
    public bool NeedsResolve { get; init; }

    /// <summary>Each of these characters, typed while the item is selected, takes it.</summary>
    public string CommitCharacters { get; init; } = "";

    public bool Starred { get; init; }

    public bool Preselected { get; init; }

    public bool Deprecated { get; init; }

    /// <summary>Shown right after the label: type parameters and the like.</summary>
    public string? LabelDetail { get; init; }

    /// <summary>Shown at the row's end: a namespace, for instance.</summary>
    public string? Description { get; init; }
}

/// <summary>The answer to a <see cref="ListRequest"/>.</summary>
/// <param name="Items">Sorted as <see cref="CompletionEntry.SortText"/> sorts them, case ignored; what is cut for its length is in the order of its fit.</param>
/// <param name="IsIncomplete">Asking again may give more (items were cut, the scores were late, or what is not imported is still being read).</param>
/// <param name="Range">The word at the cursor that every item replaces.</param>
public sealed record CompletionAnswer(IReadOnlyList<CompletionEntry> Items, bool IsIncomplete, TextRange Range, StageTimings Timings);

/// <summary>An edit of the document that comes with an item, a missing <c>using</c> for instance.</summary>
public sealed record AdditionalEdit(TextRange Range, string NewText);

/// <summary>What is only worked out for the item the user looks at.</summary>
/// <param name="Signature">C# text, one or a few lines.</param>
/// <param name="Documentation">Plain text; empty where there is none.</param>
/// <param name="InsertText">Replaces the entry's where it is not <see langword="null"/>.</param>
public sealed record ItemDetail(string Signature, string Documentation, string? InsertText, IReadOnlyList<AdditionalEdit> AdditionalEdits);
