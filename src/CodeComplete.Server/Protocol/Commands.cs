using System.Text.Json;

namespace CodeComplete.Server.Protocol;

/// <summary>What the client runs by <c>workspace/executeCommand</c> once an item is accepted.</summary>
internal sealed record Command(
    string Title,
    [property: System.Text.Json.Serialization.JsonPropertyName("command")] string Name,
    IReadOnlyList<string>? Arguments = null
);

internal sealed record ExecuteCommandParams(string Command, IReadOnlyList<JsonElement>? Arguments = null);

internal sealed record ExecuteCommandOptions(IReadOnlyList<string> Commands);
