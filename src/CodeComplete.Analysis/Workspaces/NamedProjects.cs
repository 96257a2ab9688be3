namespace CodeComplete.Analysis;

/// <summary>The projects that a program of one file names (<c>#:project ../Lib</c>), found as <c>dotnet run app.cs</c> finds them.</summary>
internal static class NamedProjects
{
    /// <returns>
    /// Normalised project files, and a sentence for each that is not there. One that needs MSBuild to be found (<c>$(Name)</c>), or a program that
    /// is on no disk, is in neither, nor is a project of another language.
    /// </returns>
    public static (IReadOnlyList<string> Files, IReadOnlyList<string> Missing) Find(IEnumerable<(string Path, string Source)> named)
    {
        var files = new List<string>();
        var missing = new List<string>();
        foreach (var (written, source) in named)
        {
            if (
                !Paths.IsFile(source)
                || written.Contains("$(", StringComparison.Ordinal)
                || written.Contains('\0', StringComparison.Ordinal)
            )
            {
                continue;
            }

            var path = Paths.Normalize(Path.Combine(Path.GetDirectoryName(source)!, written.Replace('\\', '/')));
            string? what = null;
            if (Directory.Exists(path))
            {
                var inside = Directory.GetFiles(path, "*proj", new EnumerationOptions { IgnoreInaccessible = true });
                what =
                    inside.Length == 0 ? "holds no project: correct the path"
                    : inside.Length > 1 ? "holds several projects: name one of them"
                    : null;
                path = inside is [var only] ? only : path;
            }
            else if (!File.Exists(path))
            {
                what = "does not exist: correct the path";
            }

            if (what is not null)
            {
                missing.Add($"{Path.GetFileName(source)} refers to {path}, which {what} in its `#:project`.");
            }
            else if (path.EndsWith(".csproj", StringComparison.OrdinalIgnoreCase))
            {
                files.Add(path);
            }
        }

        return (files, missing);
    }
}
