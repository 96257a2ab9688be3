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
    private readonly CompletionAnswer _answer;
    private readonly Protocol.Range _replace;

    /// <summary>The part of the range before the cursor, where the client lets the user choose between inserting and replacing.</summary>
    private readonly Protocol.Range? _insert;

    /// <param name="position">Where the list was asked for.</param>
    public CompletionListWriter(ClientProfile profile, CompletionAnswer answer, Engine.Position position)
    {
        this._profile = profile;
        this._answer = answer;
        _replace = answer.Range.ToLsp();
        _insert = profile.InsertReplace && answer.Range.End != position ? _replace with { End = position.ToLsp() } : null;
    }

    public CompletionList Write()
    {
        var defaults = _profile.DefaultEditRange
            ? new CompletionItemDefaults(_insert is { } part ? new EditRangeWithInsertReplace(part, _replace) : _replace)
            : null;
        return new CompletionList(_answer.IsIncomplete, [.. _answer.Items.Select(ItemFor)], defaults);
    }

    private CompletionItem ItemFor(CompletionEntry entry)
    {
        var label = entry.Starred ? Star + entry.Label : entry.Label;
        var item = new CompletionItem(label)
        {
            Kind = _profile.Showable(CompletionKinds.Of(entry.Kind)),
            SortText = entry.Starred ? StarSortPrefix + entry.SortText : entry.SortText,
            FilterText = entry.FilterText == label ? null : entry.FilterText,
            Preselect = entry.Preselected ? true : null,
            Tags = entry.Deprecated && _profile.DeprecatedTag ? DeprecatedTags : null,
            Deprecated = entry.Deprecated && !_profile.DeprecatedTag && _profile.DeprecatedFlag ? true : null,
            Data = new CompletionItemData(entry.Key.List, entry.Key.Index),
        };
        return WithText(WithDetails(item, entry), entry);
    }

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
