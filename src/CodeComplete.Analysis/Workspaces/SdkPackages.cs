using System.Text.Json;

namespace CodeComplete.Analysis;

/// <summary>
/// SDKs that come as NuGet packages (<c>Sdk="MSTest.Sdk/3.8.0"</c>). Evaluating a project makes MSBuild fetch one that is missing, and
/// nothing here may open a connection by itself (invariant 4): such a project waits until the user has restored it.
/// </summary>
internal static class SdkPackages
{
    /// <returns>The name and version of the first SDK that would have to be fetched; <see langword="null"/> where there is none.</returns>
    public static string? Missing(ProjectXml project)
    {
        foreach (var (name, written) in project.Sdks)
        {
            var version = written ?? Pinned(project.Folder, name);
            if (
                version is not null
                && !IsBundled(name)
                && !Directory.Exists(Path.Combine(DotnetRoots.Packages, name.ToLowerInvariant(), version.ToLowerInvariant()))
            )
            {
                return $"{name} {version}";
            }
        }

        return null;
    }

    private static bool IsBundled(string name) =>
        DotnetRoots
            .All.Select(root => Path.Combine(root, "sdk"))
            .Where(Directory.Exists)
            .SelectMany(Directory.EnumerateDirectories)
            .Any(sdk => Directory.Exists(Path.Combine(sdk, "Sdks", name)));

    /// <summary>The version that the nearest <c>global.json</c> gives under <c>msbuild-sdks</c>.</summary>
    private static string? Pinned(string folder, string name)
    {
        var file = Paths
            .FoldersAbove(Path.Combine(folder, "_"))
            .Select(above => Path.Combine(above, "global.json"))
            .FirstOrDefault(File.Exists);
        if (file is null)
        {
            return null;
        }

        try
        {
            using var stream = File.OpenRead(file);
            using var json = JsonDocument.Parse(
                stream,
                new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true }
            );
            return json.RootElement.TryGetProperty("msbuild-sdks", out var sdks) && sdks.TryGetProperty(name, out var version)
                ? version.GetString()
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
