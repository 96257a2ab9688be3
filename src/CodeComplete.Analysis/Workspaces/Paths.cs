namespace CodeComplete.Analysis;

/// <summary>Paths as keys: one spelling for each file.</summary>
internal static class Paths
{
    /// <summary>
    /// Windows alone ignores case. (macOS mostly does as well, but a volume may not, and editors there send paths in their true case.)
    /// </summary>
    public static StringComparison Comparison { get; } =
        OperatingSystem.IsWindows() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;

    public static StringComparer Comparer { get; } = StringComparer.FromComparison(Comparison);

    /// <summary>The full path without <c>..</c>; a key that is no path (<c>untitled:Untitled-1</c>) is left alone.</summary>
    public static string Normalize(string path) => IsFile(path) ? Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)) : path;

    public static bool IsFile(string path) => Path.IsPathFullyQualified(path) && !path.Contains('\0', StringComparison.Ordinal);

    public static bool IsCSharp(string path) => path.EndsWith(".cs", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether <paramref name="path"/> lies in <paramref name="folder"/> or below; both normalised.</summary>
    public static bool IsInside(string path, string folder)
    {
        if (!path.StartsWith(folder, Comparison))
        {
            return false;
        }

        return path.Length == folder.Length || Path.EndsInDirectorySeparator(folder) || IsSeparator(path[folder.Length]);
    }

    /// <summary>The folder of a file and all above it, the nearest first.</summary>
    public static IEnumerable<string> FoldersAbove(string path)
    {
        for (var folder = Path.GetDirectoryName(path); !string.IsNullOrEmpty(folder); folder = Path.GetDirectoryName(folder))
        {
            yield return folder;
        }
    }

    private static bool IsSeparator(char c) => c == Path.DirectorySeparatorChar || c == Path.AltDirectorySeparatorChar;
}
