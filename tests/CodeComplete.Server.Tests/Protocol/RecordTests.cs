using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using CodeComplete.Server.Protocol;
using CodeComplete.Server.Transport;

namespace CodeComplete.Server.Tests.Protocol;

/// <summary>Every record of the protocol against LSP's own description.</summary>
public sealed class RecordTests
{
    /// <summary>What the server bears though LSP demands more, and why.</summary>
    private static readonly Dictionary<string, string> Lenient = new(StringComparer.Ordinal)
    {
        ["InitializeParams.processId"] = "clients without a process leave it out",
        ["InitializeParams.rootUri"] = "clients that send workspaceFolders leave it out",
        ["InitializeParams.capabilities"] = "a client without any can still be served",
        ["VersionedTextDocumentIdentifier.version"] = "null until LSP 3.16",
        ["DidChangeConfigurationParams.settings"] = "clients that are to be asked leave it out",
    };

    /// <summary>Records that LSP leaves to the server.</summary>
    private static readonly Type[] Ours = [typeof(CodeCompleteStatusParams), typeof(CompletionItemData)];

    private static readonly Type[] All = typeof(InitializeParams)
        .Assembly.GetTypes()
        .Where(type => type.Namespace == typeof(InitializeParams).Namespace && !type.IsNested)
        .ToArray();

    private static readonly HashSet<Type> Received = Reach(Handlers.All.Select(handler => handler.Parameters));

    public static TheoryData<string> Records =>
        [.. All.Where(type => !type.IsEnum && !IsStatic(type) && !Ours.Contains(type)).Select(type => type.Name)];

    public static TheoryData<string> Enumerations => [.. All.Where(type => type.IsEnum).Select(type => type.Name)];

    [Theory]
    [MemberData(nameof(Records))]
    public void A_record_has_the_properties_that_LSP_gives_it(string name)
    {
        var type = Named(name);
        var expected = MetaModel.Lsp.PropertiesOf(name);
        Assert.True(expected is not null, $"LSP 3.18 has no structure '{name}'.");
        var actual = LspJson.Options.GetTypeInfo(type).Properties.ToDictionary(property => property.Name, StringComparer.Ordinal);

        foreach (var (property, ours) in actual)
        {
            Assert.True(expected.TryGetValue(property, out var theirs), $"LSP's {name} has no '{property}'.");
            Assert.True(MetaTypes.Fits(theirs.Type, ours.PropertyType), $"{name}.{property} is {theirs.Type}, not {ours.PropertyType}.");
        }

        foreach (var (property, theirs) in expected.Where(property => !property.Value.IsOptional))
        {
            Assert.True(actual.ContainsKey(property), $"{name} lacks '{property}', which LSP requires.");
        }

        foreach (var (property, ours) in actual)
        {
            if (Received.Contains(type))
            {
                BearsWhatMayCome($"{name}.{property}", ours, expected[property]);
            }
            else
            {
                WritesWhatMustGo($"{name}.{property}", ours, expected[property]);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Enumerations))]
    public void An_enumeration_has_LSPs_values(string name)
    {
        var expected = MetaModel.Lsp.ValuesOf(name);
        Assert.True(expected is not null, $"LSP 3.18 has no enumeration '{name}'.");
        foreach (var value in Enum.GetValuesAsUnderlyingType(Named(name)).Cast<int>())
        {
            var member = Enum.GetName(Named(name), value)!;
            Assert.Equal(expected[member], value.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }
    }

    [Theory]
    [InlineData(typeof(MarkupKind))]
    [InlineData(typeof(PositionEncodingKind))]
    public void A_string_enumeration_has_LSPs_values(Type type)
    {
        var expected = MetaModel.Lsp.ValuesOf(type.Name)!;
        foreach (var (name, value) in Constants(type))
        {
            Assert.Equal(expected[name], value);
        }
    }

    [Fact]
    public void Error_codes_are_LSPs()
    {
        var expected = MetaModel.Lsp.ValuesOf("ErrorCodes")!.Concat(MetaModel.Lsp.ValuesOf("LSPErrorCodes")!).ToDictionary();
        foreach (var (name, value) in Constants(typeof(LspErrorCodes)))
        {
            Assert.Equal(expected[name], value);
        }
    }

    [Fact]
    public void Every_exception_from_the_rule_is_still_needed()
    {
        foreach (var (record, property) in Lenient.Keys.Select(key => key.Split('.')).Select(parts => (parts[0], parts[1])))
        {
            Assert.False(MetaModel.Lsp.PropertiesOf(record)![property].IsOptional, $"LSP itself makes {record}.{property} optional.");
        }
    }

    private static void BearsWhatMayCome(string name, JsonPropertyInfo ours, MetaProperty theirs)
    {
        if (theirs.IsOptional || theirs.IsNullable || Lenient.ContainsKey(name))
        {
            Assert.False(ours.IsRequired, $"{name} may be missing.");
            Assert.True(AcceptsNull(ours), $"{name} may be null or missing.");
        }
        else
        {
            Assert.True(ours.IsRequired, $"{name} is required: a message without it must be refused, not misread.");
        }
    }

    private static void WritesWhatMustGo(string name, JsonPropertyInfo ours, MetaProperty theirs)
    {
        if (!theirs.IsOptional)
        {
            Assert.False(GivesNull(ours), $"{name} is required, and null is not written.");
        }
    }

    private static bool AcceptsNull(JsonPropertyInfo property) =>
        property.PropertyType.IsValueType ? Nullable.GetUnderlyingType(property.PropertyType) is not null : property.IsSetNullable;

    private static bool GivesNull(JsonPropertyInfo property) =>
        property.PropertyType.IsValueType ? Nullable.GetUnderlyingType(property.PropertyType) is not null : property.IsGetNullable;

    private static HashSet<Type> Reach(IEnumerable<Type> roots)
    {
        var reached = new HashSet<Type>();
        var next = new Stack<Type>(roots);
        while (next.TryPop(out var type))
        {
            type = Nullable.GetUnderlyingType(type) ?? type;
            type = MetaTypes.ElementOf(type) ?? type;
            if (type != typeof(JsonObject) && type.Namespace == typeof(InitializeParams).Namespace && reached.Add(type))
            {
                foreach (var property in LspJson.Options.GetTypeInfo(type).Properties)
                {
                    next.Push(property.PropertyType);
                }
            }
        }

        return reached;
    }

    private static IEnumerable<(string Name, string Value)> Constants(Type type) =>
        type.GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (field.Name, field.GetRawConstantValue()!.ToString()!));

    private static bool IsStatic(Type type) => type is { IsAbstract: true, IsSealed: true };

    private static Type Named(string name) => All.Single(type => type.Name == name);
}
