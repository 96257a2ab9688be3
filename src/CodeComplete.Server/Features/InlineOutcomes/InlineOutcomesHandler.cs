using System.Text.Json;
using CodeComplete.Server.Transport;

namespace CodeComplete.Server.Features.InlineOutcomes;

/// <summary>
/// What clients made for Copilot's language server say of ghost text beyond LSP: <c>{ item }</c> when an item is shown, <c>{ item,
/// acceptedLength }</c> when its beginning was taken. They send the whole item back; its command's argument is the suggestion's id, and the
/// length counts UTF-16 units from the item's beginning. Both only refine what the edits tell, so a message of another shape is ignored.
/// </summary>
internal sealed class InlineOutcomesHandler(Session session)
{
    [LspMethod("textDocument/didShowCompletion")]
    public void DidShow(JsonElement parameters)
    {
        if (IdIn(parameters) is { } id)
        {
            session.Engine.Shown(id);
        }
    }

    [LspMethod("textDocument/didPartiallyAcceptCompletion")]
    public void DidPartiallyAccept(JsonElement parameters)
    {
        if (
            IdIn(parameters) is { } id
            && Member(parameters, "acceptedLength") is { ValueKind: JsonValueKind.Number } length
            && length.TryGetInt32(out var units)
            && units > 0
        )
        {
            session.Engine.AcceptPart(id, units);
        }
    }

    private static string? IdIn(JsonElement parameters) =>
        Member(Member(Member(parameters, "item"), "command"), "arguments") is { ValueKind: JsonValueKind.Array } arguments
        && arguments.GetArrayLength() > 0
        && arguments[0] is { ValueKind: JsonValueKind.String } id
            ? id.GetString()
            : null;

    private static JsonElement Member(JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out var member) ? member : default;
}
