using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace CodeComplete.Analysis;

/// <summary>
/// Tells whether the files that MSBuild makes a project from look as they did: the project file, what it inherits from the folders above, and what
/// restoring left. What a project imports from elsewhere is not looked for.
/// </summary>
internal static class ProjectStamp
{
    /// <summary>Files that MSBuild, or the compiler, reads for every project below their folder.</summary>
    public static IReadOnlyList<string> SharedFiles { get; } =
    ["Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props", "global.json", ".editorconfig", ".globalconfig"];

    /// <param name="restored">What restoring left for it, where that is known.</param>
    /// <returns>As <see cref="Of(IEnumerable{string})"/>.</returns>
    public static string Of(string projectFile, string? restored) =>
        Of(
            Paths
                .FoldersAbove(projectFile)
                .SelectMany(folder => SharedFiles, Path.Combine)
                .Prepend(restored ?? RestoredPackages.Usual(projectFile))
                .Prepend(projectFile + ".user")
                .Prepend(projectFile)
        );

    /// <returns>The same text for the same files of the same length, written at the same time; one that is not there counts for nothing.</returns>
    public static string Of(IEnumerable<string> files)
    {
        var text = new StringBuilder();
        foreach (var file in files.Select(file => new FileInfo(file)).Where(file => file.Exists))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{file.FullName} {file.Length} {file.LastWriteTimeUtc.Ticks}");
        }

        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}
