namespace CodeComplete.Cli.Commands;

/// <summary>The folder a file belongs to, where the user names none.</summary>
internal static class WorkspaceRoot
{
    private static readonly string[] Signs = ["*.sln", "*.slnx", ".git", "*.csproj"];

    /// <returns>The nearest folder above with a solution; else with <c>.git</c>; else with a project; else the file's own.</returns>
    public static string Of(string file)
    {
        var own = Path.GetDirectoryName(file)!;
        foreach (var sign in Signs)
        {
            for (var folder = new DirectoryInfo(own); folder is not null; folder = folder.Parent)
            {
                if (folder.Exists && folder.EnumerateFileSystemInfos(sign).Any())
                {
                    return folder.FullName;
                }
            }
        }

        return own;
    }
}
