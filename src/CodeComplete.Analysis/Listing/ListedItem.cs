using System.Collections.Immutable;
using Microsoft.CodeAnalysis.Completion;

namespace CodeComplete.Analysis;

/// <summary>What an item of Roslyn's list is.</summary>
public enum ListedKind
{
    Other,
    Class,
    Constant,
    Constructor,
    Delegate,
    Enum,
    EnumMember,
    Event,
    ExtensionMethod,
    Field,
    Interface,
    Keyword,
    Local,
    Method,
    Namespace,
    Operator,
    Parameter,
    Property,
    RangeVariable,
    Snippet,
    Struct,
    TypeParameter,
}

/// <summary>One item of Roslyn's list.</summary>
public sealed class ListedItem
{
    internal ListedItem(CompletionItem item, ListedKind kind, string insertText)
    {
        (Item, Kind, InsertText) = (item, kind, insertText);
    }

    internal CompletionItem Item { get; }

    /// <summary>The name as it is shown, without type parameters and the like.</summary>
    public string Label => Item.DisplayTextPrefix + Item.DisplayText;

    /// <summary>Shown behind the label: <c>&lt;&gt;</c> for instance.</summary>
    public string Suffix => Item.DisplayTextSuffix;

    /// <summary>A namespace that would have to be imported, for instance.</summary>
    public string Description => Item.InlineDescription;

    public string FilterText => Item.FilterText;

    public string SortText => Item.SortText;

    public ListedKind Kind { get; }

    public string InsertText { get; }

    /// <summary>Roslyn's own weight; higher is better, 0 is ordinary.</summary>
    public int MatchPriority => Item.Rules.MatchPriority;

    /// <summary>It writes more than its name, or comes with edits elsewhere.</summary>
    public bool IsComplex => Item.IsComplexTextEdit;

    /// <summary>It comes with edits elsewhere (a <c>using</c>, an <c>async</c>), which are told when it is described.</summary>
    public bool HasEditsElsewhere { get; internal init; }

    public bool Deprecated { get; internal init; }

    /// <summary><see cref="InsertText"/> is a snippet in LSP's syntax.</summary>
    public bool IsSnippet { get; internal init; }

    /// <summary>Where the text starts that the item takes away before the word, in UTF-16 units; it lies on the word's line.</summary>
    public int? ReplacesFrom { get; internal init; }

    /// <summary>Each of these characters, typed while the item is selected, takes it; empty where none does.</summary>
    public string CommitCharacters { get; internal init; } = "";

    internal ImmutableArray<string> Tags => Item.Tags;
}

/// <summary>Roslyn's list at a place.</summary>
/// <param name="Items">In Roslyn's order.</param>
/// <param name="SpanStart">The word that an item replaces, in UTF-16 units.</param>
/// <param name="SpanEnd">Its end.</param>
public sealed record ListedItems(IReadOnlyList<ListedItem> Items, int SpanStart, int SpanEnd)
{
    /// <summary>What is not imported is missing, since it is still being read.</summary>
    public bool IsIncomplete { get; init; }

    /// <summary>Some items were left out; those that go on with what is typed come first, so asking again further into the word gives them.</summary>
    public bool IsCut { get; init; }
}

/// <summary>What Roslyn says of one item when it is asked.</summary>
/// <param name="Signature">The declaration, one line or more.</param>
/// <param name="Documentation">Plain text, empty where there is none.</param>
/// <param name="Edits">All changes of the text that the item makes, in UTF-16 units, in order; the one that holds the item's own text included.</param>
public sealed record ListedDetail(string Signature, string Documentation, IReadOnlyList<ListedEdit> Edits);

/// <summary>Replaces the text from <paramref name="Start"/> up to <paramref name="End"/>.</summary>
public sealed record ListedEdit(int Start, int End, string NewText);
