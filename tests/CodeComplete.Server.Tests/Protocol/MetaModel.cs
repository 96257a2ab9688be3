using System.Text.Json;

namespace CodeComplete.Server.Tests.Protocol;

/// <summary>LSP's own machine-readable description (metaModel.json of 3.18).</summary>
internal sealed class MetaModel
{
    private readonly Dictionary<string, JsonElement> _structures;
    private readonly Dictionary<string, JsonElement> _enumerations;
    private readonly Dictionary<string, JsonElement> _aliases;

    private MetaModel(JsonElement root)
    {
        _structures = ByName(root.GetProperty("structures"));
        _enumerations = ByName(root.GetProperty("enumerations"));
        _aliases = ByName(root.GetProperty("typeAliases"));
        Requests = root.GetProperty("requests").EnumerateArray().ToDictionary(MethodOf, StringComparer.Ordinal);
        Notifications = root.GetProperty("notifications").EnumerateArray().ToDictionary(MethodOf, StringComparer.Ordinal);
    }

    public static MetaModel Lsp { get; } = Load();

    public IReadOnlyDictionary<string, JsonElement> Requests { get; }

    public IReadOnlyDictionary<string, JsonElement> Notifications { get; }

    /// <summary>A structure's properties with those it extends and mixes in; of an alias of several structures, those of all of them.</summary>
    public Dictionary<string, MetaProperty>? PropertiesOf(string name)
    {
        if (_structures.TryGetValue(name, out var structure))
        {
            return Collect(structure);
        }

        if (!_aliases.TryGetValue(name, out var alias) || KindOf(alias.GetProperty("type")) != "or")
        {
            return null;
        }

        var choices = alias.GetProperty("type").GetProperty("items").EnumerateArray().Select(item => PropertiesOf(NameOf(item))!).ToArray();
        return choices
            .SelectMany(choice => choice)
            .GroupBy(property => property.Key, StringComparer.Ordinal)
            .ToDictionary(
                group => group.Key,
                group => group.First().Value with { IsOptional = group.Count() < choices.Length || group.Any(p => p.Value.IsOptional) },
                StringComparer.Ordinal
            );
    }

    /// <summary>An enumeration's values by name, as JSON.</summary>
    public Dictionary<string, string>? ValuesOf(string name) =>
        _enumerations.TryGetValue(name, out var enumeration)
            ? enumeration
                .GetProperty("values")
                .EnumerateArray()
                .ToDictionary(NameOf, value => value.GetProperty("value").ToString(), StringComparer.OrdinalIgnoreCase)
            : null;

    public JsonElement? AliasOf(string name) => _aliases.TryGetValue(name, out var alias) ? alias.GetProperty("type") : null;

    public static string KindOf(JsonElement type) => type.GetProperty("kind").GetString()!;

    public static string NameOf(JsonElement type) => type.GetProperty("name").GetString()!;

    private Dictionary<string, MetaProperty> Collect(JsonElement structure)
    {
        var all = new Dictionary<string, MetaProperty>(StringComparer.Ordinal);
        foreach (var from in new[] { "extends", "mixins" })
        {
            if (structure.TryGetProperty(from, out var parents))
            {
                foreach (var (name, property) in parents.EnumerateArray().SelectMany(parent => Collect(_structures[NameOf(parent)])))
                {
                    all[name] = property;
                }
            }
        }

        foreach (var property in structure.GetProperty("properties").EnumerateArray())
        {
            var optional = property.TryGetProperty("optional", out var flag) && flag.GetBoolean();
            all[NameOf(property)] = new MetaProperty(property.GetProperty("type"), optional);
        }

        return all;
    }

    private static string MethodOf(JsonElement message) => message.GetProperty("method").GetString()!;

    private static Dictionary<string, JsonElement> ByName(JsonElement list) =>
        list.EnumerateArray().ToDictionary(NameOf, StringComparer.Ordinal);

    private static MetaModel Load()
    {
        using var stream = typeof(MetaModel).Assembly.GetManifestResourceStream("metaModel.json")!;
        return new MetaModel(JsonSerializer.Deserialize<JsonElement>(stream));
    }
}

internal sealed record MetaProperty(JsonElement Type, bool IsOptional)
{
    public bool IsNullable =>
        MetaModel.KindOf(Type) == "or"
        && Type.GetProperty("items").EnumerateArray().Any(item => MetaModel.KindOf(item) == "base" && MetaModel.NameOf(item) == "null");
}
