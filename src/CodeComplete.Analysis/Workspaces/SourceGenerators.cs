using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace CodeComplete.Analysis;

/// <summary>
/// The source generators of one project, and what they have read so far: a generator that is asked again does only what an edit has changed. One
/// caller at a time.
/// </summary>
/// <param name="analyzers">The assemblies that may hold them.</param>
/// <param name="failed">Told once what cannot be loaded or fails, as a sentence.</param>
internal sealed class SourceGenerators(ImmutableArray<AnalyzerReference> analyzers, Action<string> failed)
{
    private readonly Dictionary<string, AdditionalFile> _files = new(Paths.Comparer);
    private GeneratorDriver? _driver;
    private List<object> _read = [];

    public ImmutableArray<AnalyzerReference> Analyzers { get; } = analyzers;

    /// <summary>Has them write what the project lacks.</summary>
    /// <param name="project">Without what they wrote before.</param>
    /// <param name="additionalFiles">Paths of other files that they read.</param>
    /// <returns>What they wrote, in a fixed order; <see langword="null"/> where nothing that they read has changed since the last time.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled; the next call does it all again.</exception>
    public async Task<ImmutableArray<MemorySource>?> RunAsync(
        Project project,
        ImmutableArray<string> additionalFiles,
        CancellationToken cancellation
    )
    {
        if (_driver is null)
        {
            var generators = Load(project);
            if (generators.IsEmpty)
            {
                return null;
            }

            _driver = CSharpGeneratorDriver.Create(generators);
        }

        var files = Files(additionalFiles);
        var read = await ReadAsync(project, files, cancellation);
        if (read.SequenceEqual(_read) || await project.GetCompilationAsync(cancellation) is not { } compilation)
        {
            return null;
        }

        _driver = _driver
            .WithUpdatedParseOptions(project.ParseOptions!)
            .WithUpdatedAnalyzerConfigOptions(project.AnalyzerOptions.AnalyzerConfigOptionsProvider)
            .ReplaceAdditionalTexts(files)
            .RunGenerators(compilation, cancellation);
        _read = read;
        var sources = ImmutableArray.CreateBuilder<MemorySource>();
        foreach (var result in _driver.GetRunResult().Results)
        {
            var name = result.Generator.GetGeneratorType().FullName;
            if (result.Exception is { } problem)
            {
                failed(
                    $"The source generator {name} failed in {project.Name} ({OneLine.Of(problem.Message)}): what it writes there is not known; `dotnet build` tells more."
                );
            }

            // A generator that failed has written nothing, not even a list.
            foreach (var source in result.GeneratedSources.IsDefault ? [] : result.GeneratedSources)
            {
                sources.Add(new MemorySource($"{name}/{source.HintName}", source.SourceText.ToString()));
            }
        }

        return sources.ToImmutable();
    }

    private ImmutableArray<ISourceGenerator> Load(Project project)
    {
        var generators = ImmutableArray.CreateBuilder<ISourceGenerator>();
        foreach (var analyzer in Analyzers)
        {
            if (analyzer is not AnalyzerFileReference file)
            {
                failed(
                    $"{Path.GetFileName(analyzer.FullPath ?? analyzer.Display)}, which {project.Name} has code written by, is not there: run `dotnet build {project.FilePath}`, then what it writes is known after the next start."
                );
                continue;
            }

            file.AnalyzerLoadFailed += Failed;
            generators.AddRange(file.GetGenerators(LanguageNames.CSharp));
            file.AnalyzerLoadFailed -= Failed;
        }

        return generators.ToImmutable();

        void Failed(object? sender, AnalyzerLoadFailureEventArgs e) =>
            failed(
                $"{((AnalyzerReference)sender!).Display}, which {project.Name} has code written by, could not be loaded ({OneLine.Of(e.Message)}): what it writes is not known."
            );
    }

    private ImmutableArray<AdditionalText> Files(ImmutableArray<string> paths)
    {
        foreach (var path in paths)
        {
            // A generator knows by the object that a file is the one it has read.
            var written = File.GetLastWriteTimeUtc(path);
            if (!_files.TryGetValue(path, out var known) || known.Written != written)
            {
                _files[path] = new AdditionalFile(path, written);
            }
        }

        return [.. paths.Select(path => _files[path])];
    }

    /// <summary>The versions of all that generators can see.</summary>
    private static async Task<List<object>> ReadAsync(Project project, ImmutableArray<AdditionalText> files, CancellationToken cancellation)
    {
        var read = new List<object>(files);
        foreach (var document in project.Documents.Concat(project.AnalyzerConfigDocuments.Cast<TextDocument>()))
        {
            read.Add(document.Id);
            read.Add(await document.GetTextVersionAsync(cancellation));
        }

        foreach (var other in project.Solution.GetProjectDependencyGraph().GetProjectsThatThisProjectTransitivelyDependsOn(project.Id))
        {
            read.Add(await project.Solution.GetProject(other)!.GetSemanticVersionAsync(cancellation));
        }

        return read;
    }

    private sealed class AdditionalFile(string path, DateTime written) : AdditionalText
    {
        public DateTime Written { get; } = written;

        public override string Path { get; } = path;

        public override SourceText? GetText(CancellationToken cancellationToken = default) => DiskText.Read(Path);
    }
}
