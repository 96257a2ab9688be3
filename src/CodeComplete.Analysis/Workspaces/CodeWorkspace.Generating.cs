using Microsoft.CodeAnalysis;

namespace CodeComplete.Analysis;

/// <summary>
/// What source generators write. Roslyn would run them again at every edit, in the way of the one who types; here they run when they are told to, and
/// what they wrote stands among the project's sources until then.
/// </summary>
public sealed partial class CodeWorkspace
{
    private readonly Dictionary<ProjectId, SourceGenerators> _generators = [];
    private readonly SemaphoreSlim _generating = new(1, 1);

    /// <summary>What an editor has open, as it spells it.</summary>
    public IReadOnlyList<string> OpenDocuments
    {
        get
        {
            lock (_gate)
            {
                return [.. _buffers.Values.Select(buffer => buffer.Path)];
            }
        }
    }

    /// <summary>
    /// The projects of these documents and those they refer to, each behind what it refers to, as far as they may have source generators. Each is to be
    /// run; one that has nothing new to read costs next to nothing.
    /// </summary>
    public IReadOnlyList<GeneratingProject> Generating(IEnumerable<string> documents)
    {
        ArgumentNullException.ThrowIfNull(documents);
        lock (_gate)
        {
            var graph = _store.Solution.GetProjectDependencyGraph();
            var projects = documents
                .Select(document => _store.Find(Paths.Normalize(document))?.ProjectId)
                .OfType<ProjectId>()
                .SelectMany(project => graph.GetProjectsThatThisProjectTransitivelyDependsOn(project).Append(project))
                .Where(project => _store.ModelOf(project) is { Analyzers.IsEmpty: false })
                .ToHashSet();
            return
            [
                .. graph.GetTopologicallySortedProjects().Where(projects.Contains).Select(project => new GeneratingProject(this, project)),
            ];
        }
    }

    /// <inheritdoc cref="GeneratingProject.RunAsync"/>
    internal async Task<bool> GenerateAsync(ProjectId id, CancellationToken cancellation)
    {
        await _generating.WaitAsync(cancellation);
        try
        {
            Project project;
            ProjectModel model;
            SourceGenerators? generators;
            lock (_gate)
            {
                ApplyStale();
                if (_store.ModelOf(id) is not { } found || !_store.Contains(id))
                {
                    return false;
                }

                model = found;
                project = _store.WithoutGenerated(id);
                if (!_generators.TryGetValue(id, out generators) || generators.Analyzers != model.Analyzers)
                {
                    _generators[id] = generators = new SourceGenerators(model.Analyzers, problem => Say(isError: false, problem));
                }
            }

            if (await generators.RunAsync(project, model.AdditionalFiles, cancellation) is not { } sources)
            {
                return false;
            }

            lock (_gate)
            {
                // The project may have been loaded again meanwhile, with other generators; whoever did that has them run.
                return _store.Contains(id) && _store.ModelOf(id)?.Analyzers == model.Analyzers && _store.SetGenerated(id, sources);
            }
        }
        finally
        {
            _generating.Release();
        }
    }
}
