using System.Xml;
using Microsoft.CodeAnalysis;

namespace CodeComplete.Analysis;

/// <summary>Loading projects, in the background and one evaluation at a time. What is done is put under the lock at once.</summary>
public sealed partial class CodeWorkspace
{
    /// <summary>How many projects are put in at a time: each time starts a process, and until then none of them answers.</summary>
    private const int BatchLength = 32;

    private readonly SemaphoreSlim _evaluating = new(1, 1);
    private readonly CancellationTokenSource _closing = new();

    /// <summary>Project files that were evaluated, or tried in vain, with the solution that names them.</summary>
    private readonly Dictionary<string, string?> _tried = new(Paths.Comparer);

    /// <summary>Project files that wait to be evaluated again, and those that are being evaluated.</summary>
    private readonly HashSet<string> _outdated = new(Paths.Comparer);
    private readonly HashSet<string> _inWork = new(Paths.Comparer);

    /// <summary>Project files that stand on what was remembered of them, until they have been evaluated.</summary>
    private readonly HashSet<string> _trusted = new(Paths.Comparer);

    /// <summary>Sources that came or went while projects were being evaluated, which may have seen them or not.</summary>
    private readonly List<(string Key, DiskChange Change)> _missed = [];

    private readonly HashSet<string> _said = new(StringComparer.Ordinal);
    private readonly Dictionary<string, bool> _foldersNearProjects = new(Paths.Comparer);
    private TaskCompletionSource _pulse = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _running;
    private bool _begun;
    private bool _loaded;

    /// <summary>Raised from whatever thread loads; never under a lock.</summary>
    public event Action<WorkspaceProgress>? Progressed;

    /// <summary>Raised from whatever thread loads; never under a lock. The same message is raised once.</summary>
    public event Action<WorkspaceNotice>? Noticed;

    /// <summary>
    /// Finds and loads what is in the folders: a folder's solution, else its projects, else its loose files. The projects of
    /// <paramref name="firstFile"/> and of files that are open come first. Returns when all is loaded; what cannot be loaded is a notice, not an exception.
    /// </summary>
    /// <exception cref="OperationCanceledException">
    /// <paramref name="cancellation"/> was cancelled or the workspace disposed; what was loaded until then stays.
    /// </exception>
    public Task LoadAsync(string? firstFile, CancellationToken cancellation) =>
        RunAsync(token => LoadFoldersAsync(firstFile is null ? null : Paths.Normalize(firstFile), token), cancellation);

