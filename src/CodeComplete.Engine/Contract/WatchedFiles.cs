namespace CodeComplete.Engine;

/// <summary>Which files change what the compiler sees: sources, projects, what projects import, and what a restore writes.</summary>
public static class WatchedFiles
{
    /// <summary>Without the dot.</summary>
    public static IReadOnlyList<string> Extensions { get; } = ["cs", "csproj", "props", "targets", "sln", "slnx", "slnf"];

    public static IReadOnlyList<string> Names { get; } = [".editorconfig", ".globalconfig", ".gitignore", "global.json"];

    /// <summary>Of all that stands in <see cref="RestoreFolder"/>, this alone.</summary>
    public const string RestoreFile = "project.assets.json";

    public const string RestoreFolder = "obj";

    internal static bool Has(string path)
    {
        var name = Path.GetFileName(path.AsSpan());
        var folder = Path.GetFileName(Path.GetDirectoryName(path.AsSpan()));
        if (folder.Equals(RestoreFolder, StringComparison.OrdinalIgnoreCase))
        {
            return name.Equals(RestoreFile, StringComparison.Ordinal);
        }

        var extension = Path.GetExtension(name).TrimStart('.');
        foreach (var known in Extensions)
        {
            if (extension.Equals(known, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        foreach (var known in Names)
        {
            if (name.Equals(known, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }
}
