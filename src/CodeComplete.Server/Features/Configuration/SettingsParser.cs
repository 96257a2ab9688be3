using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using CodeComplete.Engine;

namespace CodeComplete.Server.Features.Configuration;

/// <summary>
/// Reads settings from a client's JSON: nested (<c>{"ghost":{"enabled":false}}</c>), flat (<c>{"ghost.enabled":false}</c>), or both, with or
/// without the section's name around. One wrong setting does not spoil the others. <c>null</c> means "not set".
/// </summary>
internal static class SettingsParser
{
    private const string Section = ConfigurationHandler.Section;
    private const string TrueOrFalse = "true or false";

    private static readonly (string Name, ListMode Value)[] Lists =
    [
        ("full", ListMode.Full),
        ("starred", ListMode.Starred),
        ("off", ListMode.Off),
    ];

    private static readonly (string Name, UnverifiedMode Value)[] UnverifiedModes =
    [
        ("hide", UnverifiedMode.Hide),
        ("show", UnverifiedMode.Show),
    ];

    private static readonly (string Name, string Value)[] Providers =
    [
        .. new[] { "auto", "directml", "webgpu", "cuda", "cpu" }.Select(name => (name, name)),
    ];

    /// <summary>What <paramref name="json"/> sets, upon <paramref name="onto"/>, and what is wrong in it, each in one sentence to the user.</summary>
    public static (EngineSettings Settings, IReadOnlyList<string> Problems) Parse(JsonElement? json, EngineSettings onto)
    {
        var problems = new List<string>();
        var settings = onto;
        switch (json?.ValueKind ?? JsonValueKind.Undefined)
        {
            case JsonValueKind.Object:
                foreach (var (name, value) in Leaves(Inside(json!.Value), prefix: ""))
                {
                    Apply(name, value, ref settings, problems);
                }

                break;
            case JsonValueKind.Undefined or JsonValueKind.Null:
                break;
            default:
                problems.Add($"The settings of '{Section}' must be a JSON object.");
                break;
        }

        return (settings, problems);
    }

    /// <summary>Equality by value: a record compares its lists by reference.</summary>
    public static bool AreEqual(EngineSettings one, EngineSettings other) =>
        one.Exclude.SequenceEqual(other.Exclude, StringComparer.Ordinal) && one == other with { Exclude = one.Exclude };

    private static JsonElement Inside(JsonElement root) =>
        root.TryGetProperty(Section, out var section) && section.ValueKind == JsonValueKind.Object ? section : root;

    private static IEnumerable<(string Name, JsonElement Value)> Leaves(JsonElement parent, string prefix)
    {
        foreach (var member in parent.EnumerateObject())
        {
            var name = prefix + member.Name;
            if (member.Value.ValueKind == JsonValueKind.Object)
            {
                foreach (var leaf in Leaves(member.Value, name + "."))
                {
                    yield return leaf;
                }
            }
            else if (member.Value.ValueKind != JsonValueKind.Null)
            {
                yield return (name.StartsWith(Section + ".", StringComparison.Ordinal) ? name[(Section.Length + 1)..] : name, member.Value);
            }
        }
    }

    private static void Apply(string name, JsonElement value, ref EngineSettings settings, List<string> problems)
    {
        if (name == "trace.server")
        {
            // The VS Code client library's own.
            return;
        }

        if (!IsKnown(name, out var expected))
        {
            problems.Add($"There is no setting '{Section}.{name}'; check its spelling.");
        }
        else if (Set(name, value, settings) is { } changed)
        {
            settings = changed;
        }
        else
        {
            // A wrong address may hold a password, and instead of its variable's name some write the key.
            var given = name.StartsWith("remote.", StringComparison.Ordinal) ? "" : $", not {value.GetRawText()}";
            problems.Add($"The setting '{Section}.{name}' must be {expected}{given}; it was ignored.");
        }
    }

