using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace CodeComplete.Analysis;

/// <summary>
/// Projects as their XML alone describes them, where MSBuild cannot run: the sources of the folder, the framework, other projects; no
/// packages. Good enough to complete, not to judge.
/// </summary>
internal static class GuessedProjects
{
    public static ProjectModel Create(ProjectXml xml, ImmutableArray<string> sources)
    {
        var name = Path.GetFileNameWithoutExtension(xml.File);
        var isWeb = xml.Sdk == "Microsoft.NET.Sdk.Web";
        var isExecutable = isWeb || string.Equals(xml.Property("OutputType"), "Exe", StringComparison.OrdinalIgnoreCase);
        return new ProjectModel
        {
            Key = new ProjectKey(xml.File),
            Name = name,
            AssemblyName = xml.Property("AssemblyName") ?? name,
            Origin = ProjectOrigin.Guessed,
            CompilationOptions = LooseProjects
                .CompilationOptions.WithOutputKind(isExecutable ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary)
                .WithNullableContextOptions(
                    ProjectXml.IsOn(xml.Property("Nullable")) ? NullableContextOptions.Enable : NullableContextOptions.Disable
                ),
            ParseOptions = LanguageVersionFacts.TryParse(xml.Property("LangVersion"), out var version)
                ? LooseProjects.ParseOptions.WithLanguageVersion(version)
                : LooseProjects.ParseOptions,
            Sources = sources,
            MemorySources = [Usings(xml)],
            References = FrameworkReferences.For(xml.Frameworks is [var first, ..] ? first : null, isWeb),
            ProjectReferences = [.. xml.ProjectReferences.Select(path => (new ProjectKey(path), ImmutableArray<string>.Empty))],
            ReachesThrough = xml.HandsOnProjects,
            HasMissingReferences = true,
        };
    }

    /// <summary>The file of global usings that the SDK would write into the intermediate folder.</summary>
    public static MemorySource Usings(ProjectXml xml) =>
        new(
            "ImplicitUsings.g.cs",
            ImplicitUsings.Source(xml.HasImplicitUsings ? ImplicitUsings.Of(xml.Sdk).Concat(xml.Usings) : xml.Usings)
        );
}
