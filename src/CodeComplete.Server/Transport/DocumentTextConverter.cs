using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CodeComplete.Server.Transport;

/// <summary>
/// Reads text that may hold half of a surrogate pair. Editors that count in UTF-16 cut a pair in two when an edit ends inside it, and send the
/// half as <c>\ud83d</c>, which System.Text.Json refuses. Refusing would lose the edit, and with it every later position in the document.
/// </summary>
internal sealed class DocumentTextConverter : JsonConverter<string>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            throw new JsonException("A text must be a JSON string.");
        }

        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            return Unescape(reader.HasValueSequence ? reader.ValueSequence.ToArray() : reader.ValueSpan);
        }
    }

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);

    /// <summary>Escapes are already known to be well formed: the reader has checked them.</summary>
    private static string Unescape(ReadOnlySpan<byte> utf8)
    {
        var text = new StringBuilder(utf8.Length);
        while (utf8.IndexOf((byte)'\\') is var escape and >= 0)
        {
            text.Append(Encoding.UTF8.GetString(utf8[..escape]));
            var kind = (char)utf8[escape + 1];
            utf8 = utf8[(escape + 2)..];
            if (kind == 'u')
            {
                text.Append((char)ushort.Parse(utf8[..4], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
                utf8 = utf8[4..];
                continue;
            }

            text.Append(
                kind switch
                {
                    'n' => '\n',
                    'r' => '\r',
                    't' => '\t',
                    'b' => '\b',
                    'f' => '\f',
                    _ => kind,
                }
            );
        }

        return text.Append(Encoding.UTF8.GetString(utf8)).ToString();
    }
}
