using System.Xml;
using System.Xml.Linq;

namespace CodeComplete.Analysis;

/// <summary>
/// What can be read from a project file without MSBuild: its own XML and the <c>Directory.Build</c> files above it, conditions not
/// evaluated. It tells what an unrestored project lacks, and stands in for MSBuild where that cannot run.
/// </summary>
internal sealed class ProjectXml
{
    private static readonly XmlReaderSettings Settings = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null };

    private readonly XElement _own;

    /// <summary>The project first, then the files above it, the nearest first.</summary>
    private readonly IReadOnlyList<XElement> _all;

    private ProjectXml(string path, XElement own, IEnumerable<XElement> inherited)
    {
        File = path;
        this._own = own;
        _all = [own, .. inherited];
    }

    public string File { get; }

    public string Folder => Path.GetDirectoryName(File)!;

    /// <summary>As in <c>Microsoft.NET.Sdk.Web</c>, without a version; empty for a project of the old kind.</summary>
    public string Sdk => Sdks.FirstOrDefault().Name ?? "";

    /// <summary>Every SDK that is named, with its version where one is given.</summary>
    public IEnumerable<(string Name, string? Version)> Sdks
    {
        get
        {
            var attributes = Elements(_own, "Import").Append(_own).Attributes("Sdk").SelectMany(sdk => sdk.Value.Split(';'));
            foreach (var sdk in attributes.Select(sdk => sdk.Trim()).Where(sdk => sdk.Length > 0))
            {
                var parts = sdk.Split('/', 2);
                yield return (parts[0], parts.Length > 1 ? parts[1] : null);
            }

            foreach (var sdk in Elements(_own, "Sdk"))
            {
                if (sdk.Attribute("Name")?.Value is { Length: > 0 } name)
                {
                    yield return (name, sdk.Attribute("Version")?.Value);
                }
            }
        }
    }

    /// <summary>The target frameworks, as written.</summary>
    public IReadOnlyList<string> Frameworks =>
        (Property("TargetFramework") ?? Property("TargetFrameworks") ?? "").Split(
            ';',
            StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries
        );

    public bool HasImplicitUsings => IsOn(Property("ImplicitUsings"));

    /// <summary>Namespaces of <c>Using</c> items, with alias or <c>static</c> as C# writes them.</summary>
    public IEnumerable<string> Usings =>
        Items("Using")
            .Select(item =>
                item.Attribute("Include")?.Value is not { Length: > 0 } name ? null
                : Value(item, "Alias") is { Length: > 0 } alias ? $"{alias} = global::{name}"
                : IsOn(Value(item, "Static")) ? $"static {name}"
                : name
            )
            .OfType<string>();

    /// <summary>
    /// Packages whose types the code may use. Left out is what a condition may take away, and what <c>PrivateAssets="all"</c> marks as
    /// a tool of the build.
    /// </summary>
    public IEnumerable<string> Packages =>
        Items("PackageReference")
            .Where(item =>
                item.AncestorsAndSelf().All(element => element.Attribute("Condition") is null)
                && !string.Equals(Value(item, "PrivateAssets"), "all", StringComparison.OrdinalIgnoreCase)
            )
            .SelectMany(item => (item.Attribute("Include")?.Value ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries))
            .Select(name => name.Trim())
            .Where(IsLiteral);

    /// <summary>Normalised paths of the projects that it refers to.</summary>
    public IEnumerable<string> ProjectReferences =>
        Elements(_own, "ItemGroup")
            .SelectMany(group => Elements(group, "ProjectReference"))
            .Where(item => !string.Equals(Value(item, "ReferenceOutputAssembly"), "false", StringComparison.OrdinalIgnoreCase))
            .SelectMany(item => (item.Attribute("Include")?.Value ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries))
            .Where(IsLiteral)
            .Select(path => Paths.Normalize(Path.Combine(Folder, path.Trim().Replace('\\', Path.DirectorySeparatorChar))));

    /// <summary>Whether what its projects refer to is its own as well, as in every SDK unless it is switched off.</summary>
    public bool HandsOnProjects => Sdk.Length > 0 && !IsOn(Property("DisableTransitiveProjectReferences"));

    /// <summary>Whether it says itself which sources it has, so that a new file need not be one of them.</summary>
    public bool ListsSources =>
        Sdk.Length == 0
        || Items("Compile").Any()
        || string.Equals(Property("EnableDefaultCompileItems"), "false", StringComparison.OrdinalIgnoreCase)
        || string.Equals(Property("EnableDefaultItems"), "false", StringComparison.OrdinalIgnoreCase);

    /// <exception cref="XmlException">The file is no XML.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file cannot be read.</exception>
    public static ProjectXml Read(string path)
    {
        return new ProjectXml(path, Load(path), Inherited(path));
    }

    /// <returns><see langword="null"/> where the file cannot be read as XML.</returns>
    public static ProjectXml? TryRead(string path)
    {
        try
        {
            return Read(path);
        }
        catch (Exception e) when (e is XmlException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>A property's value as written, the last in the nearest file that sets it to something that needs no evaluation.</summary>
    public string? Property(string name) =>
        _all.Select(root =>
                Elements(root, "PropertyGroup").SelectMany(group => Elements(group, name)).LastOrDefault(e => IsLiteral(e.Value))
            )
            .OfType<XElement>()
            .FirstOrDefault()
            ?.Value.Trim();

    public static bool IsOn(string? value) =>
        string.Equals(value, "enable", StringComparison.OrdinalIgnoreCase)
        || string.Equals(value, "true", StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<XElement> Inherited(string path)
    {
        foreach (var name in new[] { "Directory.Build.props", "Directory.Build.targets" })
        {
            foreach (var file in Paths.FoldersAbove(path).Select(folder => Path.Combine(folder, name)).Where(System.IO.File.Exists))
            {
                XElement? root = null;
                try
                {
                    root = Load(file);
                }
                catch (Exception e) when (e is XmlException or IOException or UnauthorizedAccessException)
                {
                    // MSBuild names it when it evaluates the project.
                }

                if (root is not null)
                {
                    yield return root;
                }
            }
        }
    }

    private static XElement Load(string path)
    {
        using var stream = System.IO.File.OpenRead(path);
        using var reader = XmlReader.Create(stream, Settings);
        return XElement.Load(reader);
    }

    private IEnumerable<XElement> Items(string name) =>
        _all.SelectMany(root => Elements(root, "ItemGroup")).SelectMany(group => Elements(group, name));

    /// <summary>Children by local name: projects of the old kind have a namespace.</summary>
    private static IEnumerable<XElement> Elements(XElement parent, string name) =>
        parent.Elements().Where(element => element.Name.LocalName == name);

    /// <summary>Metadata may be written as an attribute or as a child.</summary>
    private static string? Value(XElement item, string name) => item.Attribute(name)?.Value ?? Elements(item, name).FirstOrDefault()?.Value;

    private static bool IsLiteral(string value) =>
        !value.Contains("$(", StringComparison.Ordinal)
        && !value.Contains("@(", StringComparison.Ordinal)
        && !value.Contains('*', StringComparison.Ordinal);
}
