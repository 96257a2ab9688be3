using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace CodeComplete.Analysis;

/// <summary>Which project: its file (or the folder or file that stands for it), and the framework where it has several.</summary>
internal readonly record struct ProjectKey(string Path, string? Framework = null)
{
    public bool Equals(ProjectKey other) => Paths.Comparer.Equals(Path, other.Path) && Framework == other.Framework;

    public override int GetHashCode() => HashCode.Combine(Paths.Comparer.GetHashCode(Path), Framework);
}

/// <summary>How much is known about a project.</summary>
internal enum ProjectOrigin
{
    /// <summary>Files that no project was found for.</summary>
    Loose,

    /// <summary>A project file that MSBuild did not evaluate; only its XML was read.</summary>
    Guessed,

    /// <summary>MSBuild evaluated it.</summary>
    Evaluated,
}

/// <summary>A source that is on no disk.</summary>
internal readonly record struct MemorySource(string Name, string Text);

/// <summary>A project, as plain data: what is needed to make Roslyn's project of it, wherever it came from.</summary>
internal sealed record ProjectModel
{
    public required ProjectKey Key { get; init; }

    public required string Name { get; init; }
    public required string AssemblyName { get; init; }

    /// <summary>As in <c>net10.0</c>; <see langword="null"/> where only MSBuild knows it.</summary>
    public string? Framework { get; init; }
    public required ProjectOrigin Origin { get; init; }
    public required CSharpCompilationOptions CompilationOptions { get; init; }
    public required CSharpParseOptions ParseOptions { get; init; }

    /// <summary>Normalised paths.</summary>
    public ImmutableArray<string> Sources { get; init; } = [];
    public ImmutableArray<MemorySource> MemorySources { get; init; } = [];
    public ImmutableArray<string> AnalyzerConfigs { get; init; } = [];

    /// <summary>
    /// How the files looked that nobody follows, when this was made: sources that the build has written, and the compiler's settings. Where they look
    /// otherwise, Roslyn must read them again.
    /// </summary>
    public string Unfollowed { get; init; } = "";

    /// <summary>Assemblies that may hold source generators, as Roslyn loads them: from copies, so that builds can write the originals.</summary>
    public ImmutableArray<AnalyzerReference> Analyzers { get; init; } = [];

    /// <summary>Files that source generators read, such as <c>.razor</c>.</summary>
    public ImmutableArray<string> AdditionalFiles { get; init; } = [];
    public ImmutableArray<MetadataReference> References { get; init; } = [];
    public ImmutableArray<(ProjectKey Key, ImmutableArray<string> Aliases)> ProjectReferences { get; init; } = [];

    /// <summary>It was never restored: what the projects that it refers to refer to is not among its references, and belongs to it.</summary>
    public bool ReachesThrough { get; init; }

    /// <summary>Packages or projects that it refers to were not found.</summary>
    public bool HasMissingReferences { get; init; }

    /// <summary>Packages, or the framework's own references, wait for <c>dotnet restore</c>.</summary>
    public bool IsUnrestored { get; init; }

    /// <summary>What <c>dotnet restore</c> left for it.</summary>
    public string? Restored { get; init; }

    /// <summary>The project says itself which sources it has; a new file need not be one of them.</summary>
    public bool ListsSources { get; init; }

    /// <summary>The directives of a program of one file, as <see cref="FileDirectives.Text"/>.</summary>
    public string Directives { get; init; } = "";

    /// <summary>Whether this is the framework to answer for, in a project with several. <see cref="SolutionStore.Prefer"/> says so.</summary>
    public bool IsPreferred { get; init; } = true;
    public string? OutputFile { get; init; }
    public string? ReferenceFile { get; init; }
}
