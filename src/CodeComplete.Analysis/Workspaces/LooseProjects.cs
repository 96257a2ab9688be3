using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace CodeComplete.Analysis;

/// <summary>
/// Projects for code without one, with what <c>dotnet new console</c> would give it: the newest framework and language, implicit usings,
/// nullable on.
/// </summary>
internal static class LooseProjects
{
    public static CSharpParseOptions ParseOptions { get; } =
        new(
            LanguageVersion.Latest,
            DocumentationMode.Parse,
            preprocessorSymbols: ["DEBUG", "TRACE", "NET", $"NET{Environment.Version.Major}_0"]
        );

    /// <summary>A file without a project may be a program of its own (<c>dotnet run app.cs</c>), which begins with directives like <c>#:package</c>.</summary>
    private static CSharpParseOptions FileBased { get; } =
        ParseOptions.WithFeatures([.. ParseOptions.Features, KeyValuePair.Create("FileBasedProgram", "true")]);

    /// <summary>An executable, since a library may hold no top-level statements; unsafe, since nobody said that it is not.</summary>
    public static CSharpCompilationOptions CompilationOptions { get; } =
        new(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable, allowUnsafe: true);

    public static ProjectModel ForFile(string path) => Create(new ProjectKey(path), Path.GetFileNameWithoutExtension(path), [path]);

    public static ProjectModel ForFolder(string folder, ImmutableArray<string> sources) =>
        Create(new ProjectKey(folder), Path.GetFileName(folder), sources);

    /// <summary>The project with what the directives at the top of its file ask for.</summary>
    /// <param name="modelsOf">What is loaded of a project file.</param>
    /// <param name="missing">Of packages and projects that are not there, a sentence each.</param>
    public static ProjectModel With(
        ProjectModel project,
        FileDirectives directives,
        Func<string, IEnumerable<ProjectModel>> modelsOf,
        out IReadOnlyList<string> missing
    )
    {
        var framework = FrameworkReferences.For(framework: null, web: directives.Sdk == "Microsoft.NET.Sdk.Web");
        var known = framework.Select(reference => Path.GetFileName(reference.Display)).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var (packages, missingPackages) = CachedPackages.Find(directives.Packages.Select(package => (package.Name, package.Version)));
        var (named, missingProjects) = NamedProjects.Find(directives.Projects);
        var (projects, assemblies) = ReachedProjects.From(named.Select(file => new ProjectKey(file)), modelsOf);
        missing =
        [
            .. directives
                .Packages.Where(package => missingPackages.Contains((package.Name, package.Version)))
                .Select(package =>
                    $"{Path.GetFileName(package.Source)} needs the package {$"{package.Name} {package.Version}".TrimEnd()}, which was never restored here: run `dotnet build {package.Source}`, then open the file again."
                ),
            .. missingProjects,
        ];
        return project with
        {
            Directives = directives.Text,
            MemorySources = [Usings(directives.Sdk)],
            // What the framework brings itself counts, not an older copy.
            References =
            [
                .. framework,
                .. packages.Concat(assemblies).Where(reference => known.Add(Path.GetFileName(reference.Display) ?? "")),
            ],
            ProjectReferences = [.. projects.Select(key => (key, ImmutableArray<string>.Empty))],
            HasMissingReferences = missing.Count > 0 || named.Count < directives.Projects.Count,
        };
    }

    private static MemorySource Usings(string sdk) => new("ImplicitUsings.g.cs", ImplicitUsings.Source(ImplicitUsings.Of(sdk)));

    private static ProjectModel Create(ProjectKey key, string name, ImmutableArray<string> sources) =>
        new()
        {
            Key = key,
            Name = name,
            AssemblyName = name.Length > 0 ? name : "Loose",
            Origin = ProjectOrigin.Loose,
            CompilationOptions = CompilationOptions,
            ParseOptions = FileBased,
            Sources = sources,
            MemorySources = [Usings(FileDirectives.None.Sdk)],
            References = FrameworkReferences.For(framework: null, web: false),
        };
}
