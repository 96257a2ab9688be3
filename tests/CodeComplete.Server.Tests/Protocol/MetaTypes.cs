using System.Text.Json;
using System.Text.Json.Nodes;

namespace CodeComplete.Server.Tests.Protocol;

/// <summary>Whether a type of ours writes or reads what a type of the metaModel says.</summary>
internal static class MetaTypes
{
    public static bool Fits(JsonElement meta, Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return MetaModel.KindOf(meta) switch
        {
            "base" => FitsBase(MetaModel.NameOf(meta), type),
            "stringLiteral" => type == typeof(string),
            "array" => ElementOf(type) is { } element && Fits(meta.GetProperty("element"), element),
            "or" => type == typeof(object) || meta.GetProperty("items").EnumerateArray().Any(item => Fits(item, type)),
            "reference" => FitsReference(MetaModel.NameOf(meta), type),
            _ => false,
        };
    }

    public static Type? ElementOf(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) ? type.GetGenericArguments()[0] : null;

    private static bool FitsBase(string name, Type type) =>
        name switch
        {
            "string" or "DocumentUri" or "URI" => type == typeof(string),
            "integer" or "uinteger" => type == typeof(int),
            "boolean" => type == typeof(bool),
            _ => false,
        };

    private static bool FitsReference(string name, Type type)
    {
        if (name == "LSPAny")
        {
            return true;
        }

        if (MetaModel.Lsp.ValuesOf(name) is not null)
        {
            return type.IsEnum ? type.Name == name : type == typeof(string);
        }

        // JSON as it came, where the server reads only parts of it or gives it back.
        if (type.Name == name || type == typeof(JsonElement) || type == typeof(JsonObject))
        {
            return true;
        }

        return MetaModel.Lsp.AliasOf(name) is { } alias && Fits(alias, type);
    }
}
