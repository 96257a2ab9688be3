using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace CodeComplete.Analysis;

/// <summary>
/// How <see cref="RememberedProject"/> is written. By hand, since it is read before anything else can be answered: the serializer is compiled anew in
/// each process, for each type, which takes longer than all else.
/// </summary>
internal static class RememberedJson
{
    public static byte[] Write(Action<Utf8JsonWriter> write)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            write(json);
        }

        return bytes.ToArray();
    }

    public static void Write(Utf8JsonWriter json, RememberedProject project)
    {
        json.WriteStartObject();
        json.WriteString("solution", project.Solution);
        json.WriteString("restored", project.Restored);
        json.WriteString("stamp", project.Stamp);
        Strings(json, "leftOut", project.LeftOut);
        json.WritePropertyName("model");
        Write(json, project.Model);
        json.WriteEndObject();
    }

    public static RememberedProject Project(JsonElement json) =>
        new()
        {
            Solution = Text(json, "solution"),
            Restored = Text(json, "restored"),
            Stamp = Text(json, "stamp")!,
            LeftOut = Strings(json, "leftOut"),
            Model = Model(json.GetProperty("model")),
        };

    public static void Write(Utf8JsonWriter json, RememberedModel model)
    {
        json.WriteStartObject();
        Write(json, "key", model.Key);
        json.WriteString("name", model.Name);
        json.WriteString("assemblyName", model.AssemblyName);
        json.WriteString("framework", model.Framework);
        json.WritePropertyName("compiler");
        Write(json, model.Compiler);
        Strings(json, "sources", model.Sources);
        json.WriteStartObject("memorySources");
        foreach (var (name, text) in model.MemorySources)
        {
            json.WriteString(name, text);
        }

        json.WriteEndObject();
        Strings(json, "analyzerConfigs", model.AnalyzerConfigs);
        json.WriteStartArray("references");
        foreach (var reference in model.References)
        {
            json.WriteStartObject();
            json.WriteString("file", reference.File);
            Strings(json, "aliases", reference.Aliases);
            json.WriteBoolean("embedsTypes", reference.EmbedsTypes);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("projectReferences");
        foreach (var reference in model.ProjectReferences)
        {
            json.WriteStartObject();
            Write(json, "key", reference.Key);
            Strings(json, "aliases", reference.Aliases);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteBoolean("reachesThrough", model.ReachesThrough);
        json.WriteBoolean("hasMissingReferences", model.HasMissingReferences);
        json.WriteBoolean("isUnrestored", model.IsUnrestored);
        json.WriteBoolean("listsSources", model.ListsSources);
        json.WriteString("outputFile", model.OutputFile);
        json.WriteString("referenceFile", model.ReferenceFile);
        json.WriteEndObject();
    }

    private static RememberedModel Model(JsonElement json) =>
        new()
        {
            Key = Key(json.GetProperty("key")),
            Name = Text(json, "name")!,
            AssemblyName = Text(json, "assemblyName")!,
            Framework = Text(json, "framework"),
            Compiler = Compiler(json.GetProperty("compiler")),
            Sources = Strings(json, "sources"),
            MemorySources =
            [
                .. json.GetProperty("memorySources")
                    .EnumerateObject()
                    .Select(source => new MemorySource(source.Name, source.Value.GetString()!)),
            ],
            AnalyzerConfigs = Strings(json, "analyzerConfigs"),
            References =
            [
                .. json.GetProperty("references")
                    .EnumerateArray()
                    .Select(reference => new RememberedReference(
                        Text(reference, "file")!,
                        Strings(reference, "aliases"),
                        Is(reference, "embedsTypes")
                    )),
            ],
            ProjectReferences =
            [
                .. json.GetProperty("projectReferences")
                    .EnumerateArray()
                    .Select(reference => new RememberedProjectReference(Key(reference.GetProperty("key")), Strings(reference, "aliases"))),
            ],
            ReachesThrough = Is(json, "reachesThrough"),
            HasMissingReferences = Is(json, "hasMissingReferences"),
            IsUnrestored = Is(json, "isUnrestored"),
            ListsSources = Is(json, "listsSources"),
            OutputFile = Text(json, "outputFile"),
            ReferenceFile = Text(json, "referenceFile"),
        };

    private static void Write(Utf8JsonWriter json, CompilerSettings compiler)
    {
        json.WriteStartObject();
        json.WriteNumber("output", (int)compiler.Output);
        json.WriteString("moduleName", compiler.ModuleName);
        json.WriteString("mainType", compiler.MainType);
        json.WriteString("scriptClass", compiler.ScriptClass);
        Strings(json, "usings", compiler.Usings);
        json.WriteNumber("optimization", (int)compiler.Optimization);
        json.WriteBoolean("checksOverflow", compiler.ChecksOverflow);
        json.WriteBoolean("allowsUnsafe", compiler.AllowsUnsafe);
        json.WriteString("keyContainer", compiler.KeyContainer);
        json.WriteString("keyFile", compiler.KeyFile);
        json.WriteBase64String("publicKey", compiler.PublicKey.AsSpan());
        if (compiler.DelaysSigning is { } delays)
        {
            json.WriteBoolean("delaysSigning", delays);
        }

        json.WriteBoolean("signsPublicly", compiler.SignsPublicly);
        json.WriteNumber("platform", (int)compiler.Platform);
        json.WriteNumber("diagnostics", (int)compiler.Diagnostics);
        json.WriteNumber("warningLevel", compiler.WarningLevel);
        json.WriteStartObject("diagnostic");
        foreach (var (id, report) in compiler.Diagnostic)
        {
            json.WriteNumber(id, (int)report);
        }

        json.WriteEndObject();
        json.WriteBoolean("reportsSuppressed", compiler.ReportsSuppressed);
        json.WriteBoolean("isConcurrent", compiler.IsConcurrent);
        json.WriteBoolean("isDeterministic", compiler.IsDeterministic);
        json.WriteNumber("imports", (int)compiler.Imports);
        json.WriteNumber("nullable", (int)compiler.Nullable);
        json.WriteNumber("language", (int)compiler.Language);
        json.WriteNumber("documentation", (int)compiler.Documentation);
        json.WriteNumber("kind", (int)compiler.Kind);
        Strings(json, "symbols", compiler.Symbols);
        json.WriteStartObject("features");
        foreach (var (name, value) in compiler.Features)
        {
            json.WriteString(name, value);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static CompilerSettings Compiler(JsonElement json)
    {
        var diagnostic = new SortedDictionary<string, ReportDiagnostic>(StringComparer.Ordinal);
        foreach (var report in json.GetProperty("diagnostic").EnumerateObject())
        {
            diagnostic[report.Name] = (ReportDiagnostic)report.Value.GetInt32();
        }

        var features = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var feature in json.GetProperty("features").EnumerateObject())
        {
            features[feature.Name] = feature.Value.GetString()!;
        }

        return new CompilerSettings
        {
            Output = (OutputKind)Number(json, "output"),
            ModuleName = Text(json, "moduleName"),
            MainType = Text(json, "mainType"),
            ScriptClass = Text(json, "scriptClass"),
            Usings = Strings(json, "usings"),
            Optimization = (OptimizationLevel)Number(json, "optimization"),
            ChecksOverflow = Is(json, "checksOverflow"),
            AllowsUnsafe = Is(json, "allowsUnsafe"),
            KeyContainer = Text(json, "keyContainer"),
            KeyFile = Text(json, "keyFile"),
            PublicKey = [.. json.GetProperty("publicKey").GetBytesFromBase64()],
            DelaysSigning = json.TryGetProperty("delaysSigning", out var delays) ? delays.GetBoolean() : null,
            SignsPublicly = Is(json, "signsPublicly"),
            Platform = (Platform)Number(json, "platform"),
            Diagnostics = (ReportDiagnostic)Number(json, "diagnostics"),
            WarningLevel = Number(json, "warningLevel"),
            Diagnostic = diagnostic,
            ReportsSuppressed = Is(json, "reportsSuppressed"),
            IsConcurrent = Is(json, "isConcurrent"),
            IsDeterministic = Is(json, "isDeterministic"),
            Imports = (MetadataImportOptions)Number(json, "imports"),
            Nullable = (NullableContextOptions)Number(json, "nullable"),
            Language = (LanguageVersion)Number(json, "language"),
            Documentation = (DocumentationMode)Number(json, "documentation"),
            Kind = (SourceCodeKind)Number(json, "kind"),
            Symbols = Strings(json, "symbols"),
            Features = features,
        };
    }

    private static void Write(Utf8JsonWriter json, string name, ProjectKey key)
    {
        json.WriteStartObject(name);
        json.WriteString("path", key.Path);
        json.WriteString("framework", key.Framework);
        json.WriteEndObject();
    }

    private static ProjectKey Key(JsonElement json) => new(Text(json, "path")!, Text(json, "framework"));

    private static void Strings(Utf8JsonWriter json, string name, ImmutableArray<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }

    private static ImmutableArray<string> Strings(JsonElement json, string name) =>
        [.. json.GetProperty(name).EnumerateArray().Select(text => text.GetString()!)];

    private static string? Text(JsonElement json, string name) => json.GetProperty(name).GetString();

    private static int Number(JsonElement json, string name) => json.GetProperty(name).GetInt32();

    private static bool Is(JsonElement json, string name) => json.GetProperty(name).GetBoolean();
}
