namespace CodeComplete.Analysis;

/// <summary>Finds what there is to load.</summary>
internal static class ProjectFiles
{
    /// <summary>Whether a file lies in a folder that builds fill, below one of the workspace folders.</summary>
    public static bool IsBuildOutput(string path, IReadOnlyList<string> folders) => false;
}