    /// <summary>
    /// Completes when the project that holds this file is loaded (again, where it has changed), or when it is known that none does; of a
    /// program of one file, when the projects that it refers to are. Waits for <see cref="LoadAsync"/> to be called if it was not.
    /// </summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled or the workspace disposed.</exception>
    public async Task WhenLoaded(string path, CancellationToken cancellation)
    {
        var key = Paths.Normalize(path);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _closing.Token);
        while (true)
        {
            Task change;
            lock (_gate)
            {
                ApplyStale();
                if (_begun && (_running == 0 || IsUpToDate(key)))
                {
                    return;
                }

                change = _pulse.Task;
            }

            await change.WaitAsync(either.Token);
        }
    }

    private async Task LoadFoldersAsync(string? firstFile, CancellationToken cancellation)
    {
        Report(LoadState.Loading, 0, 0, "Looking for projects");
        var files = new ProjectFiles(_options.Folders, _options.Exclude);
        var found = await files.FindAsync(firstFile, cancellation);
        foreach (var notice in found.Notices)
        {
            Say(notice);
        }

        foreach (var folder in found.LooseFolders)
        {
            Put([LooseProjects.ForFolder(folder, files.SourcesBelow(folder, cancellation))]);
        }

        List<FoundProject> waiting = [.. found.First, .. found.Rest];
        Trust(waiting, files, cancellation);
        var counter = new Counter(this, waiting.Count);
        Task? pause = null;
        while (Next(waiting, firstFile, out var isAwaited, out var change) is [var first, ..] batch)
        {
            if (!isAwaited && !(pause ??= PauseAsync(cancellation)).IsCompleted)
            {
                await Task.WhenAny(pause, change);
                cancellation.ThrowIfCancellationRequested();
                continue;
            }

            pause = null;
            waiting = [.. waiting.Except(batch)];
            await EvaluateAsync([.. batch.Select(project => project.File)], first.Solution, counter, cancellation);
        }

        await LoadOfProgramsAsync(cancellation);
        bool trusts;
        lock (_gate)
        {
            _loaded = true;
            trusts = _trusted.Count > 0;
        }

        NoticeFramework();
        if (trusts)
        {
            EvaluateTrustedLater();
        }
    }

    /// <summary>
    /// What to evaluate next, of one solution: the projects of files that are open, which may have been opened since, else the first that wait. Empty
    /// where all is done.
    /// </summary>
    /// <param name="isAwaited">They are those of open files, or an open file waits for it to be known that no project has it.</param>
    /// <param name="change">Completes where another answer may be due.</param>
    private List<FoundProject> Next(List<FoundProject> waiting, string? firstFile, out bool isAwaited, out Task change)
    {
        List<string> open = firstFile is null ? [] : [firstFile];
        lock (_gate)
        {
            change = _pulse.Task;
            isAwaited = !_buffers.Keys.All(IsUpToDate);
            open.AddRange(_buffers.Keys);
            // Another has brought it along, or what is remembered of it stands.
            waiting = [.. waiting.Where(project => _outdated.Contains(project.File) || !_tried.ContainsKey(project.File))];
        }

        var near = open.Where(Paths.IsFile).SelectMany(ProjectFiles.NearestAbove).ToHashSet(Paths.Comparer);
        var wanted = waiting.FindAll(project => near.Contains(project.File));
        isAwaited |= wanted.Count > 0;
        wanted = wanted.Count > 0 ? wanted : waiting;
        return [.. wanted.Where(project => Paths.Comparer.Equals(project.Solution, wanted[0].Solution)).Take(BatchLength)];
    }

    /// <summary>Makes way for whoever asks for answers in the projects that are there.</summary>
    private async Task PauseAsync(CancellationToken cancellation)
    {
        try
        {
            await _options.Pause(cancellation).AsTask().WaitAsync(_options.LongestPause, cancellation);
        }
        catch (TimeoutException)
        {
            // Whoever asks on and on must not keep the rest away for good.
        }
    }

    /// <summary>Loads the project above a file that was opened though no solution names it.</summary>
    private async Task LoadNearAsync(string key, CancellationToken cancellation)
    {
        var near = ProjectFiles.NearestAbove(key);
        lock (_gate)
        {
            near = [.. near.Where(file => !_tried.ContainsKey(file))];
        }

        await LoadTheseAsync(near, cancellation);
    }

    /// <summary>Loads the projects that programs of one file refer to.</summary>
    private async Task LoadOfProgramsAsync(CancellationToken cancellation)
    {
        IReadOnlyList<string> untried;
        lock (_gate)
        {
            untried = UntriedOfPrograms();
        }

        await LoadTheseAsync(untried, cancellation);
    }

    private List<string> UntriedOfPrograms() =>
        [.. _store.NamedByPrograms.Where(file => !_tried.ContainsKey(file) && File.Exists(file)).Distinct(Paths.Comparer)];

    private async Task LoadTheseAsync(IReadOnlyList<string> files, CancellationToken cancellation)
    {
        if (files.Count > 0)
        {
            await EvaluateAsync(files, solution: null, new Counter(this, files.Count), cancellation);
        }
    }

    /// <summary>Evaluates projects and puts them into the solution, those that were there before in their old place.</summary>
    private async Task EvaluateAsync(IReadOnlyList<string> files, string? solution, Counter counter, CancellationToken cancellation)
    {
        List<Project> known;
        lock (_gate)
        {
            // What becomes outdated from here on needs another evaluation, since this one may have read the file already.
            files = [.. files.Where(IsDue)];
            var again = files.ToHashSet(Paths.Comparer);
            _outdated.ExceptWith(again);
            _inWork.UnionWith(again.Except(_trusted, Paths.Comparer));
            known =
            [
                .. _store.Solution.Projects.Where(project =>
                    _store.ModelOf(project.Id) is { Origin: ProjectOrigin.Evaluated } model && !again.Contains(model.Key.Path)
                ),
            ];
        }

        var sound = files.Select(Read).OfType<ProjectXml>().ToList();
        NoticeCircles(sound);
        var models = new List<ProjectModel>();
        var evaluable = sound.Where(IsEvaluable).ToList();
        models.AddRange(sound.Except(evaluable).Select(Guess));
        IReadOnlyList<string> failed = [];
        if (evaluable.Count > 0)
        {
            try
            {
                var evaluation = await _evaluate(
                    _store.Services,
                    [.. evaluable.Select(xml => xml.File)],
                    solution,
                    known,
                    counter.Done,
                    cancellation
                );
                models.AddRange(EvaluatedProjects.Create(evaluation.Infos, KeyOf));
                failed = NoticeFailures(evaluation);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                Say(
                    isError: true,
                    $"The .NET SDK could not be run to read the projects ({OneLine.Of(e.Message)}): install it; until then only their source files are known."
                );
            }

            // What MSBuild refused is still a folder of sources.
            models.AddRange(
                evaluable.Where(xml => !models.Exists(model => Paths.Comparer.Equals(model.Key.Path, xml.File))).Select(Guess).ToList()
            );
        }

        Replace(files, models, solution);
        NoticeUnrestored([.. models.Where(model => !failed.Contains(model.Key.Path, Paths.Comparer))], solution);

        ProjectModel Guess(ProjectXml xml) =>
            GuessedProjects.Create(xml, new ProjectFiles(_options.Folders, _options.Exclude).SourcesBelow(xml.Folder, cancellation));
    }

    private ProjectKey? KeyOf(ProjectId id)
    {
        lock (_gate)
        {
            return _store.ModelOf(id)?.Key;
        }
    }

    private ProjectXml? Read(string file)
    {
        try
        {
            return ProjectXml.Read(file);
        }
        catch (Exception e) when (e is XmlException or IOException or UnauthorizedAccessException)
        {
            Say(isError: true, $"{file} cannot be read as a project ({OneLine.Of(e.Message)}): correct it, then it is loaded again.");
            return null;
        }
    }

    private bool IsEvaluable(ProjectXml xml)
    {
        if (SdkPackages.Missing(xml) is not { } missing)
        {
            return true;
        }

        Say(isError: false, $"{xml.File} needs the SDK package {missing}: run `dotnet restore {xml.File}`.");
        return false;
    }

    /// <summary>MSBuild would say nothing and drop one of the references, and the user would look for the types it took along.</summary>
    private void NoticeCircles(IReadOnlyList<ProjectXml> projects)
    {
        var references = projects.ToDictionary(xml => xml.File, xml => xml.ProjectReferences.ToList(), Paths.Comparer);
        if (ProjectCircle.Find(references) is { } circle)
        {
            Say(
                isError: true,
                $"{string.Join(" -> ", circle.Select(Path.GetFileName))}: these projects refer to each other in a circle; take one of the references out of {circle[0]}."
            );
        }
    }

    /// <summary>One sentence for each project: a project that fails often fails for several reasons at once. One for all where the disk is the reason.</summary>
    /// <returns>The project files that were named.</returns>
    private List<string> NoticeFailures(Evaluation evaluation)
    {
        var named = new List<string>();
        string? unwritable = null;
        foreach (var file in evaluation.Infos.Select(info => info.FilePath).OfType<string>().Distinct(Paths.Comparer))
        {
            // One that is no XML says so itself, in plainer words.
            if (
                Read(file) is not null
                && evaluation.Failures.FirstOrDefault(failure => failure.Contains($"'{file}'", StringComparison.Ordinal)) is { } failure
            )
            {
                named.Add(file);
                if (!CanWriteTo(Path.GetDirectoryName(file)!))
                {
                    unwritable ??= _options.Folders.FirstOrDefault(folder => Paths.IsInside(file, folder)) ?? Path.GetDirectoryName(file);
                    continue;
                }

                const string Lead = "with message: ";
                var at = failure.IndexOf(Lead, StringComparison.Ordinal);
                var reason = OneLine.Of(
                    at < 0 ? failure : failure[(at + Lead.Length)..].Replace(file, "", StringComparison.Ordinal).TrimStart(' ', ':')
                );
                Say(isError: true, $"{file} could not be loaded as it should ({reason}): `dotnet build` shows the whole of it.");
            }
        }

        if (unwritable is not null)
        {
            Say(
                isError: false,
                $"{unwritable} cannot be written to, and what MSBuild generates for its projects is known only where they were built before: build them where that can be, or open a copy."
            );
        }

        return named;
    }

    /// <summary>Tries it, since permissions tell nothing of a disk that is mounted read-only.</summary>
    private static bool CanWriteTo(string folder)
    {
        try
        {
            File.Create(Path.Combine(folder, Path.GetRandomFileName()), bufferSize: 1, FileOptions.DeleteOnClose).Dispose();
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private void NoticeUnrestored(IReadOnlyList<ProjectModel> models, string? solution)
    {
        List<ProjectModel> unrestored;
        lock (_gate)
        {
            unrestored = [.. models.Where(model => model.IsUnrestored && _store.IsPreferred(model.Key))];
        }

        if (unrestored.Count > 1 && solution is not null)
        {
            Say(
                isError: false,
                $"{unrestored.Count} projects of {Path.GetFileName(solution)} are not restored: run `dotnet restore {solution}` for their packages."
            );
            return;
        }

        foreach (var model in unrestored)
        {
            var name = Path.GetFileNameWithoutExtension(model.Key.Path);
            Say(isError: false, $"{name} is not restored: run `dotnet restore {model.Key.Path}` for its packages.");
        }
    }

    private void NoticeFramework()
    {
        string? wanted;
        IReadOnlyList<string> known;
        lock (_gate)
        {
            (wanted, known) = (_loaded ? _options.TargetFramework : null, _store.Frameworks);
        }

        if (wanted is not null && known.Count > 0 && !known.Contains(wanted, StringComparer.OrdinalIgnoreCase))
        {
            Say(
                isError: false,
                $"No project here has the framework '{wanted}' that the setting 'targetFramework' names; there is {string.Join(", ", known)}. Each project answers for its newest."
            );
        }
    }

    /// <summary>
    /// Puts the models in, takes out what the same files no longer give, and lets open buffers count over all. A project that was evaluated
    /// before stays while its file is broken: people save a file in the middle of an edit.
    /// </summary>
    private void Replace(IReadOnlyList<string> files, IReadOnlyList<ProjectModel> models, string? solution)
    {
        lock (_gate)
        {
            var sound = models.Where(model => model.Origin == ProjectOrigin.Evaluated || !_store.IsEvaluated(model.Key.Path)).ToList();
            var replaced = sound.Select(model => model.Key.Path).ToHashSet(Paths.Comparer);
            var gone = replaced.SelectMany(_store.ModelsOf).Select(model => model.Key).Except(sound.Select(model => model.Key)).ToList();
            gone.ForEach(_store.Remove);
            foreach (var file in files.Union(replaced, Paths.Comparer))
            {
                _tried[file] = solution ?? _tried.GetValueOrDefault(file);
                _inWork.Remove(file);
                _trusted.Remove(file);
            }

            Put(sound);
        }
    }

    private void Put(IReadOnlyList<ProjectModel> models)
    {
        lock (_gate)
        {
            _store.Put(models);
            _missed.ForEach(change => SourceChanged(change.Key, change.Change));
            RefreshBuffers();
            Pulse();
        }
    }

    /// <summary>After projects changed: each buffer counts in whatever projects hold it now, and in one of its own only where none does.</summary>
    private void RefreshBuffers()
    {
        foreach (var key in _buffers.Keys)
        {
            var own = new ProjectKey(key);
            if (_store.Find(key) is { } document && _store.ModelOf(document) is { } model && model.Key != own)
            {
                _store.Remove(own);
            }

            _stale.Add(key);
            _surrounded.Add(key);
        }

        _foldersNearProjects.Clear();
    }

    /// <summary>Whether it is to be evaluated, for the first time or again.</summary>
    private bool IsDue(string file) => _outdated.Contains(file) || _trusted.Contains(file) || !_tried.ContainsKey(file);

    private bool IsUpToDate(string key) =>
        _store.Find(key) is { } document
        && _store.ModelOf(document) is { Origin: ProjectOrigin.Evaluated } model
        && !_outdated.Contains(model.Key.Path)
        && !_inWork.Contains(model.Key.Path);

    /// <summary>Loose files are complete as well, once it is known that no project compiles them.</summary>
    private bool IsComplete(string key, ProjectModel? model) =>
        model switch
        {
            { Origin: ProjectOrigin.Evaluated } => true,
            { Origin: ProjectOrigin.Guessed } => false,
            _ => _loaded && _running == 0 && !(Paths.IsFile(key) && IsNearProject(Path.GetDirectoryName(key)!)),
        };

    private bool IsNearProject(string folder)
    {
        if (!_foldersNearProjects.TryGetValue(folder, out var isNear))
        {
            _foldersNearProjects[folder] = isNear = ProjectFiles.NearestAbove(Path.Combine(folder, "_")).Count > 0;
        }

        return isNear;
    }

    /// <summary>Runs one piece of loading after those before it.</summary>
    private async Task RunAsync(Func<CancellationToken, Task> work, CancellationToken cancellation)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _closing.Token);
        lock (_gate)
        {
            _begun = true;
            _running++;
        }

        try
        {
            await _evaluating.WaitAsync(either.Token);
            try
            {
                await Task.Run(() => work(either.Token), either.Token);
            }
            finally
            {
                lock (_gate)
                {
                    _inWork.Clear();
                }

                _evaluating.Release();
            }
        }
        finally
        {
            LoadState? end;
            lock (_gate)
            {
                end =
                    --_running > 0 ? null
                    : _loaded ? LoadState.Ready
                    : LoadState.Syntax;
                if (_running == 0)
                {
                    _missed.Clear();
                }

                Pulse();
            }

            if (end is { } state)
            {
                Report(state, 0, 0, state == LoadState.Ready ? "Ready" : "Loading was broken off");
            }
        }
    }

    /// <summary>The same where nobody waits for it, so nobody else would say that it failed.</summary>
    private async void RunInBackground(Func<CancellationToken, Task> work)
    {
        try
        {
            await RunAsync(work, CancellationToken.None);
        }
        catch (OperationCanceledException)
        {
            // The workspace is closed.
        }
        catch (Exception e)
        {
            Say(isError: true, $"Projects could not be loaded again ({OneLine.Of(e.Message)}); what was known before stays.");
        }
    }

    private void Pulse()
    {
        _pulse.TrySetResult();
        _pulse = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private void Say(bool isError, string message) => Say(new WorkspaceNotice(isError, message));

    private void Say(WorkspaceNotice notice)
    {
        bool isNew;
        lock (_gate)
        {
            isNew = _said.Add(notice.Message);
        }

        if (isNew)
        {
            Noticed?.Invoke(notice);
        }
    }

    private void Report(LoadState state, int done, int total, string message) =>
        Progressed?.Invoke(new WorkspaceProgress(state, done, total, message));

    /// <summary>Counts evaluated projects for the progress display; those that others refer to are found on the way.</summary>
    private sealed class Counter(CodeWorkspace workspace, int total)
    {
        private readonly HashSet<string> _done = new(Paths.Comparer);

        public void Done(string file)
        {
            int count;
            lock (_done)
            {
                _done.Add(file);
                count = _done.Count;
            }

            workspace.Report(LoadState.Loading, count, Math.Max(count, total), $"Loaded {Path.GetFileNameWithoutExtension(file)}");
        }
    }
}
