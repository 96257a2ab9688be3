using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace CodeComplete.Engine;

/// <summary>What an engine is started with.</summary>
public sealed record EngineOptions
{
    /// <summary>Absolute paths of the workspace's folders; may be empty.</summary>
    public IReadOnlyList<string> WorkspaceFolders { get; init; } = [];

    public EngineSettings Settings { get; init; } = EngineSettings.Default;

    /// <summary>Where the memory lies; <see langword="null"/> for the user's data folder.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>The file the user is in; its project is loaded first.</summary>
    public string? FirstFile { get; init; }

    /// <summary>
    /// Begin with what MSBuild said of the projects the last time, and keep what it says: for who must answer before it has. A command that is to answer
    /// by what is there now waits for it.
    /// </summary>
    public bool RemembersProjects { get; init; }

    /// <summary>The clock by which outcomes are read and fade, and scores of the list are late.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    public ILoggerFactory Logs { get; init; } = NullLoggerFactory.Instance;
}
