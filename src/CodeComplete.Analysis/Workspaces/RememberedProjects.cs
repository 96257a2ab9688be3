using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.CodeAnalysis;

namespace CodeComplete.Analysis;

/// <summary>
/// What MSBuild said of a workspace's projects, from one start to the next: it takes MSBuild seconds to say it again, and it is nearly always the same.
/// Projects stand on this only until they have been evaluated.
/// </summary>
internal static class RememberedProjects
{
    /// <summary>Another format, or another compiler, knows other things of a project.</summary>
    private static readonly string Here = $"1 {typeof(Compilation).Assembly.GetName().Version}";

    /// <param name="projects">With the solution that names them.</param>
    /// <param name="sourcesBelow">The sources below a folder, as <see cref="ProjectFiles.SourcesBelow"/> finds them.</param>
    public static byte[] Write(
        IEnumerable<(ProjectModel Model, string? Solution)> projects,
        Func<string, IReadOnlyCollection<string>> sourcesBelow
    )
    {
        var remembered = new List<RememberedProject>();
        foreach (
            var file in projects
                .GroupBy(project => project.Model.Key.Path, Paths.Comparer)
                .OrderBy(file => file.Key, StringComparer.Ordinal)
        )
        {
            var below = sourcesBelow(Path.GetDirectoryName(file.Key)!);
            foreach (var (model, solution) in file.OrderBy(project => project.Model.Key.Framework, StringComparer.Ordinal))
            {
                if (RememberedModel.Of(model) is { } said)
                {
                    var sources = said.Sources.ToHashSet(Paths.Comparer);
                    remembered.Add(
                        new RememberedProject
                        {
                            Solution = solution,
                            Restored = model.Restored,
                            Stamp = ProjectStamp.Of(file.Key, model.Restored),
                            LeftOut = [.. below.Where(source => !sources.Contains(source))],
                            Model = said,
                        }
                    );
                }
            }
        }

        return RememberedJson.Write(json =>
        {
            json.WriteStartObject();
            json.WriteString("writer", Here);
            json.WriteStartArray("projects");
            remembered.ForEach(project => RememberedJson.Write(json, project));
            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    /// <returns>Empty where it is damaged, or written by another version.</returns>
    public static IReadOnlyList<RememberedProject> Read(byte[] bytes)
    {
        try
        {
            using var json = JsonDocument.Parse(bytes);
            return json.RootElement.GetProperty("writer").GetString() == Here
                ? [.. json.RootElement.GetProperty("projects").EnumerateArray().Select(RememberedJson.Project)]
                : [];
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return [];
        }
    }
}

/// <summary>One project, for one framework.</summary>
internal sealed record RememberedProject
{
    public string? Solution { get; init; }
    public string? Restored { get; init; }
    public required string Stamp { get; init; }

    /// <summary>Sources below its folder that it does not compile.</summary>
    public ImmutableArray<string> LeftOut { get; init; } = [];
    public required RememberedModel Model { get; init; }

    /// <summary>The project as it would be now, with the sources that came and without those that went.</summary>
    /// <param name="sourcesBelow">As in <see cref="RememberedProjects.Write"/>.</param>
    /// <returns><see langword="null"/> where what it was made from has changed, so that MSBuild must say it anew.</returns>
    public ProjectModel? ToModel(Func<string, IReadOnlyCollection<string>> sourcesBelow)
    {
        if (Stamp != ProjectStamp.Of(Model.Key.Path, Restored) || Model.ToModel() is not { } model)
        {
            return null;
        }

        var known = model.Sources.Concat(LeftOut).ToHashSet(Paths.Comparer);
        var come = model.ListsSources ? [] : sourcesBelow(Path.GetDirectoryName(Model.Key.Path)!).Where(source => !known.Contains(source));
        return model with { Restored = Restored, Sources = [.. model.Sources.Where(File.Exists), .. come] };
    }
}

/// <summary>
/// A <see cref="ProjectModel"/> that can be written to a file. Left out is what only serves source generators, which Roslyn's loader alone can load:
/// they run when the project has been evaluated.
/// </summary>
internal sealed record RememberedModel
{
    public required ProjectKey Key { get; init; }
    public required string Name { get; init; }
    public required string AssemblyName { get; init; }
    public string? Framework { get; init; }
    public required CompilerSettings Compiler { get; init; }
    public ImmutableArray<string> Sources { get; init; } = [];
    public ImmutableArray<MemorySource> MemorySources { get; init; } = [];
    public ImmutableArray<string> AnalyzerConfigs { get; init; } = [];
    public ImmutableArray<RememberedReference> References { get; init; } = [];
    public ImmutableArray<RememberedProjectReference> ProjectReferences { get; init; } = [];
    public bool ReachesThrough { get; init; }
    public bool HasMissingReferences { get; init; }
    public bool IsUnrestored { get; init; }
    public bool ListsSources { get; init; }
    public string? OutputFile { get; init; }
    public string? ReferenceFile { get; init; }

    /// <returns><see langword="null"/> for one with a reference that is no file.</returns>
    public static RememberedModel? Of(ProjectModel model)
    {
        var references = model.References.OfType<PortableExecutableReference>().Where(reference => reference.FilePath is not null).ToList();
        return references.Count < model.References.Length
            ? null
            : new RememberedModel
            {
                Key = model.Key,
                Name = model.Name,
                AssemblyName = model.AssemblyName,
                Framework = model.Framework,
                Compiler = CompilerSettings.Of(model.CompilationOptions, model.ParseOptions),
                Sources = [.. model.Sources.Order(StringComparer.Ordinal)],
                MemorySources = model.MemorySources,
                AnalyzerConfigs = model.AnalyzerConfigs,
                References =
                [
                    .. references.Select(reference => new RememberedReference(
                        reference.FilePath!,
                        reference.Properties.Aliases,
                        reference.Properties.EmbedInteropTypes
                    )),
                ],
                ProjectReferences =
                [
                    .. model.ProjectReferences.Select(reference => new RememberedProjectReference(reference.Key, reference.Aliases)),
                ],
                ReachesThrough = model.ReachesThrough,
                HasMissingReferences = model.HasMissingReferences,
                IsUnrestored = model.IsUnrestored,
                ListsSources = model.ListsSources,
                OutputFile = model.OutputFile,
                ReferenceFile = model.ReferenceFile,
            };
    }

    /// <summary>Whether both say the same, but for what serves source generators: then Roslyn may keep what it has bound.</summary>
    public static bool AreAlike(ProjectModel one, ProjectModel other) =>
        one.Unfollowed == other.Unfollowed
        && one.References.SequenceEqual(other.References)
        && Of(one) is { } first
        && Of(other) is { } second
        && first.Write().AsSpan().SequenceEqual(second.Write());

    /// <returns><see langword="null"/> where an assembly that it refers to is gone.</returns>
    public ProjectModel? ToModel()
    {
        var references = References
            .Select(reference => MetadataFiles.Get(reference.File)?.WithProperties(reference.Properties))
            .OfType<PortableExecutableReference>()
            .ToImmutableArray<MetadataReference>();
        var configs = AnalyzerConfigs.Where(File.Exists).ToImmutableArray();
        return references.Length < References.Length
            ? null
            : new ProjectModel
            {
                Key = Key,
                Name = Name,
                AssemblyName = AssemblyName,
                Framework = Framework,
                Origin = ProjectOrigin.Evaluated,
                CompilationOptions = Compiler.Compilation(Path.GetDirectoryName(Key.Path)!),
                ParseOptions = Compiler.Parse(),
                Sources = Sources,
                MemorySources = MemorySources,
                AnalyzerConfigs = configs,
                Unfollowed = EvaluatedProjects.UnfollowedOf(Key.Path, Sources, configs),
                References = references,
                ProjectReferences = [.. ProjectReferences.Select(reference => (reference.Key, reference.Aliases))],
                ReachesThrough = ReachesThrough,
                HasMissingReferences = HasMissingReferences,
                IsUnrestored = IsUnrestored,
                ListsSources = ListsSources,
                OutputFile = OutputFile,
                ReferenceFile = ReferenceFile,
            };
    }

    private byte[] Write() => RememberedJson.Write(json => RememberedJson.Write(json, this));
}

/// <param name="Aliases">Empty for none.</param>
internal sealed record RememberedReference(string File, ImmutableArray<string> Aliases, bool EmbedsTypes)
{
    public MetadataReferenceProperties Properties => new(MetadataImageKind.Assembly, Aliases, EmbedsTypes);
}

internal sealed record RememberedProjectReference(ProjectKey Key, ImmutableArray<string> Aliases);
