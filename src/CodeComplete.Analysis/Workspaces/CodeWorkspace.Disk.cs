namespace CodeComplete.Analysis;

/// <summary>Following the disk: sources at once, projects by evaluating them again in the background.</summary>
public sealed partial class CodeWorkspace
{
    /// <summary>
    /// Files changed on disk, as a watcher saw it. Sources are taken up at once; for project files, and those that projects are made from
    /// (<c>Directory.Build.props</c>, <c>project.assets.json</c> after a restore), the projects are evaluated again in the background.
    /// </summary>
    public void FilesChanged(IReadOnlyList<ChangedFile> changes)
    {
        ArgumentNullException.ThrowIfNull(changes);
        var again = new HashSet<string>(Paths.Comparer);
        var newSolution = false;
        ILookup<string?, string> solutions;
        lock (_gate)
        {
            foreach (var (path, change) in changes)
            {
                var key = Paths.Normalize(path);
                var extension = Path.GetExtension(key).ToLowerInvariant();
                if (Paths.IsCSharp(key))
                {
                    again.UnionWith(SourceChanged(key, change));
                    if (_running > 0 && change != DiskChange.Changed)
                    {
                        _missed.Add((key, change));
                    }
                }
                else if (extension == ".csproj")
                {
                    ProjectChanged(key, change, again);
                }
                else if (extension is ".sln" or ".slnx" or SolutionFilter.Extension)
                {
                    newSolution = true;
                }
                else if (ProjectStamp.SharedFiles.Contains(Path.GetFileName(key), Paths.Comparer))
                {
                    var folder = Path.GetDirectoryName(key)!;
                    again.UnionWith(_tried.Keys.Where(project => Paths.IsInside(project, folder)));
                }
                else if (Path.GetFileName(key) == "project.assets.json" && change != DiskChange.Deleted)
                {
                    again.UnionWith(RestoredProjects(key));
                }
                else if (change == DiskChange.Deleted)
                {
                    // A folder went, of which some watchers say no more than that.
                    foreach (var source in _store.Sources.Where(source => Paths.IsInside(source, key)).ToList())
                    {
                        SourceChanged(source, change);
                    }
                }
            }

            _outdated.UnionWith(again);
            _trusted.ExceptWith(again);
            RefreshBuffers();
            solutions = again.ToLookup(_tried.GetValueOrDefault);
        }

        if (_begun && newSolution)
        {
            RunInBackground(token => LoadFoldersAsync(firstFile: null, token));
        }

        if (again.Count > 0)
        {
            var counter = new Counter(this, again.Count);
            RunInBackground(async token =>
            {
                foreach (var group in solutions)
                {
                    await EvaluateAsync([.. group], group.Key, counter, token);
                }
            });
        }
    }

    /// <summary>
    /// Workspace folders came or went; absolute paths. What is in new ones is loaded in the background; projects of removed ones go, except
    /// those that a project which stays refers to.
    /// </summary>
    public void FoldersChanged(IReadOnlyList<string> added, IReadOnlyList<string> removed)
    {
        var gone = removed.Select(Paths.Normalize).ToList();
        lock (_gate)
        {
            var folders = _options.Folders.Except(gone, Paths.Comparer).Union(added.Select(Paths.Normalize), Paths.Comparer).ToList();
            _options = _options with { Folders = folders };
            foreach (var project in _store.RemoveAll(key => IsIn(key.Path, gone) && !IsIn(key.Path, folders)))
            {
                _tried.Remove(project.Path);
                _trusted.Remove(project.Path);
            }

            RefreshBuffers();
        }

        RunInBackground(token => LoadFoldersAsync(firstFile: null, token));

        static bool IsIn(string path, List<string> folders) => folders.Exists(folder => Paths.IsInside(path, folder));
    }

    /// <returns>Project files to evaluate again, since only they know whether the source is theirs.</returns>
    private IEnumerable<string> SourceChanged(string key, DiskChange change)
    {
        _diskVersions[key] = _diskVersions.GetValueOrDefault(key) + 1;
        var isOpen = _buffers.ContainsKey(key);
        if (change == DiskChange.Deleted)
        {
            // Many editors save by deleting and writing anew; what is open stays where it is until it is closed.
            if (!isOpen)
            {
                _store.RemoveSource(key);
            }

            return [];
        }

        if (_store.Find(key) is { } document && _store.ModelOf(document)?.Key != new ProjectKey(key))
        {
            if (!isOpen)
            {
                _store.SetDiskText(key);
            }

            return [];
        }

        var owners = _store.OwnersOf(key);
        if (owners.Exists(owner => _store.ModelOf(owner)!.ListsSources))
        {
            return owners.Select(owner => _store.ModelOf(owner)!.Key.Path);
        }

        if (!new ProjectFiles(_options.Folders, _options.Exclude).IsExcluded(key))
        {
            owners.ForEach(owner => _store.AddSource(owner, key));
        }

        return [];
    }

    private void ProjectChanged(string key, DiskChange change, HashSet<string> again)
    {
        if (change != DiskChange.Deleted)
        {
            again.Add(key);
            return;
        }

        foreach (var project in _store.ModelsOf(key).ToList())
        {
            _store.Remove(project.Key);
        }

        _tried.Remove(key);
        _trusted.Remove(key);
    }

    /// <summary>
    /// The projects whose intermediate folder a restore wrote to: in the project's folder, or, with one folder for all artifacts, in one
    /// named after the project.
    /// </summary>
    private IEnumerable<string> RestoredProjects(string assets)
    {
        var folder = Path.GetDirectoryName(assets)!;
        var name = Path.GetFileName(folder);
        return _tried.Keys.Where(project =>
            Paths.Comparer.Equals(Path.GetDirectoryName(project), Path.GetDirectoryName(folder))
            || Paths.Comparer.Equals(Path.GetFileNameWithoutExtension(project), name)
        );
    }
}
