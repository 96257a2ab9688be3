using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.CodeAnalysis;

namespace CodeComplete.Analysis;

/// <summary>
/// The framework's own references for code that no restored project describes: the SDK's reference packs, or, where no SDK is
/// installed, the assemblies that this process runs on (which have no documentation, but the same types).
/// </summary>
internal static class FrameworkReferences
{
    public const string Base = "Microsoft.NETCore.App.Ref";
    public const string AspNetCore = "Microsoft.AspNetCore.App.Ref";

    private static readonly ConcurrentDictionary<string, ImmutableArray<MetadataReference>> Known = new(StringComparer.Ordinal);

    /// <param name="framework">As in <c>net8.0</c>; where that pack is not installed, or for <see langword="null"/>, the newest is taken.</param>
    /// <param name="web">Whether ASP.NET Core belongs to it.</param>
    public static ImmutableArray<MetadataReference> For(string? framework, bool web) =>
        Known.GetOrAdd($"{framework}|{web}", _ => Read(framework, web));

    private static ImmutableArray<MetadataReference> Read(string? framework, bool web)
    {
        string[] packs = web ? [Base, AspNetCore] : [Base];
        var files = packs.SelectMany(pack => Pack(pack, framework)).ToList();
        if (files.Count == 0)
        {
            files.AddRange(RunningPlatform());
        }

        return [.. files.Select(MetadataFiles.Get).OfType<MetadataReference>()];
    }

    private static IEnumerable<string> Pack(string name, string? framework)
    {
        // The packs of a platform (net10.0-windows) add to the plain one, and are on that platform only.
        var plain = framework?.Split('-')[0];

        // <root>/packs/<name>/<version>/ref/<framework>, and as NuGet lays it out in its own folder.
        var folders = DotnetRoots
            .All.Select(root => Path.Combine(root, "packs", name))
            .Append(Path.Combine(DotnetRoots.Packages, name.ToLowerInvariant()))
            .Where(Directory.Exists)
            .SelectMany(Directory.EnumerateDirectories)
            .Select(folder => Path.Combine(folder, "ref"))
            .Where(Directory.Exists)
            .SelectMany(Directory.EnumerateDirectories)
            .Select(folder =>
                (
                    Folder: folder,
                    Framework: Path.GetFileName(folder),
                    Version: VersionOf(Path.GetFileName(Path.GetDirectoryName(Path.GetDirectoryName(folder))!))
                )
            )
            .OrderByDescending(pack => string.Equals(pack.Framework, plain, StringComparison.OrdinalIgnoreCase))
            .ThenByDescending(pack => pack.Version)
            .ToList();
        return folders.Count == 0 ? [] : Directory.EnumerateFiles(folders[0].Folder, "*.dll").Order(StringComparer.Ordinal);
    }

    private static Version VersionOf(string folder) =>
        Version.TryParse(folder.Split('-')[0], out var version) ? version : new Version(0, 0);

    private static IEnumerable<string> RunningPlatform()
    {
        var own = Path.GetDirectoryName(typeof(object).Assembly.Location);
        var framework = RuntimePack((string?)AppContext.GetData("APP_CONTEXT_DEPS_FILES") ?? "");
        return ((string?)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") ?? "")
            .Split(Path.PathSeparator)
            .Where(file => string.Equals(Path.GetDirectoryName(file), own, Paths.Comparison))
            .Where(file => framework.Count == 0 || framework.Contains(Path.GetFileName(file)))
            .Distinct(Paths.Comparer);
    }

    /// <summary>What of a self-contained program's folder is the framework: there it lies beside the program's own assemblies.</summary>
    /// <param name="dependencies">Paths of <c>.deps.json</c> files, with semicolons between.</param>
    /// <returns>File names; none where the framework has a folder of its own.</returns>
    internal static IReadOnlySet<string> RuntimePack(string dependencies)
    {
        var files = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var file in dependencies.Split(';', StringSplitOptions.RemoveEmptyEntries).Where(File.Exists))
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(file));
            var libraries = json
                .RootElement.GetProperty("targets")
                .EnumerateObject()
                .SelectMany(static target => target.Value.EnumerateObject());
            foreach (var pack in libraries.Where(static library => library.Name.StartsWith("runtimepack.", StringComparison.Ordinal)))
            {
                if (pack.Value.TryGetProperty("runtime", out var assemblies))
                {
                    files.UnionWith(assemblies.EnumerateObject().Select(static assembly => Path.GetFileName(assembly.Name)));
                }
            }
        }

        return files;
    }
}
