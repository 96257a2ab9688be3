using System.Text.Json.Serialization;
using CodeComplete.Server.Transport;

namespace CodeComplete.Server.Protocol;

internal enum InlineCompletionTriggerKind
{
    /// <summary>The user asked by hand.</summary>
    Invoked = 1,

    Automatic = 2,
}

/// <summary>The item that is selected in the open list: ghost text must extend it.</summary>
internal sealed record SelectedCompletionInfo(Range Range, [property: JsonConverter(typeof(DocumentTextConverter))] string Text);

internal sealed record InlineCompletionContext(
    InlineCompletionTriggerKind TriggerKind,
    SelectedCompletionInfo? SelectedCompletionInfo = null
);

internal sealed record InlineCompletionParams(TextDocumentIdentifier TextDocument, Position Position, InlineCompletionContext Context);

internal sealed record InlineCompletionList(IReadOnlyList<InlineCompletionItem> Items);

internal sealed record InlineCompletionItem(string InsertText, Range? Range = null, Command? Command = null);
