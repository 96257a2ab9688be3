using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace CodeComplete.Analysis;

/// <summary>Makes our models of what MSBuild found.</summary>
internal static class EvaluatedProjects
{
    /// <param name="infos">Of one evaluation.</param>
    /// <param name="known">The key of a project that was known before; <see langword="null"/> for an id that is not.</param>
    public static IReadOnlyList<ProjectModel> Create(IReadOnlyList<ProjectInfo> infos, Func<ProjectId, ProjectKey?> known)
    {
        var keys = infos.ToDictionary(info => info.Id, Key);
        var models = new List<ProjectModel>();
        foreach (var project in infos.Where(HasContent).GroupBy(info => Paths.Normalize(info.FilePath!), Paths.Comparer))
        {
            var xml = ProjectXml.TryRead(project.Key);
            models.AddRange(project.Select(info => Create(info, keys[info.Id], xml, [.. info.ProjectReferences.Select(Reference)])));
        }

        return models;

        (ProjectKey?, ImmutableArray<string>) Reference(ProjectReference reference) =>
            (
                keys.TryGetValue(reference.ProjectId, out var key) ? key : known(reference.ProjectId),
                reference.Aliases.IsDefault ? [] : reference.Aliases
            );
    }

    /// <inheritdoc cref="ProjectModel.Unfollowed"/>
    public static string UnfollowedOf(string projectFile, IEnumerable<string> sources, IEnumerable<string> configs) =>
        ProjectStamp.Of(
            sources.Where(source => ProjectFiles.IsBuildOutput(source, projectFile)).Order(StringComparer.Ordinal).Concat(configs)
        );

    /// <summary>The loader describes a project that it could not load by one without sources and without an output.</summary>
    public static bool HasContent(ProjectInfo info) =>
        info.FilePath is not null && (info.Documents.Count > 0 || !string.IsNullOrEmpty(info.OutputFilePath));

    /// <summary>The loader adds the framework to the name, <c>App(net8.0)</c>, of a project that has several.</summary>
    private static ProjectKey Key(ProjectInfo info)
    {
        var open = info.Name.LastIndexOf('(');
        var framework = info.Name.EndsWith(')') && open > 0 ? info.Name[(open + 1)..^1] : null;
        var isFramework = framework is not null && info.Name[..open] == Path.GetFileNameWithoutExtension(info.FilePath);
        return new ProjectKey(Paths.Normalize(info.FilePath ?? info.Name), isFramework ? framework : null);
    }

    private static ProjectModel Create(
        ProjectInfo info,
        ProjectKey key,
        ProjectXml? xml,
        ImmutableArray<(ProjectKey? Key, ImmutableArray<string> Aliases)> projectReferences
    )
    {
        var sources = info
            .Documents.Select(document => document.FilePath)
            .OfType<string>()
            .Select(Paths.Normalize)
            .Distinct(Paths.Comparer)
            .ToList();
        var missing = sources.Where(path => !File.Exists(path)).ToList();
        var references = info
            .MetadataReferences.OfType<PortableExecutableReference>()
            .Select(reference =>
                reference.FilePath is { } file && MetadataFiles.Get(file) is { } shared
                    ? shared.WithProperties(reference.Properties)
                    : reference
            )
            .ToImmutableArray<MetadataReference>();
        var hasFramework = references.Any(reference =>
            Path.GetFileName(reference.Display) is "System.Runtime.dll" or "mscorlib.dll" or "netstandard.dll"
        );
        if (!hasFramework)
        {
            // Not restored, and for another framework than the SDK's own, whose pack would have been taken.
            var framework = key.Framework ?? (xml?.Frameworks is [var first, ..] ? first : null);
            references = [.. FrameworkReferences.For(framework, xml?.Sdk == "Microsoft.NET.Sdk.Web"), .. references];
        }

        var restored = RestoredPackages.Of(info.CompilationOutputInfo.AssemblyPath);
        var configs = info
            .AnalyzerConfigDocuments.Select(document => document.FilePath)
            .OfType<string>()
            .Where(File.Exists)
            .ToImmutableArray();
        var isUnrestored = !hasFramework || !RestoredPackages.Hold([.. xml?.Packages ?? []], info.CompilationOutputInfo.AssemblyPath);
        return new ProjectModel
        {
            Key = key,
            Name = info.Name,
            AssemblyName = info.AssemblyName,
            Framework = key.Framework ?? (xml?.Frameworks is [var only] ? only : null),
            Origin = ProjectOrigin.Evaluated,
            CompilationOptions = (CSharpCompilationOptions)info.CompilationOptions!,
            ParseOptions = (CSharpParseOptions)info.ParseOptions!,
            Sources = [.. sources.Except(missing, Paths.Comparer)],
            MemorySources =
                missing.Exists(path => path.EndsWith(".GlobalUsings.g.cs", StringComparison.Ordinal)) && xml is not null
                    ? [GuessedProjects.Usings(xml)]
                    : [],
            AnalyzerConfigs = configs,
            Unfollowed = UnfollowedOf(key.Path, sources, configs),
            Analyzers = [.. info.AnalyzerReferences],
            AdditionalFiles = [.. info.AdditionalDocuments.Select(document => document.FilePath).OfType<string>()],
            References = references,
            ProjectReferences =
            [
                .. projectReferences
                    .Where(reference => reference.Key is not null)
                    .Select(reference => (reference.Key!.Value, reference.Aliases)),
            ],
            ReachesThrough = xml is { HandsOnProjects: true } && restored is null,
            HasMissingReferences = isUnrestored || projectReferences.Any(reference => reference.Key is null),
            IsUnrestored = isUnrestored,
            Restored = restored,
            ListsSources = xml is null or { ListsSources: true },
            OutputFile = info.OutputFilePath,
            ReferenceFile = info.OutputRefFilePath,
        };
    }
}
