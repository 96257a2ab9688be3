using System.Text.Json;

namespace CodeComplete.Memory.Sharing;

/// <summary>
/// One message. A request has an id and a method; its answer has the id, and a payload or an error; a notification has a method and the id 0.
/// </summary>
internal sealed record Message
{
    public long Id { get; init; }

    public string? Method { get; init; }

    public JsonElement? Payload { get; init; }

    /// <summary>Why there is no payload, in one line.</summary>
    public string? Error { get; init; }

    /// <exception cref="InvalidDataException">The payload is none of this kind.</exception>
    public T Read<T>()
    {
        try
        {
            return Payload is { } payload && payload.Deserialize(SharingJson.Of<T>()) is { } value
                ? value
                : throw new InvalidDataException("A message lacks its payload.");
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException or ArgumentException)
        {
            throw new InvalidDataException("A message's payload is not what its method asks for.", exception);
        }
    }

    public static JsonElement Write<T>(T value) => JsonSerializer.SerializeToElement(value, SharingJson.Of<T>());
}

/// <summary>The first request on a connection.</summary>
/// <param name="Protocol">Another version than <see cref="SharingMethods.Protocol"/> is refused.</param>
internal sealed record Hello(int Protocol);

internal sealed record PutRequest(string Path, string Text);

internal sealed record AcceptancesRequest(int Most, string? Path);

/// <param name="Line">From 0.</param>
internal sealed record EditNote(string Path, int Line);
