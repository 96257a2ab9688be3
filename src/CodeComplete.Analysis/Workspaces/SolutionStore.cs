using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Host.Mef;
using Microsoft.CodeAnalysis.Text;

namespace CodeComplete.Analysis;

/// <summary>
/// The one Roslyn solution that everything is answered from. Each change makes the next solution from the last, so what Roslyn has bound
/// carries over. Not thread-safe: <see cref="CodeWorkspace"/> calls it under its lock, and everything here is quick, since Roslyn parses and
/// binds only when a snapshot is asked. Of a project with several frameworks Roslyn is given the one to answer for, and others only where another
/// project needs them or they alone have a source: at each request it would bind a file in all that it knows.
/// </summary>
internal sealed class SolutionStore : IDisposable
{
    /// <summary>Roslyn would compose its own once more for each thread that asks meanwhile.</summary>
    private static readonly Lazy<MefHostServices> Composed = new(static () => MefHostServices.DefaultHost);

    private readonly EmptyWorkspace _workspace = new();
    private readonly Dictionary<ProjectKey, ProjectId> _ids = [];
    private readonly Dictionary<ProjectId, ProjectModel> _models = [];

    private string? _framework;

    /// <summary>What source generators wrote last.</summary>
    private readonly Dictionary<ProjectId, ImmutableArray<MemorySource>> _generated = [];

    /// <summary>The documents of a path, the one to answer from first.</summary>
    private readonly Dictionary<string, ImmutableArray<DocumentId>> _documents = new(Paths.Comparer);

    /// <summary>Roslyn's services.</summary>
    public static MefHostServices Host => Composed.Value;

    public SolutionStore() => Solution = _workspace.CurrentSolution;

    public Solution Solution { get; private set; }

    /// <summary>Gives Roslyn's loaders the services they want.</summary>
    public Workspace Services => _workspace;

    /// <summary>The sources of all projects, without those of builds and without single files.</summary>
    public IEnumerable<string> Sources =>
        _documents
            .Select(entry => (Path: entry.Key, Model: _models[entry.Value[0].ProjectId]))
            .Where(source => source.Model.Key.Path != source.Path && !ProjectFiles.IsBuildOutput(source.Path, source.Model.Key.Path))
            .Select(source => source.Path);

    public ProjectModel? ModelOf(DocumentId id) => _models.GetValueOrDefault(id.ProjectId);

    public ProjectModel? ModelOf(ProjectId id) => _models.GetValueOrDefault(id);

    /// <summary>The projects that a file gives: one for each framework.</summary>
    public IEnumerable<ProjectModel> ModelsOf(string projectFile) =>
        _models.Values.Where(model => Paths.Comparer.Equals(model.Key.Path, projectFile));

    /// <summary>The files of the projects that programs of one file name, and of those that these refer to.</summary>
    public IEnumerable<string> NamedByPrograms =>
        _models
            .Values.Where(model => model.Origin == ProjectOrigin.Loose)
            .SelectMany(model => model.ProjectReferences)
            .Select(reference => reference.Key.Path);

    /// <summary>All that MSBuild has evaluated.</summary>
    public IEnumerable<ProjectModel> Evaluated => _models.Values.Where(model => model.Origin == ProjectOrigin.Evaluated);

    public bool IsEvaluated(string projectFile) => Evaluated.Any(model => Paths.Comparer.Equals(model.Key.Path, projectFile));

    /// <summary>The projects, of all frameworks, in whose folder a source lies, where builds would find it by themselves.</summary>
    public List<ProjectId> OwnersOf(string source)
    {
        var owners = _models
            .Where(entry => Home(entry.Value) is { } home && Paths.IsInside(source, home))
            .GroupBy(entry => Home(entry.Value)!, Paths.Comparer)
            .MaxBy(group => group.Key.Length);
        return owners is null
            ? []
            : [.. owners.Where(entry => !ProjectFiles.IsBuildOutput(source, Path.Combine(owners.Key, "_"))).Select(entry => entry.Key)];
    }

