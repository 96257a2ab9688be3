using System.Xml;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;

namespace CodeComplete.Analysis;

/// <summary>Finds in NuGet's own folder what a restore has put there; nothing is fetched.</summary>
internal static class CachedPackages
{
    /// <param name="wanted">Packages, with a version, the beginning of one and <c>*</c>, or none for the newest that is there.</param>
    /// <returns>The assemblies to compile with, those of the packages' own packages too, and the wanted ones that are not there.</returns>
    public static (IReadOnlyList<MetadataReference> References, IReadOnlyList<(string Name, string? Version)> Missing) Find(
        IEnumerable<(string Name, string? Version)> wanted
    )
    {
        var references = new List<MetadataReference>();
        var missing = new List<(string, string?)>();
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, version) in wanted)
        {
            if (Folder(name, version, isLeast: false) is { } folder)
            {
                Add(name, folder);
            }
            else
            {
                missing.Add((name, version));
            }
        }

        return (references, missing);

        void Add(string name, string folder)
        {
            if (!seen.Add(name))
            {
                return;
            }

            references.AddRange(Assemblies(folder).Select(MetadataFiles.Get).OfType<MetadataReference>());
            foreach (var (needed, least) in Needed(folder))
            {
                if (Folder(needed, least, isLeast: true) is { } below)
                {
                    Add(needed, below);
                }
            }
        }
    }

    /// <param name="isLeast">Any version from this one will do; the lowest is taken, as NuGet does.</param>
    private static string? Folder(string name, string? version, bool isLeast)
    {
        var package = Path.Combine(DotnetRoots.Packages, name.ToLowerInvariant());
        if (name.Length == 0 || name.IndexOfAny(Path.GetInvalidFileNameChars()) >= 0 || name.StartsWith('.') || !Directory.Exists(package))
        {
            return null;
        }

        var versions = Directory.EnumerateDirectories(package).Select(folder => (Folder: folder, Name: Path.GetFileName(folder)));
        if (version is null || version.EndsWith('*'))
        {
            var start = version?.TrimEnd('*') ?? "";
            return versions
                .Where(v => v.Name.StartsWith(start, StringComparison.OrdinalIgnoreCase))
                .OrderByDescending(v => Number(v.Name))
                .FirstOrDefault()
                .Folder;
        }

        return isLeast
            ? versions.Where(v => Number(v.Name).CompareTo(Number(version)) >= 0).OrderBy(v => Number(v.Name)).FirstOrDefault().Folder
            : versions.FirstOrDefault(v => v.Name.Equals(version, StringComparison.OrdinalIgnoreCase)).Folder;
    }

    private static IEnumerable<string> Assemblies(string folder)
    {
        foreach (var kind in new[] { "ref", "lib" })
        {
            var path = Path.Combine(folder, kind);
            if (Directory.Exists(path) && Best(Directory.GetDirectories(path), f => Path.GetFileName(f)!) is { } best)
            {
                return Directory.EnumerateFiles(best, "*.dll");
            }
        }

        return [];
    }

    private static IEnumerable<(string Name, string Least)> Needed(string folder)
    {
        XElement root;
        try
        {
            root = XElement.Load(Directory.EnumerateFiles(folder, "*.nuspec").First());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or XmlException or InvalidOperationException)
        {
            return [];
        }

        var all = root.Descendants().Where(e => e.Name.LocalName == "dependencies").ToList();
        var groups = all.Elements().Where(e => e.Name.LocalName == "group").ToList();
        var chosen =
            groups.Count == 0 ? all
            : Best(groups, g => Short(g.Attribute("targetFramework")?.Value)) is { } best ? [best]
            : [];
        return chosen
            .Elements()
            .Where(e => e.Name.LocalName == "dependency")
            .Select(e =>
                (e.Attribute("id")?.Value ?? "", (e.Attribute("version")?.Value ?? "0").Trim('[', ']', '(', ')').Split(',')[0].Trim())
            );
    }

    /// <summary>The one for the newest framework that code for the running .NET may use.</summary>
    private static T? Best<T>(IReadOnlyList<T> candidates, Func<T, string> framework)
        where T : class
    {
        var usable = candidates.Where(candidate => TargetFrameworks.IsFor(framework(candidate), Environment.Version.Major)).ToList();
        return usable.Count == 0 ? null : usable[TargetFrameworks.Choose([.. usable.Select(framework)], wanted: null)];
    }

    /// <summary><c>.NETStandard2.0</c>, as old packages write it, is <c>netstandard2.0</c>.</summary>
    private static string Short(string? framework) =>
        (framework ?? "")
            .ToLowerInvariant()
            .Replace(".netstandard", "netstandard", StringComparison.Ordinal)
            .Replace(".netcoreapp", "netcoreapp", StringComparison.Ordinal);

    /// <summary>A release comes after its previews.</summary>
    private static (Version Version, int IsRelease) Number(string text)
    {
        var parts = text.Split('-', 2);
        return (Version.TryParse(parts[0], out var version) ? version : new Version(0, 0), parts.Length == 1 ? 1 : 0);
    }
}
