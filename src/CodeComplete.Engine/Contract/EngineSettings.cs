using CodeComplete.Transformer;
using Microsoft.Extensions.Logging;

namespace CodeComplete.Engine;

public enum ListMode
{
    /// <summary>Every item Roslyn knows, the starred ones first.</summary>
    Full,

    /// <summary>Only the starred items, for use beside another C# server.</summary>
    Starred,

    /// <summary>No list.</summary>
    Off,
}

public enum UnverifiedMode
{
    /// <summary>Ghost text that the compiler could not judge is not shown.</summary>
    Hide,

    /// <summary>It is shown.</summary>
    Show,
}

/// <summary>What a user can set; one schema for every editor (docs/settings.md).</summary>
public sealed record EngineSettings
{
    /// <summary>With less, a memory holds little more than its own frame.</summary>
    public const int LeastMemoryDiskMb = 16;

    public const int MostMemoryDiskMb = 65_536;

    public static EngineSettings Default { get; } = new();

    /// <summary>The values of <see cref="LogLevel"/> by the names under which they are set.</summary>
    public static IReadOnlyList<(string Name, LogLevel Value)> LogLevels { get; } =
    [
        ("off", LogLevel.None),
        ("error", LogLevel.Error),
        ("warning", LogLevel.Warning),
        ("info", LogLevel.Information),
        ("debug", LogLevel.Debug),
        ("trace", LogLevel.Trace),
    ];

    /// <summary>Whether a text can be <see cref="RemoteUrl"/>: http or https, without user name and password.</summary>
    public static bool IsRemoteUrl(string text) => RemoteOptions.IsUrl(text);

    /// <summary>Whether a text can be <see cref="RemoteKeyEnv"/>; many a key cannot.</summary>
    public static bool IsVariableName(string text) =>
        text.Length > 0 && !char.IsAsciiDigit(text[0]) && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');

    public ListMode List { get; init; } = ListMode.Full;

    public bool GhostEnabled { get; init; } = true;

    /// <summary>Ghost text may be longer than the rest of the line, where the place asks for it.</summary>
    public bool GhostMultiline { get; init; } = true;

    public UnverifiedMode Unverified { get; init; } = UnverifiedMode.Hide;

    /// <summary>auto | directml | webgpu | cuda | cpu</summary>
    public string Provider { get; init; } = "auto";

    /// <summary>The file of a plug-in execution provider (WebGPU), or <see langword="null"/>.</summary>
    public string? ProviderLibrary { get; init; }

    /// <summary>A model folder, or <see langword="null"/> for the shipped one.</summary>
    public string? Model { get; init; }

    /// <summary>Threads of the transformer; 0 lets it choose (half of the cores, two at least).</summary>
    public int Threads { get; init; }

    /// <summary>
    /// The address of an OpenAI-compatible server that writes ghost text instead of a decoder in this process; <see langword="null"/> for
    /// none, and then nothing leaves the machine.
    /// </summary>
    public string? RemoteUrl { get; init; }

    /// <summary>The environment variable that holds the key of <see cref="RemoteUrl"/>; <see langword="null"/> where it needs none.</summary>
    public string? RemoteKeyEnv { get; init; }

    public bool MemoryEnabled { get; init; } = true;

    /// <summary>What the memory of a workspace may take on disk, in MB (2^20 bytes), from <see cref="LeastMemoryDiskMb"/> to <see cref="MostMemoryDiskMb"/>.</summary>
    public int MemoryDiskMb { get; init; } = 256;

    /// <summary>Globs, relative to a workspace folder, of files that the memory must not read.</summary>
    public IReadOnlyList<string> Exclude { get; init; } = [];

    /// <summary>Which framework to answer for in projects with several, as in <c>net8.0</c>; <see langword="null"/> for the newest.</summary>
    public string? TargetFramework { get; init; }

    /// <summary>What the log takes; whoever writes the log reads it. <see cref="LogLevel.Trace"/> alone lets source text into it.</summary>
    public LogLevel LogLevel { get; init; } = LogLevel.Information;
}