    /// <summary>Whether something that the project or one it refers to builds on was not found.</summary>
    public bool HasMissingReferences(ProjectId id) =>
        _models[id].HasMissingReferences
        || !_models[id].ProjectReferences.All(reference => Solution.GetProject(id)!.ProjectReferences.Any(IsTo(reference.Key)))
        || Solution
            .GetProjectDependencyGraph()
            .GetProjectsThatThisProjectTransitivelyDependsOn(id)
            .Any(reference => _models[reference].HasMissingReferences);

    public DocumentId? Find(string path) => _documents.TryGetValue(path, out var found) ? found[0] : null;

    /// <summary>Whether Roslyn has been given it.</summary>
    public bool Contains(ProjectId id) => Solution.ContainsProject(id);

    /// <summary>Adds projects, or swaps those that are there.</summary>
    public void Put(IEnumerable<ProjectModel> projects)
    {
        foreach (var model in projects)
        {
            var id = IdOf(model.Key);
            // What Roslyn has bound of one that is as it was stays.
            if (_models.TryGetValue(id, out var known) && !RememberedModel.AreAlike(known, model))
            {
                TakeOut(id);
            }

            _models[id] = model;
        }

        ChooseFrameworks();
        Settle();
    }

    /// <summary>The frameworks that evaluated projects have, by name.</summary>
    public IReadOnlyList<string> Frameworks =>
        [
            .. Evaluated
                .Select(model => model.Framework)
                .OfType<string>()
                .Distinct(StringComparer.OrdinalIgnoreCase)
                .Order(StringComparer.Ordinal),
        ];

    public bool IsPreferred(ProjectKey key) =>
        _ids.TryGetValue(key, out var id) && _models.TryGetValue(id, out var model) && model.IsPreferred;

    /// <summary>Of each project with several frameworks, lets the wanted one answer, or the newest where it has not got that.</summary>
    /// <remarks>Documents that come with it have the text on the disk.</remarks>
    public void Prefer(string? wanted)
    {
        _framework = wanted;
        ChooseFrameworks();
        Settle();
    }

    public void Remove(ProjectKey key)
    {
        if (_ids.TryGetValue(key, out var id) && _models.ContainsKey(id))
        {
            Forget(id);
            Settle();
        }
    }

    /// <summary>Removes the projects for which <paramref name="isGone"/> holds, and to which none that stays refers.</summary>
    public IReadOnlyList<ProjectKey> RemoveAll(Func<ProjectKey, bool> isGone)
    {
        var staying = new HashSet<ProjectId>();
        foreach (var (id, model) in _models)
        {
            if (!isGone(model.Key))
            {
                AddWithReferences(staying, id);
            }
        }

        var gone = _models.Where(entry => !staying.Contains(entry.Key)).ToList();
        gone.ForEach(entry => Forget(entry.Key));
        Settle();
        return [.. gone.Select(entry => entry.Value.Key)];
    }

    /// <summary>Makes <paramref name="text"/> the text of a path, in every project that has it.</summary>
    public void SetText(string path, SourceText text)
    {
        foreach (var id in _documents.GetValueOrDefault(path, []))
        {
            Solution = Solution.WithDocumentText(id, text);
        }
    }

    /// <summary>Lets the file on disk count again.</summary>
    public void SetDiskText(string path)
    {
        foreach (var id in _documents.GetValueOrDefault(path, []))
        {
            Solution = Solution.WithDocumentTextLoader(id, new DiskText(path), PreservationMode.PreserveValue);
        }
    }

    public void AddSource(ProjectId project, string path)
    {
        var model = _models[project];
        if (model.Sources.Contains(path, Paths.Comparer))
        {
            return;
        }

        _models[project] = model with { Sources = model.Sources.Add(path) };
        if (Contains(project))
        {
            var document = Document(project, path);
            Solution = Solution.AddDocument(document);
            Index(path, document.Id);
        }
    }

