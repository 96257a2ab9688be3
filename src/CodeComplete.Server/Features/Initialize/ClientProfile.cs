using System.Text.Json;
using CodeComplete.Server.Documents;
using CodeComplete.Server.Protocol;

namespace CodeComplete.Server.Features.Initialize;

/// <summary>How the client likes its documentation.</summary>
internal enum DocumentationFormat
{
    /// <summary>It said nothing, so it is older than the choice: a bare string.</summary>
    String,
    PlainText,
    Markdown,
}

/// <summary>
/// What the client can do, of what matters here. Read with tolerance: a capability that is missing, or of a type that LSP does not give it, is
/// one the client does not have.
/// </summary>
internal sealed record ClientProfile
{
    /// <summary>A client without any capability.</summary>
    public static ClientProfile Plain { get; } = new();

    public bool LabelDetails { get; private init; }

    /// <summary>The client strikes out items by <c>tags</c>.</summary>
    public bool DeprecatedTag { get; private init; }

    /// <summary>The client strikes out items by the older <c>deprecated</c>.</summary>
    public bool DeprecatedFlag { get; private init; }

    public bool InsertReplace { get; private init; }

    /// <summary>The range may be sent once for the whole list.</summary>
    public bool DefaultEditRange { get; private init; }

    /// <summary>
    /// The commit characters may be sent once for the whole list. A client that wants them in each item gets none: they would be most of what
    /// is sent.
    /// </summary>
    public bool DefaultCommitCharacters { get; private init; }

    public bool Snippets { get; private init; }

    /// <summary>The client can be told to leave the indentation of an item's further lines as it is.</summary>
    public bool AsIs { get; private init; }

    public bool Preselect { get; private init; }

    /// <summary>The client takes over edits elsewhere (a <c>using</c>) that come only when an item is resolved.</summary>
    public bool LazyEdits { get; private init; }

    public DocumentationFormat Documentation { get; private init; }

    public bool Configuration { get; private init; }

    public bool ConfigurationRegistration { get; private init; }

    public bool WatchedFilesRegistration { get; private init; }

    public bool WorkDoneProgress { get; private init; }

    public PositionEncoding Encoding { get; private init; }

    /// <summary>The kinds the client can show; <see langword="null"/> where it promises only those of the first version.</summary>
    public IReadOnlySet<int>? Kinds { get; private init; }

    public static ClientProfile Read(JsonElement? capabilities)
    {
        var root = capabilities ?? default;
        return new ClientProfile
        {
            LabelDetails = Flag(root, ClientCapability.LabelDetails),
            DeprecatedTag = Numbers(root, ClientCapability.Tags)?.Contains((int)CompletionItemTag.Deprecated) ?? false,
            DeprecatedFlag = Flag(root, ClientCapability.Deprecated),
            InsertReplace = Flag(root, ClientCapability.InsertReplace),
            DefaultEditRange = Strings(root, ClientCapability.ItemDefaults).Contains("editRange"),
            DefaultCommitCharacters =
                Flag(root, ClientCapability.CommitCharacters) && Strings(root, ClientCapability.ItemDefaults).Contains("commitCharacters"),
            Snippets = Flag(root, ClientCapability.Snippets),
            AsIs = Numbers(root, ClientCapability.InsertTextModes)?.Contains((int)InsertTextMode.AsIs) ?? false,
            Preselect = Flag(root, ClientCapability.Preselect),
            LazyEdits = Strings(root, ClientCapability.LazyProperties).Contains("additionalTextEdits"),
            Documentation = Preferred(Strings(root, ClientCapability.Documentation)),
            Configuration = Flag(root, ClientCapability.Configuration),
            ConfigurationRegistration = Flag(root, ClientCapability.ConfigurationRegistration),
            WatchedFilesRegistration = Flag(root, ClientCapability.WatchedFilesRegistration),
            WorkDoneProgress = Flag(root, ClientCapability.WorkDoneProgress),
            Encoding = PositionEncodings.Choose(Strings(root, ClientCapability.PositionEncodings)),
            Kinds = Numbers(root, ClientCapability.Kinds),
        };
    }

    /// <summary>The kind itself, or the nearest one that the client can show.</summary>
    public CompletionItemKind Showable(CompletionItemKind kind)
    {
        if (Kinds?.Contains((int)kind) ?? kind <= CompletionItemKind.Reference)
        {
            return kind;
        }

        return kind switch
        {
            CompletionItemKind.EnumMember => CompletionItemKind.Enum,
            CompletionItemKind.Struct or CompletionItemKind.TypeParameter => CompletionItemKind.Class,
            CompletionItemKind.Constant => CompletionItemKind.Field,
            CompletionItemKind.Event => CompletionItemKind.Property,
            CompletionItemKind.Operator => CompletionItemKind.Method,
            _ => CompletionItemKind.Text,
        };
    }

    private static DocumentationFormat Preferred(IReadOnlyList<string> formats) =>
        formats.FirstOrDefault(format => format is MarkupKind.Markdown or MarkupKind.PlainText) switch
        {
            MarkupKind.Markdown => DocumentationFormat.Markdown,
            MarkupKind.PlainText => DocumentationFormat.PlainText,
            _ => DocumentationFormat.String,
        };

    private static bool Flag(JsonElement root, string path) => Find(root, path).ValueKind == JsonValueKind.True;

    private static IReadOnlyList<string> Strings(JsonElement root, string path) =>
        Find(root, path) is { ValueKind: JsonValueKind.Array } list
            ? [.. list.EnumerateArray().Where(value => value.ValueKind == JsonValueKind.String).Select(value => value.GetString()!)]
            : [];

    private static HashSet<int>? Numbers(JsonElement root, string path) =>
        Find(root, path) is { ValueKind: JsonValueKind.Array } list
            ?
            [
                .. list.EnumerateArray()
                    .Where(value => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out _))
                    .Select(value => value.GetInt32()),
            ]
            : null;

    private static JsonElement Find(JsonElement root, string path)
    {
        foreach (var name in path.Split('.'))
        {
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty(name, out root))
            {
                return default;
            }
        }

        return root;
    }
}
