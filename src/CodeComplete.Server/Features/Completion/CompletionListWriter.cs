using CodeComplete.Engine;
using CodeComplete.Server.Documents;
using CodeComplete.Server.Features.Initialize;
using CodeComplete.Server.Protocol;

namespace CodeComplete.Server.Features.Completion;

/// <summary>The engine's list as the client can show it.</summary>
internal sealed class CompletionListWriter
{
    /// <summary>Stands before a starred item's label.</summary>
    public const string Star = "★ ";

    /// <summary>Sorts before every letter, digit and underscore, with which other items' sort texts begin.</summary>
    private const string StarSortPrefix = "!";

    private static readonly CompletionItemTag[] DeprecatedTags = [CompletionItemTag.Deprecated];

    private readonly ClientProfile _profile;
    private readonly Places _places;
    private readonly CompletionAnswer _answer;
    private readonly string? _uri;
    private readonly Protocol.Range _replace;

    /// <summary>The part of the range before the cursor, where the client lets the user choose between inserting and replacing.</summary>
    private readonly Protocol.Range? _insert;

    /// <summary>The commit characters that most items have; <see langword="null"/> where none are sent.</summary>
    private readonly string? _commit;

    /// <param name="position">Where the list was asked for.</param>
    /// <param name="uri">The document's.</param>
    public CompletionListWriter(ClientProfile profile, Places places, CompletionAnswer answer, Engine.Position position, string uri)
    {
        this._profile = profile;
        (_places, _answer) = (places, answer);

        // For the edits that come when an item is resolved; it would be most of what is sent, so only those get it who need it.
        _uri = profile.Encoding == PositionEncoding.Utf16 ? null : uri;
        _replace = places.ToLsp(answer.Range);
        _commit = profile.DefaultCommitCharacters ? MostCommon(answer.Items) : null;
        _insert = profile.InsertReplace && answer.Range.End != position ? _replace with { End = places.ToLsp(position) } : null;
    }

    public CompletionList Write()
    {
        object? range =
            !_profile.DefaultEditRange ? null
            : _insert is { } part ? new EditRangeWithInsertReplace(part, _replace)
            : _replace;
        var commit = string.IsNullOrEmpty(_commit) ? null : Characters(_commit);
        var defaults = range is null && commit is null ? null : new CompletionItemDefaults(range, commit);

        // Without its `using` an item would be one that does not compile.
        var items = _answer.Items.Where(entry => _profile.LazyEdits || !entry.NeedsResolve);
        return new CompletionList(_answer.IsIncomplete, [.. items.Select(ItemFor)], defaults);
    }

    private static string MostCommon(IReadOnlyList<CompletionEntry> entries) =>
        entries
            .CountBy(entry => entry.CommitCharacters, StringComparer.Ordinal)
            .OrderByDescending(count => count.Value)
            .FirstOrDefault()
            .Key
        ?? "";

    private static string[] Characters(string characters) => [.. characters.Select(c => c.ToString())];

    private CompletionItem ItemFor(CompletionEntry entry)
    {
        var label = entry.Starred ? Star + entry.Label : entry.Label;
        var item = new CompletionItem(label)
        {
            Kind = _profile.Showable(CompletionKinds.Of(entry.Kind)),
            SortText = entry.Starred ? StarSortPrefix + entry.SortText : entry.SortText,
            FilterText = entry.FilterText == label ? null : entry.FilterText,
            Preselect = entry.Preselected && _profile.Preselect ? true : null,
            Tags = entry.Deprecated && _profile.DeprecatedTag ? DeprecatedTags : null,
            Deprecated = entry.Deprecated && !_profile.DeprecatedTag && _profile.DeprecatedFlag ? true : null,
            InsertTextFormat = entry.IsSnippet ? InsertTextFormat.Snippet : null,
            InsertTextMode = _profile.AsIs && IsIndented(entry) ? InsertTextMode.AsIs : null,
            AdditionalTextEdits = entry.Removes is { } removed ? [new TextEdit(_places.ToLsp(removed), "")] : null,
            CommitCharacters = _commit is null || entry.CommitCharacters == _commit ? null : Characters(entry.CommitCharacters),
            Data = new CompletionItemData(entry.Key.List, entry.Key.Index, _uri),
        };
        return WithText(WithDetails(item, entry), entry);
    }

    /// <summary>An override has its lines indented already; a client that indents them as the first one would do so twice. Snippets want it.</summary>
    private static bool IsIndented(CompletionEntry entry) => !entry.IsSnippet && entry.InsertText.Contains('\n', StringComparison.Ordinal);

    private CompletionItem WithText(CompletionItem item, CompletionEntry entry)
    {
        if (_profile.DefaultEditRange)
        {
            // The label is the text unless another is given.
            return entry.InsertText == item.Label ? item : item with { TextEditText = entry.InsertText };
        }

        return item with
        {
            TextEdit = _insert is { } part
                ? new InsertReplaceEdit(entry.InsertText, part, _replace)
                : new TextEdit(_replace, entry.InsertText),
        };
    }

    /// <summary>A client without label details gets them in the one column it has.</summary>
    private CompletionItem WithDetails(CompletionItem item, CompletionEntry entry)
    {
        if (entry.LabelDetail is null && entry.Description is null)
        {
            return item;
        }

        return _profile.LabelDetails
            ? item with
            {
                LabelDetails = new CompletionItemLabelDetails(entry.LabelDetail, entry.Description),
            }
            : item with
            {
                Detail = string.Join(' ', new[] { entry.LabelDetail, entry.Description }.OfType<string>()),
            };
    }
}
