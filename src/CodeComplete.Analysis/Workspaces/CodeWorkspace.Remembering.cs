namespace CodeComplete.Analysis;

/// <summary>What MSBuild said of the projects, kept from one start to the next, so that the first request need not wait for it.</summary>
public sealed partial class CodeWorkspace
{
    /// <summary>
    /// What MSBuild has said of the projects, for <see cref="WorkspaceOptions.Remembered"/> of the next start: UTF-8 text, with paths, the sources'
    /// names and what the compiler is told, but no code. Reads the disk.
    /// </summary>
    /// <returns><see langword="null"/> where nothing is worth keeping, or what is kept has not been evaluated again yet.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled.</exception>
    public byte[]? Remember(CancellationToken cancellation)
    {
        List<(ProjectModel, string?)> sound;
        lock (_gate)
        {
            if (_trusted.Count > 0)
            {
                return null;
            }

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
    /// evaluated they count as if they were.
    /// </summary>
    private void Trust(IReadOnlyList<FoundProject> found, ProjectFiles files, CancellationToken cancellation)
    {
        if (_options.Remembered() is not { } bytes)
        {
            return;
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
            var there = models.Concat(_store.Evaluated).Select(model => model.Key).ToHashSet();
            while (models.Find(model => !model.ProjectReferences.All(reference => there.Contains(reference.Key))) is { } lacking)
            {
                there.ExceptWith(models.Where(IsOfSameFile).Select(model => model.Key));
                models.RemoveAll(model => IsOfSameFile(model));

                bool IsOfSameFile(ProjectModel model) => Paths.Comparer.Equals(model.Key.Path, lacking.Key.Path);
            }

            foreach (var file in models.Select(model => model.Key.Path))
            {
                _tried[file] = all.Find(project => Paths.Comparer.Equals(project.File, file)).Solution;
                _trusted.Add(file);
            }

            Put(models);
        }

        bool IsKnown(string file)
        {
            lock (_gate)
            {
                return _tried.ContainsKey(file);
            }
        }
    }

    /// <summary>Evaluates what is trusted when nobody needs the machine.</summary>
    private async void EvaluateTrustedLater()
    {
        var closing = _closing.Token;
        // Never under the lock, and not as a part of loading, which is over for whoever waits for it.
        await Task.Yield();
        try
        {
            await _options.Quiet(closing);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        RunInBackground(async token =>
        {
            List<(string File, string? Solution)> trusted;
            lock (_gate)
            {
                trusted = [.. _trusted.Select(file => (file, _tried.GetValueOrDefault(file)))];
            }

            var counter = new Counter(this, trusted.Count);
            foreach (var solution in trusted.GroupBy(project => project.Solution))
            {
                foreach (var batch in solution.Select(project => project.File).Chunk(BatchLength))
                {
                    await EvaluateAsync(batch, solution.Key, counter, token);
                }
            }
        });
    }

    /// <summary>Each folder is read once.</summary>
    private static Func<string, IReadOnlyCollection<string>> SourcesBelow(ProjectFiles files, CancellationToken cancellation)
    {
        var known = new Dictionary<string, IReadOnlyCollection<string>>(Paths.Comparer);
        return folder => known.TryGetValue(folder, out var sources) ? sources : known[folder] = files.SourcesBelow(folder, cancellation);
    }
}
