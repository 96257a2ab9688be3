using System.Text.Json;

namespace CodeComplete.Analysis;

/// <summary>What <c>dotnet restore</c> left for a project: <c>project.assets.json</c> in its intermediate folder.</summary>
internal static class RestoredPackages
{
    private const string FileName = "project.assets.json";

    /// <summary>How far above the compiler's output the file may lie: <c>obj/Debug/net10.0/win-x64/</c> is the deepest of the usual.</summary>
    private const int Levels = 4;

    /// <summary>What restoring left for it; <see langword="null"/> where it was not restored.</summary>
    /// <param name="compilerOutput">As in <see cref="Hold"/>.</param>
    public static string? Of(string? compilerOutput) => compilerOutput is null ? null : Find(compilerOutput);

    /// <summary>Where restoring leaves it, unless the project says otherwise.</summary>
    public static string Usual(string projectFile) => Path.Combine(Path.GetDirectoryName(projectFile)!, "obj", FileName);

    /// <summary>Whether every one of <paramref name="packages"/> was restored and is still in the package folder.</summary>
    /// <param name="compilerOutput">The file the compiler would write, in the intermediate folder; <see langword="null"/> where unknown.</param>
    public static bool Hold(IReadOnlyCollection<string> packages, string? compilerOutput)
    {
        if (packages.Count == 0)
        {
            return true;
        }

        if (compilerOutput is null || Find(compilerOutput) is not { } assets)
        {
            return false;
        }

        try
        {
            using var stream = File.OpenRead(assets);
            using var json = JsonDocument.Parse(stream);
            var folders = json.RootElement.GetProperty("packageFolders").EnumerateObject().Select(folder => folder.Name).ToList();
            var restored = json
                .RootElement.GetProperty("libraries")
                .EnumerateObject()
                .Where(library => IsPresent(library.Value, folders))
                .Select(library => library.Name.Split('/')[0])
                .ToHashSet(StringComparer.OrdinalIgnoreCase);
            return packages.All(restored.Contains);
        }
        catch (Exception e)
            when (e is IOException or UnauthorizedAccessException or JsonException or KeyNotFoundException or InvalidOperationException)
        {
            // A damaged file is mended by the same command as a missing one.
            return false;
        }
    }

    private static string? Find(string compilerOutput) =>
        Paths.FoldersAbove(compilerOutput).Take(Levels).Select(folder => Path.Combine(folder, FileName)).FirstOrDefault(File.Exists);

    private static bool IsPresent(JsonElement library, List<string> folders) =>
        !library.TryGetProperty("path", out var path)
        || library.GetProperty("type").GetString() != "package"
        || folders.Exists(folder => Directory.Exists(Path.Combine(folder, path.GetString()!)));
}
