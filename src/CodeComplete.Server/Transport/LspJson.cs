using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace CodeComplete.Server.Transport;

/// <summary>How the protocol's records become JSON, and back.</summary>
internal static class LspJson
{
    public static JsonSerializerOptions Options { get; } = Create();

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            TypeInfoResolver = new DefaultJsonTypeInfoResolver(),

            // A parameter without a default is one that LSP requires; one that may be null is one that may be missing. So a message that does
            // not fit is refused here, in one place (-32602), and no handler meets a null where the record promises a value.
            RespectNullableAnnotations = true,
            RespectRequiredConstructorParameters = true,
        };
        options.Converters.Add(new ClampedNumberConverter());
        options.MakeReadOnly();
        return options;
    }
}