    private static bool IsKnown(string name, [NotNullWhen(true)] out string? expected)
    {
        expected = name switch
        {
            "list" => NamesOf(Lists),
            "unverified" => NamesOf(UnverifiedModes),
            "provider" => NamesOf(Providers),
            "ghost.enabled" or "ghost.multiline" or "memory.enabled" => TrueOrFalse,
            "providerLibrary" => "the path of a file",
            "model" => "the path of a folder",
            "threads" => "a whole number from 0",
            "memory.diskMb" => $"a whole number of MB from {EngineSettings.LeastMemoryDiskMb} to {EngineSettings.MostMemoryDiskMb}",
            "remote.url" => "the address of a server, like \"http://localhost:8000\", without user name and password",
            "remote.keyEnv" => "the name of an environment variable that holds the key",
            "exclude" => "a list of globs",
            "targetFramework" => "the name of a framework, like \"net8.0\"",
            "log.level" => NamesOf(EngineSettings.LogLevels),
            _ => null,
        };
        return expected is not null;
    }

    /// <returns><see langword="null"/> where the value is not of the setting's type.</returns>
    private static EngineSettings? Set(string name, JsonElement value, EngineSettings settings) =>
        name switch
        {
            "list" when Choice(value, Lists, out var list) => settings with { List = list },
            "unverified" when Choice(value, UnverifiedModes, out var mode) => settings with { Unverified = mode },
            "provider" when Choice(value, Providers, out var provider) => settings with { Provider = provider },
            "ghost.enabled" when Flag(value, out var on) => settings with { GhostEnabled = on },
            "ghost.multiline" when Flag(value, out var on) => settings with { GhostMultiline = on },
            "memory.enabled" when Flag(value, out var on) => settings with { MemoryEnabled = on },
            "providerLibrary" when Text(value, out var path) => settings with { ProviderLibrary = path },
            "model" when Text(value, out var path) => settings with { Model = path },
            "threads" when Count(value, out var count) => settings with { Threads = count },
            "memory.diskMb"
                when Count(value, out var count) && count is >= EngineSettings.LeastMemoryDiskMb and <= EngineSettings.MostMemoryDiskMb =>
                settings with
                {
                    MemoryDiskMb = count,
                },
            "remote.url" when Text(value, out var url) && (url is null || EngineSettings.IsRemoteUrl(url)) => settings with
            {
                RemoteUrl = url,
            },
            "remote.keyEnv" when Text(value, out var variable) && (variable is null || EngineSettings.IsVariableName(variable)) =>
                settings with
                {
                    RemoteKeyEnv = variable,
                },
            "exclude" when Texts(value, out var globs) => settings with { Exclude = globs },
            "targetFramework" when Text(value, out var framework) => settings with { TargetFramework = framework },
            "log.level" when Choice(value, EngineSettings.LogLevels, out var level) => settings with { LogLevel = level },
            _ => null,
        };

    private static string NamesOf<T>(IEnumerable<(string Name, T Value)> choices) =>
        string.Join(", ", choices.Select(choice => $"\"{choice.Name}\""));

    private static bool Choice<T>(JsonElement value, IEnumerable<(string Name, T Value)> choices, [MaybeNullWhen(false)] out T chosen)
    {
        var fitting = choices.Where(choice => value.ValueKind == JsonValueKind.String && value.ValueEquals(choice.Name)).ToList();
        chosen = fitting is [var only] ? only.Value : default;
        return fitting.Count == 1;
    }

    private static bool Flag(JsonElement value, out bool on)
    {
        on = value.ValueKind == JsonValueKind.True;
        return on || value.ValueKind == JsonValueKind.False;
    }

    /// <summary>An empty text, which is how an editor's settings page writes "none", is none.</summary>
    private static bool Text(JsonElement value, out string? text)
    {
        text = value.ValueKind == JsonValueKind.String && !IsEmpty(value) ? value.GetString() : null;
        return value.ValueKind == JsonValueKind.String;
    }

    private static bool Count(JsonElement value, out int count)
    {
        count = 0;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out count) && count >= 0;
    }

    private static bool Texts(JsonElement value, out IReadOnlyList<string> texts)
    {
        texts = [];
        if (value.ValueKind != JsonValueKind.Array || value.EnumerateArray().Any(item => item.ValueKind != JsonValueKind.String))
        {
            return false;
        }

        texts = [.. value.EnumerateArray().Select(item => item.GetString()!)];
        return true;
    }

    private static bool IsEmpty(JsonElement value) => value.ValueKind == JsonValueKind.String && value.ValueEquals("");
}
