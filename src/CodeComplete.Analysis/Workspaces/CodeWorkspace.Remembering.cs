using System.Collections.Immutable;

namespace CodeComplete.Analysis;

/// <summary>What MSBuild said of the projects, kept from one start to the next, so that the first request need not wait for it.</summary>
public sealed partial class CodeWorkspace
{
    /// <summary>
    /// What MSBuild has said of the projects, for <see cref="WorkspaceOptions.Remembered"/> of the next start: UTF-8 text, with paths, the sources'
    /// names and what the compiler is told, but no code. Reads the disk.
    /// </summary>
    /// <returns><see langword="null"/> where nothing is worth keeping.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled.</exception>
    public byte[]? Remember(CancellationToken cancellation)
    {
        List<(ProjectModel, string?)> sound;
        lock (_gate)
        {
            sound =
            [
                .. _store
                    .Evaluated.Where(model => !IsDue(model.Key.Path) && !_inWork.Contains(model.Key.Path))
                    .Select(model => (model, _tried.GetValueOrDefault(model.Key.Path))),
            ];
        }

        return sound.Count == 0
            ? null
            : RememberedProjects.Write(sound, SourcesBelow(new ProjectFiles(_options.Folders, _options.Exclude), cancellation));
    }

    /// <summary>
    /// Puts in what is remembered of these projects and of those that they refer to, where nothing that it was made from has changed. Until they have been
    /// evaluated, which is done when nobody needs the machine, they count as if they were.
    /// </summary>
    /// <returns>The projects, and those that are to be evaluated with them.</returns>
    private List<FoundProject> Trust(IReadOnlyList<FoundProject> found, ProjectFiles files, CancellationToken cancellation)
    {
        if (_options.Remembered() is not { } bytes)
        {
            return [.. found];
        }

        var remembered = RememberedProjects.Read(bytes).ToLookup(project => project.Model.Key.Path, Paths.Comparer);
        var sourcesBelow = SourcesBelow(files, cancellation);
        var models = new List<ProjectModel>();
        var all = new List<FoundProject>(found);
        var seen = found.Select(project => project.File).ToHashSet(Paths.Comparer);
        for (var i = 0; i < all.Count; i++)
        {
            var (file, solution) = all[i];
            var frameworks = remembered[file]
                .Where(project => project.Solution is null ? solution is null : Paths.Comparer.Equals(project.Solution, solution))
                .Select(project => project.ToModel(sourcesBelow))
                .ToList();
            if (frameworks.Count > 0 && !frameworks.Contains(null) && !IsKnown(file))
            {
                models.AddRange(frameworks!);
                var references = frameworks.SelectMany(model => model!.ProjectReferences).Select(reference => reference.Key.Path);
                all.AddRange(references.Where(seen.Add).Select(reference => new FoundProject(reference, solution)));
            }
        }

        lock (_gate)
        {
            // One that lacks another would be answered from without it.
            while (models.RemoveAll(model => !model.ProjectReferences.All(IsThere)) > 0) { }
            foreach (var file in models.Select(model => model.Key.Path))
            {
                _tried[file] = all.Find(project => Paths.Comparer.Equals(project.File, file)).Solution;
                _trusted.Add(file);
            }

            Put(models);
        }

        return all;

        bool IsThere((ProjectKey Key, ImmutableArray<string> Aliases) reference) =>
            models.Exists(model => model.Key == reference.Key) || _store.Evaluated.Any(model => model.Key == reference.Key);

        bool IsKnown(string file)
        {
            lock (_gate)
            {
                return _tried.ContainsKey(file);
            }
        }
    }

    /// <summary>Each folder is read once.</summary>
    private static Func<string, IReadOnlyCollection<string>> SourcesBelow(ProjectFiles files, CancellationToken cancellation)
    {
        var known = new Dictionary<string, IReadOnlyCollection<string>>(Paths.Comparer);
        return folder => known.TryGetValue(folder, out var sources) ? sources : known[folder] = files.SourcesBelow(folder, cancellation);
    }
}
