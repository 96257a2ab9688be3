using System.Runtime.InteropServices;

namespace CodeComplete.Analysis;

/// <summary>Where .NET is installed on this machine.</summary>
internal static class DotnetRoots
{
    /// <summary>Folders that exist, the one the user named first.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Candidates().Where(Directory.Exists).Distinct(Paths.Comparer)];

    /// <summary>The package folder that NuGet fills.</summary>
    public static string Packages { get; } =
        Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } set
            ? set
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    private static IEnumerable<string> Candidates()
    {
        if (Environment.GetEnvironmentVariable("DOTNET_ROOT") is { Length: > 0 } named)
        {
            yield return Paths.Normalize(Path.GetFullPath(named));
        }

        // <root>/shared/Microsoft.NETCore.App/<version>/
        yield return Paths.Normalize(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));

        var program = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        foreach (var folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator))
        {
            if (Path.IsPathFullyQualified(folder) && File.Exists(Path.Combine(folder, program)))
            {
                var file = new FileInfo(Path.Combine(folder, program));
                var target = file.ResolveLinkTarget(returnFinalTarget: true) ?? file;
                yield return Paths.Normalize(Path.GetDirectoryName(target.FullName)!);
            }
        }
    }
}