    public void RemoveSource(string path)
    {
        foreach (var document in _documents.GetValueOrDefault(path, []))
        {
            foreach (var model in ModelsOf(_models[document.ProjectId].Key.Path).ToList())
            {
                _models[_ids[model.Key]] = model with { Sources = model.Sources.Remove(path, Paths.Comparer) };
            }

            Solution = Solution.RemoveDocument(document);
        }

        _documents.Remove(path);
    }

    /// <summary>The project as its source generators see it: without what they wrote. Roslyn must have it.</summary>
    public Project WithoutGenerated(ProjectId project) =>
        _generated.TryGetValue(project, out var sources)
            ? Solution.RemoveDocuments([.. DocumentsOf(project, sources).Values]).GetProject(project)!
            : Solution.GetProject(project)!;

    /// <summary>Puts what source generators wrote in the place of what they wrote before. A text that is the same stays, with all that Roslyn knows of it.</summary>
    /// <param name="project">One that Roslyn has.</param>
    /// <param name="sources">Names are unique.</param>
    /// <returns>Whether anything has changed.</returns>
    public bool SetGenerated(ProjectId project, ImmutableArray<MemorySource> sources)
    {
        var before = _generated.GetValueOrDefault(project, []);
        if (before.SequenceEqual(sources))
        {
            return false;
        }

        var texts = before.ToDictionary(source => source.Name, source => source.Text, StringComparer.Ordinal);
        var documents = DocumentsOf(project, before);
        foreach (var source in sources)
        {
            if (!documents.Remove(source.Name, out var document))
            {
                Solution = Solution.AddDocument(Document(project, source));
            }
            else if (texts[source.Name] != source.Text)
            {
                Solution = Solution.WithDocumentText(document, BufferText.From(source.Text));
            }
        }

        Solution = Solution.RemoveDocuments([.. documents.Values]);
        _generated[project] = sources;
        return true;
    }

    private Dictionary<string, DocumentId> DocumentsOf(ProjectId project, ImmutableArray<MemorySource> generated)
    {
        var names = generated.Select(source => source.Name).ToHashSet(StringComparer.Ordinal);
        return Solution
            .GetProject(project)!
            .Documents.Where(document => document.FilePath is null && names.Contains(document.Name))
            .ToDictionary(document => document.Name, document => document.Id, StringComparer.Ordinal);
    }

    /// <summary>The solution with one more project that is not kept: for a file that is only looked at.</summary>
    public Document Fork(ProjectModel model, string path, SourceText text)
    {
        var id = ProjectId.CreateNewId(model.Name);
        var fork = Solution.AddProject(Info(id, model, generated: []));
        var document = fork.GetDocumentIdsWithFilePath(path).First(document => document.ProjectId == id);
        return fork.WithDocumentText(document, text).GetDocument(document)!;
    }

    public void Dispose() => _workspace.Dispose();

    private ProjectId IdOf(ProjectKey key)
    {
        if (!_ids.TryGetValue(key, out var id))
        {
            _ids[key] = id = ProjectId.CreateNewId(key.ToString());
        }

        return id;
    }

    private void Index(string path, DocumentId id)
    {
        var all = _documents.GetValueOrDefault(path, []).Add(id);
        _documents[path] = all.Length == 1 ? all : [.. all.OrderByDescending(Rank(path))];
    }

    /// <summary>
    /// A file may be in several projects (linked, or one project for several frameworks): first the best known one answers, then the chosen
    /// framework, then one with all its references, then the one in whose folder it lies.
    /// </summary>
    private Func<DocumentId, int> Rank(string path) =>
        id =>
        {
            var model = _models[id.ProjectId];
            var home = Home(model);
            return ((int)model.Origin * 8)
                + (model.IsPreferred ? 4 : 0)
                + (model.HasMissingReferences ? 0 : 2)
                + (home is not null && Paths.IsInside(path, home) ? 1 : 0);
        };

