namespace CodeComplete.Analysis;

public enum LoadState
{
    /// <summary>Only loose files are known: no project was loaded yet, or there is none.</summary>
    Syntax,

    /// <summary>Projects are being evaluated; those that are done already answer.</summary>
    Loading,

    /// <summary>All that could be loaded is loaded.</summary>
    Ready,
}

/// <summary>How far loading has come. <paramref name="Message"/> is one short line for a progress display.</summary>
public sealed record WorkspaceProgress(LoadState State, int ProjectsDone, int ProjectsTotal, string Message);

/// <summary>One sentence to the user, said once: what is missing or broken, and what to do.</summary>
public sealed record WorkspaceNotice(bool IsError, string Message);
