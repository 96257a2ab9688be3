using System.Text.Json;
using System.Text.Json.Nodes;
using CodeComplete.Engine;
using CodeComplete.Server.Documents;
using CodeComplete.Server.Protocol;
using CodeComplete.Server.Transport;

namespace CodeComplete.Server.Features.Completion;

/// <summary>
/// <c>completionItem/resolve</c>: what is only worked out for the item the user looks at. The item stays the JSON that the client sent, so
/// nothing that a client adds is lost; a client that drops <c>data</c> gets its item back as it is.
/// </summary>
internal sealed class ResolveHandler(Session session)
{
    [LspMethod("completionItem/resolve")]
    public async Task<JsonObject> ResolveAsync(JsonObject item, CancellationToken cancellation)
    {
        if (KeyOf(item) is not { } key)
        {
            return item;
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, session.Ending);
        if (await session.Engine.ResolveAsync(key, either.Token) is not { } detail)
        {
            return item;
        }

        var description = ItemDescription.For(detail, session.Profile.Documentation);
        if (description.Detail is { } line)
        {
            item["detail"] = line;
        }

        if (description.Documentation is { } documentation)
        {
            item["documentation"] = documentation;
        }

        if (detail.AdditionalEdits.Count > 0)
        {
            var places = PlacesFor(item);
            var edits = detail.AdditionalEdits.Select(edit => new TextEdit(places.ToLsp(edit.Range), edit.NewText));
            item["additionalTextEdits"] = JsonSerializer.SerializeToNode(edits, LspJson.Options);
        }

        if (detail.InsertText is { } text)
        {
            Replace(item, text);
        }

        return item;
    }

    private Places PlacesFor(JsonObject item) =>
        item["data"]?["uri"] is JsonValue value && value.TryGetValue<string>(out var uri) && session.Documents.Find(uri) is { } key
            ? session.Documents.PlacesOf(key)
            : Places.Utf16;

    private static ItemKey? KeyOf(JsonObject item) =>
        item["data"] is JsonObject data
        && data["list"] is JsonValue list
        && data["index"] is JsonValue index
        && list.TryGetValue<long>(out var inList)
        && index.TryGetValue<int>(out var at)
            ? new ItemKey(inList, at)
            : null;

    private static void Replace(JsonObject item, string text)
    {
        if (item["textEdit"] is JsonObject edit)
        {
            edit["newText"] = text;
        }
        else
        {
            item["textEditText"] = text;
        }
    }
}
