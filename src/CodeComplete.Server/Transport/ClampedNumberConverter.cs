using System.Text.Json;
using System.Text.Json.Serialization;

namespace CodeComplete.Server.Transport;

/// <summary>
/// Reads whole numbers as clients really write them: <c>1.0</c>, or a line of 4294967295 for "the end of the text". What does not fit is
/// taken to the nearest number that does.
/// </summary>
internal sealed class ClampedNumberConverter : JsonConverter<int>
{
    public override int Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.Number)
        {
            throw new JsonException("A number was expected.");
        }

        return reader.TryGetInt64(out var whole) ? (int)Math.Clamp(whole, int.MinValue, int.MaxValue) : ClampedFrom(reader.GetDouble());
    }

    public override void Write(Utf8JsonWriter writer, int value, JsonSerializerOptions options) => writer.WriteNumberValue(value);

    private static int ClampedFrom(double number) => (int)Math.Clamp(number, int.MinValue, int.MaxValue);
}