    /// <summary>The folder of a project; of loose files the folder itself, of a single one none.</summary>
    private static string? Home(ProjectModel model) =>
        model.Origin != ProjectOrigin.Loose ? Path.GetDirectoryName(model.Key.Path)
        : model.Sources is [var only] && only == model.Key.Path ? null
        : model.Key.Path;

    private void ChooseFrameworks()
    {
        foreach (var project in _models.GroupBy(entry => entry.Value.Key.Path, Paths.Comparer).Where(group => group.Count() > 1).ToList())
        {
            var frameworks = project.ToList();
            var chosen = TargetFrameworks.Choose([.. frameworks.Select(entry => entry.Value.Key.Framework)], _framework);
            for (var i = 0; i < frameworks.Count; i++)
            {
                _models[frameworks[i].Key] = frameworks[i].Value with { IsPreferred = i == chosen };
            }

            foreach (var path in frameworks.SelectMany(entry => entry.Value.Sources).Distinct(Paths.Comparer))
            {
                if (_documents.TryGetValue(path, out var all))
                {
                    _documents[path] = [.. all.OrderByDescending(Rank(path))];
                }
            }
        }
    }

    /// <summary>Gives Roslyn what it should have, takes from it what it should not, and connects what it has.</summary>
    private void Settle()
    {
        var needed = Needed();
        foreach (var id in Solution.ProjectIds.Where(id => !needed.Contains(id)).ToList())
        {
            TakeOut(id);
        }

        foreach (var id in needed.Where(id => !Contains(id)))
        {
            Solution = Solution.AddProject(Info(id, _models[id], _generated.GetValueOrDefault(id, [])));
            foreach (var document in Solution.GetProject(id)!.Documents)
            {
                // Sources in memory have no path.
                if (document.FilePath is { } path)
                {
                    Index(path, document.Id);
                }
            }
        }

        ConnectProjects();
    }

    private HashSet<ProjectId> Needed()
    {
        var needed = new HashSet<ProjectId>();
        foreach (var project in _models.GroupBy(entry => entry.Value.Key.Path, Paths.Comparer))
        {
            var frameworks = project.OrderByDescending(entry => entry.Value.IsPreferred).ToList();
            AddWithReferences(needed, frameworks[0].Key);
            var sources = frameworks.Count == 1 ? [] : frameworks[0].Value.Sources.ToHashSet(Paths.Comparer);
            foreach (var (id, model) in frameworks.Skip(1))
            {
                var own = model
                    .Sources.Where(source => !sources.Contains(source) && !ProjectFiles.IsBuildOutput(source, model.Key.Path))
                    .ToList();
                if (own.Count > 0)
                {
                    sources.UnionWith(own);
                    AddWithReferences(needed, id);
                }
            }
        }

        return needed;
    }

    private void AddWithReferences(HashSet<ProjectId> projects, ProjectId project)
    {
        var waiting = new Stack<ProjectId>([project]);
        while (waiting.TryPop(out var id))
        {
            if (projects.Add(id))
            {
                foreach (var reference in ReferencesOf(_models[id]))
                {
                    if (_ids.TryGetValue(reference.Key, out var other) && _models.ContainsKey(other))
                    {
                        waiting.Push(other);
                    }
                }
            }
        }
    }

    private void Forget(ProjectId id)
    {
        TakeOut(id);
        _models.Remove(id);
        _generated.Remove(id);
    }

    /// <summary>Takes a project from Roslyn, if it has it.</summary>
    private void TakeOut(ProjectId project)
    {
        if (!Contains(project))
        {
            return;
        }

        foreach (var path in _models[project].Sources)
        {
            if (!_documents.TryGetValue(path, out var all))
            {
                continue;
            }

            all = all.RemoveAll(id => id.ProjectId == project);
            if (all.IsEmpty)
            {
                _documents.Remove(path);
            }
            else
            {
                _documents[path] = all;
            }
        }

        Solution = Solution.RemoveProject(project);
    }

