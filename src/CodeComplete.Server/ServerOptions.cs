using CodeComplete.Engine;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace CodeComplete.Server;

/// <summary>What the server needs from the one who starts it.</summary>
public sealed record ServerOptions
{
    /// <summary>
    /// Makes the engine, once the client has said where its workspace is. It must return at once and load in the background: the client waits
    /// for the answer to <c>initialize</c>. An exception is that answer, as one line.
    /// </summary>
    public required Func<EngineStart, ICompletionEngine> CreateEngine { get; init; }

    /// <summary>The product's version, as the client is told it.</summary>
    public required string Version { get; init; }

    /// <summary>Where logs go. Never to the standard output: that is the protocol's.</summary>
    public ILoggerFactory Logs { get; init; } = NullLoggerFactory.Instance;

    /// <summary>Puts in what counts whatever the client sets: what was said on the command line.</summary>
    public Func<EngineSettings, EngineSettings> Overrule { get; init; } = static settings => settings;

    /// <summary>Told <see cref="EngineSettings.LogLevel"/>, at the start and when it changes.</summary>
    public Action<LogLevel> SetLogLevel { get; init; } = static _ => { };
}

/// <summary>What the client said at <c>initialize</c>.</summary>
/// <param name="WorkspaceFolders">Absolute paths; none where single files are edited.</param>
public sealed record EngineStart(IReadOnlyList<string> WorkspaceFolders, EngineSettings Settings);
