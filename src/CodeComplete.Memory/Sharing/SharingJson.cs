using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace CodeComplete.Memory.Sharing;

/// <summary>How messages are written. The memory's own records travel as they are: a field they gain travels with them.</summary>
[JsonSourceGenerationOptions]
[JsonSerializable(typeof(Message))]
[JsonSerializable(typeof(Hello))]
[JsonSerializable(typeof(RecallQuery))]
[JsonSerializable(typeof(RecallAnswer))]
[JsonSerializable(typeof(PutRequest))]
[JsonSerializable(typeof(EditNote))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(bool))]
[JsonSerializable(typeof(Acceptance))]
[JsonSerializable(typeof(AcceptancesRequest))]
[JsonSerializable(typeof(IReadOnlyList<Acceptance>))]
[JsonSerializable(typeof(MemoryStatistics))]
[JsonSerializable(typeof(Forgetting))]
[JsonSerializable(typeof(ForgetSummary))]
internal sealed partial class SharingJson : JsonSerializerContext
{
    private static readonly JsonSerializerOptions Written = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        RespectNullableAnnotations = true,
        // Code is full of characters that only matter in web pages.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        TypeInfoResolver = new SharingJson().WithAddedModifier(LeaveOutDelegates),
    };

    public static JsonTypeInfo<T> Of<T>() => (JsonTypeInfo<T>)Written.GetTypeInfo(typeof(T));

    // What a caller computes for itself (a query's cost) cannot travel.
    private static void LeaveOutDelegates(JsonTypeInfo type)
    {
        foreach (var property in type.Properties.Where(static p => p.PropertyType.IsAssignableTo(typeof(Delegate))))
        {
            property.ShouldSerialize = static (_, _) => false;
        }
    }
}
