namespace CodeComplete.Cli.Commands;

/// <summary>The folder that a file belongs to, or the one the user is in, where the user names none.</summary>
internal static class WorkspaceRoot
{
    // A folder above may not be ours to list.
    private static readonly EnumerationOptions Readable = new() { IgnoreInaccessible = true, AttributesToSkip = FileAttributes.None };

    /// <returns>
    /// The nearest folder above with a solution, but not above the one with <c>.git</c>, which is taken where there is no solution; else the
    /// nearest with a project; else the file's own.
    /// </returns>
    public static string Of(string file) => Above(Path.GetDirectoryName(file)!);

    /// <summary>As <see cref="Of"/>, for what lies in this folder.</summary>
    public static string Above(string own)
    {
        string? project = null;
        for (var folder = new DirectoryInfo(own); folder is not null; folder = folder.Parent)
        {
            if (!folder.Exists)
            {
                continue;
            }

            if (Has(folder, "*.sln") || Has(folder, "*.slnx") || Has(folder, ".git"))
            {
                return folder.FullName;
            }

            project ??= Has(folder, "*.csproj") ? folder.FullName : null;
        }

        return project ?? own;
    }

    private static bool Has(DirectoryInfo folder, string pattern) => folder.EnumerateFileSystemInfos(pattern, Readable).Any();
}
