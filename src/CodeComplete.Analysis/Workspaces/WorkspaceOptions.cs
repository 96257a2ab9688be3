namespace CodeComplete.Analysis;

/// <summary>What the user has open.</summary>
public sealed record WorkspaceOptions
{
    /// <summary>Absolute paths. Empty where single files are edited without a folder.</summary>
    public IReadOnlyList<string> Folders { get; init; } = [];

    /// <summary>Globs relative to a workspace folder; projects and loose files that match are not looked at.</summary>
    public IReadOnlyList<string> Exclude { get; init; } = [];

    /// <summary>The framework to answer for in a project with several, as in <c>net8.0</c>; <see langword="null"/> for the newest.</summary>
    public string? TargetFramework { get; init; }

    /// <summary>
    /// Waited for before projects are loaded that no open document is in, as long as whoever asks for answers in the others would be slowed down; not
    /// longer than <see cref="LongestPause"/>.
    /// </summary>
    public Func<CancellationToken, ValueTask> Pause { get; init; } = static _ => ValueTask.CompletedTask;

    /// <summary>Then the rest is loaded, whoever asks.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>What <see cref="CodeWorkspace.Remember"/> gave the last time, where it was kept; <see langword="null"/> for nothing.</summary>
    public Func<byte[]?> Remembered { get; init; } = static () => null;

    /// <summary>Waited for before projects are evaluated that answer already, by what is remembered of them.</summary>
    public Func<CancellationToken, ValueTask> Quiet { get; init; } = static _ => ValueTask.CompletedTask;
}