    /// <summary>
    /// Sets the references between projects anew: one that was loaded late, or again, joins those that wait for it. Of a circle, which
    /// Roslyn refuses, the last reference is left out.
    /// </summary>
    private void ConnectProjects()
    {
        foreach (var (id, model) in _models.Where(entry => Contains(entry.Key)))
        {
            var wanted = ReferencesOf(model)
                .Where(reference => _ids.TryGetValue(reference.Key, out var target) && Contains(target))
                .Select(reference => new ProjectReference(_ids[reference.Key], reference.Aliases))
                .Where(reference => reference.ProjectId != id)
                .Distinct()
                .ToList();
            var present = Solution.GetProject(id)!.ProjectReferences;
            if (wanted.ToHashSet().SetEquals(present))
            {
                continue;
            }

            var without = Solution.WithProjectReferences(id, []);
            var graph = without.GetProjectDependencyGraph();
            Solution = without.WithProjectReferences(
                id,
                wanted.Where(reference => !graph.GetProjectsThatThisProjectTransitivelyDependsOn(reference.ProjectId).Contains(id))
            );
        }
    }

    private Func<ProjectReference, bool> IsTo(ProjectKey key) =>
        reference => _ids.TryGetValue(key, out var id) && reference.ProjectId == id;

    private IEnumerable<(ProjectKey Key, ImmutableArray<string> Aliases)> ReferencesOf(ProjectModel model)
    {
        var own = model.ProjectReferences;
        if (!model.ReachesThrough)
        {
            return own;
        }

        var keys = own.Select(reference => reference.Key).ToList();
        return own.Concat(ReachedProjects.From(keys, ModelsOf).Projects.Except(keys).Select(key => (key, ImmutableArray<string>.Empty)));
    }

    private static ProjectInfo Info(ProjectId id, ProjectModel model, ImmutableArray<MemorySource> generated) =>
        ProjectInfo
            .Create(
                id,
                VersionStamp.Create(),
                model.Name,
                model.AssemblyName,
                LanguageNames.CSharp,
                filePath: model.Origin == ProjectOrigin.Loose ? null : model.Key.Path,
                outputFilePath: model.OutputFile,
                compilationOptions: model.CompilationOptions,
                parseOptions: model.ParseOptions,
                documents:
                [
                    .. model.Sources.Select(path => Document(id, path)),
                    .. model.MemorySources.Concat(generated).Select(source => Document(id, source)),
                ],
                metadataReferences: model.References
            )
            .WithOutputRefFilePath(model.ReferenceFile)
            .WithAnalyzerConfigDocuments(model.AnalyzerConfigs.Select(path => Document(id, path)));

    private static DocumentInfo Document(ProjectId project, string path) =>
        DocumentInfo.Create(
            DocumentId.CreateNewId(project, path),
            Path.GetFileName(path) is { Length: > 0 } name ? name : path,
            loader: new DiskText(path),
            filePath: path
        );

    private static DocumentInfo Document(ProjectId project, MemorySource source) =>
        DocumentInfo.Create(
            DocumentId.CreateNewId(project, source.Name),
            source.Name,
            loader: TextLoader.From(TextAndVersion.Create(BufferText.From(source.Text), VersionStamp.Create())),
            isGenerated: true
        );

    /// <summary>
    /// Only the services and the first, empty solution come from it; the solutions that grow from there are never put back, so nothing can
    /// be written to disk through it.
    /// </summary>
    private sealed class EmptyWorkspace() : Workspace(Host, "CodeComplete")
    {
        // In a workspace whose documents cannot change, Roslyn writes a type that is not imported with its namespace and adds no `using`.
        public override bool CanApplyChange(ApplyChangesKind feature) => feature == ApplyChangesKind.ChangeDocument;
    }
}
