using CodeComplete.Analysis;
using CodeComplete.Engine.Chain;
using CodeComplete.Engine.Documents;
using CodeComplete.Engine.Explaining;
using CodeComplete.Engine.Inline;
using CodeComplete.Engine.Learning;
using CodeComplete.Engine.Listing;
using CodeComplete.Engine.Startup;
using CodeComplete.Engine.Watching;
using CodeComplete.Memory;
using CodeComplete.Transformer;
using Microsoft.Extensions.Logging;

namespace CodeComplete.Engine;

/// <summary>
/// The chain: context -> recall -> prompt -> decode -> verify -> rank, and learning back. This class owns the parts and their start; what
/// each request does is in <see cref="InlineCompleter"/> and <see cref="ListCompleter"/>.
/// </summary>
public sealed class CompletionEngine : ICompletionEngine
{
    private const string Paused = "it is paused";
    private const string KeptProjects = "projects";
    private static readonly TimeSpan LongestWaitForProject = TimeSpan.FromSeconds(10);

    // MSBuild takes both of two cores for seconds; what it will say is known but for the odd case, which must not stay for long.
    private static readonly TimeSpan QuietBeforeMSBuild = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestBeforeMSBuild = TimeSpan.FromSeconds(30);

    private readonly ILogger _log;
    private readonly CodeWorkspace _workspace;
    private readonly MemorySet _memories;
    private readonly Recaller _recaller;
    private readonly EditTracker _tracker = new();
    private readonly Activity _activity = new();
    private readonly ShownSuggestions _shown = new();
    private readonly Learner _learner;
    private readonly InlineCompleter _inline;
    private readonly ListCompleter _lists;
    private readonly FirstLists _firstLists;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Notice> _notices = [];
    private Action<Notice>? _noticed;
    private readonly StatusBoard _status;
    private readonly Task<LoadedModel?> _model;
    private readonly Task _warm;
    private readonly Task _projects;
    private readonly Task _index;
    private readonly IdleWork _idle;
    private readonly IdleWork _thinking;
    private readonly IdleWork _opening;
    private readonly IdleReading _idleReading;
    private readonly PreReading _preReading;
    private readonly SourceGeneration _sourceGeneration;
    private readonly Task _reading;
    private readonly Task _readingAhead;
    private readonly Task _preparing;
    private readonly Task _generating;
    private readonly Task _releasing;
    private readonly TimeProvider _time;
    private readonly bool _remembersProjects;
    private readonly Lock _keeping = new();
    private byte[]? _keptProjects;
    private DiskWatcher? _watcher;
    private volatile EngineSettings _settings;
    private volatile bool _paused;
    private volatile IReadOnlyList<string> _folders;
    private Task _background = Task.CompletedTask;

    private CompletionEngine(EngineOptions options)
    {
        _log = options.Logs.CreateLogger<CompletionEngine>();
        _settings = options.Settings;
        _time = options.Time;
        _folders = options.WorkspaceFolders;
        _remembersProjects = options.RemembersProjects;
        _status = new StatusBoard(s => StatusChanged?.Invoke(s));
        // Not on this thread: subscribers of the events are not there yet, and none of this may keep a front end from answering. The model takes longest,
        // and Roslyn's services, which a workspace cannot be made without, half a second.
        _model = Task.Run(LoadModel);
        _workspace = new CodeWorkspace(
            new WorkspaceOptions
            {
                Folders = options.WorkspaceFolders,
                Exclude = _settings.Exclude,
                TargetFramework = _settings.TargetFramework,
                Pause = _activity.WhenIdleAsync,
                Remembered = RememberedProjects,
                Quiet = WhenQuietAsync,
            }
        );
        _workspace.Noticed += n => Say(new Notice(n.IsError ? NoticeLevel.Error : NoticeLevel.Warning, n.Message));
        _workspace.Progressed += p =>
        {
            _status.Projects(p);
            _firstLists?.Stir();
            _sourceGeneration?.Stir();
            if (p.State == LoadState.Ready)
            {
                InBackground(KeepProjects);
            }
        };
        _memories = new MemorySet(options.DataDirectory, _activity, Say, _log);
        _recaller = new Recaller(_memories, () => _index?.IsCompleted == true);
        var scorer = new ListScorer(_recaller, _log);
        _learner = new Learner(_memories, options.Time, InBackground);
        var recent = new RecentWriting();
        var writer = new RecallingWriter(_recaller, document => new Drafts(_memories.For(document)?.Ngrams, recent));
        _inline = new InlineCompleter(writer, _shown, scorer, _learner);
        _lists = new ListCompleter(scorer, _learner, options.Time);
        _idle = new IdleWork(_activity, IdleWork.DefaultQuiet);
        _thinking = new IdleWork(_activity, PreReading.Thinking);
        _idleReading = new IdleReading(_memories, new GraphIndexing(_workspace, _log), _idle, TokensAsync, _log);
        _preReading = new PreReading(_workspace, _recaller, writer, _idle, _thinking, () => IsAsked ? ModelIfReady : null, _log);
        _opening = new IdleWork(_activity, FirstLists.Quiet);
        _firstLists = new FirstLists(_workspace, _opening, () => IsAsked, _log);
        _sourceGeneration = new SourceGeneration(_workspace, _idle, () => _shown.Forget(_ => true), _log);
        _memories.Relearn += _learner.Reset;
        _memories.OwnershipChanged += () => InBackground(IndexAgainAsync);

        _warm = Task.Run(WarmUpAsync);
        _index = Task.Run(() => IndexAsync(options.WorkspaceFolders));
        _projects = Task.Run(() => LoadProjectsAsync(options.FirstFile));
        _reading = Task.Run(ReadInIdleTimeAsync);
        _readingAhead = Task.Run(() => _preReading.RunAsync(_stop.Token));
        _preparing = Task.Run(() => _firstLists.RunAsync(_stop.Token));
        _generating = Task.Run(() => _sourceGeneration.RunAsync(_stop.Token));
        var release = new MemoryRelease(_activity, TimeProvider.System, MemoryRelease.OfProcess, _log);
        _releasing = Task.Run(() => release.RunAsync(Task.WhenAll(_model, _warm, _index, _projects), _stop.Token));
    }

    public event Action<EngineStatus>? StatusChanged;

    /// <summary>Also raised at once, for whoever subscribes, with what was said before: the parts start before a front end can listen.</summary>
    public event Action<Notice>? Noticed
    {
        add
        {
            lock (_notices)
            {
                _noticed += value;
                foreach (var notice in _notices)
                {
                    value?.Invoke(notice);
                }
            }
        }
        remove
        {
            lock (_notices)
            {
                _noticed -= value;
            }
        }
    }

    public EngineStatus Status => _status.Current;

    /// <summary>Begins with what takes long and needs no options, for who does not have them yet. Returns at once.</summary>
    public static void Prepare() => WarmUp.Begin();

    /// <summary>Starts everything in the background and returns at once; requests are answered from what is there.</summary>
    public static CompletionEngine Start(EngineOptions options) => new(options);

    /// <summary>What the notices have said so far.</summary>
    public IReadOnlyList<Notice> Notices
    {
        get
        {
            lock (_notices)
            {
                return [.. _notices];
            }
        }
    }

    public void Open(string document, int version, string text)
    {
        _tracker.Edited(document, [new DocumentEdit(null, text)]);
        _learner.Closed(document);
        _workspace.Open(document, version, text);
        _shown.Forget(d => d != document);
        BufferChanged(document);
        _firstLists.Opened(document);
        _sourceGeneration.Stir();
    }

    public bool Change(string document, int version, IReadOnlyList<DocumentEdit> edits)
    {
        _tracker.Edited(document, edits);
        _learner.Edited(document, edits);
        var known = _workspace.Change(
            document,
            version,
            [
                .. edits.Select(e => new BufferEdit(
                    e.Range is { } r ? new BufferRange(r.Start.Line, r.Start.Character, r.End.Line, r.End.Character) : null,
                    e.Text
                )),
            ]
        );
        if (known)
        {
            // What the others were judged by has changed.
            _shown.Forget(d => d != document);
            BufferChanged(document);
            _activity.Typed();
            _idleReading.Stir();
            if (edits is [.., { Range: { } range }])
            {
                _memories.Edited(document, range.Start.Line);
                _preReading.Edited(document, edits[^1]);
            }

            _sourceGeneration.Stir();
        }

        return known;
    }

    public void CursorRests(string document, Position position) => _preReading.Rests(document, position);

    public void Close(string document)
    {
        _tracker.Edited(document, [new DocumentEdit(null, "")]);
        _learner.Closed(document);
        _workspace.Close(document);
        _shown.Forget(_ => true);
        InBackground(() =>
        {
            _memories.BufferClosed(document);
            _idleReading.Stir();
        });
    }

    public void FilesChanged(IReadOnlyList<FileChange> changes)
    {
        _log.LogDebug("Changed on disk: {First} and {Count} more", changes[0].Path, changes.Count - 1);
        _workspace.FilesChanged([
            .. changes.Select(c => new ChangedFile(
                c.Path,
                c.Kind switch
                {
                    FileChangeKind.Created => DiskChange.Created,
                    FileChangeKind.Deleted => DiskChange.Deleted,
                    _ => DiskChange.Changed,
                }
            )),
        ]);
        _shown.Forget(_ => true);
        InBackground(() =>
        {
            foreach (var change in changes)
            {
                _memories.Refresh(change.Path);
            }

            _idleReading.Stir();
        });
        _sourceGeneration.Stir();
    }

    public void WatchFiles() => _watcher ??= new DiskWatcher(_folders, FilesChanged, Say, _time);

    public void FoldersChanged(IReadOnlyList<string> added, IReadOnlyList<string> removed)
    {
        _workspace.FoldersChanged(added, removed);
        _folders = [.. _folders.Except(removed, StringComparer.Ordinal).Union(added, StringComparer.Ordinal)];
        _watcher?.Follow(_folders);
        InBackground(async () =>
        {
            foreach (var folder in removed)
            {
                await _memories.CloseAsync(folder);
            }

            await IndexAsync(added);
            _idleReading.Stir();
        });
    }

    public void Configure(EngineSettings settings)
    {
        var before = _settings;
        _settings = settings;
        _shown.Forget(_ => true);
        if (
            (before.Model, before.Provider, before.ProviderLibrary, before.Threads, before.MemoryDiskMb)
                != (settings.Model, settings.Provider, settings.ProviderLibrary, settings.Threads, settings.MemoryDiskMb)
            || (before.RemoteUrl, before.RemoteKeyEnv) != (settings.RemoteUrl, settings.RemoteKeyEnv)
        )
        {
            Say(
                new Notice(
                    NoticeLevel.Information,
                    "The settings 'model', 'provider', 'providerLibrary', 'threads', 'memory.diskMb', 'remote.url' and 'remote.keyEnv' are read when the server starts: give them as initializationOptions."
                )
            );
        }

        if (before.TargetFramework != settings.TargetFramework)
        {
            _workspace.AnswerFor(settings.TargetFramework);
        }

        if (before.MemoryEnabled != settings.MemoryEnabled)
        {
            var folders = _folders;
            InBackground(async () =>
            {
                if (settings.MemoryEnabled)
                {
                    await IndexAsync(folders);
                    return;
                }

                foreach (var folder in folders)
                {
                    await _memories.CloseAsync(folder);
                }
            });
        }
    }

    public void Pause(bool on)
    {
        _paused = on;
        _shown.Forget(_ => true);
        _status.Pause(on);
    }

    public Task<GhostAnswer> CompleteInlineAsync(GhostRequest request, CancellationToken cancellation)
    {
        var snapshot = _workspace.Take(request.Document);
        var running = _tracker.Ghost(request.Document, cancellation);
        var now = _settings;
        _preReading.Asked(request.Document, request.Position);
        return Run();

        async Task<GhostAnswer> Run()
        {
            await Task.Yield();
            using (_activity.Begin())
            using (running)
            {
                try
                {
                    if (snapshot is null)
                    {
                        return Nothing("the document is not known");
                    }

                    if (_paused)
                    {
                        return Nothing(Paused);
                    }

                    if (!now.GhostEnabled)
                    {
                        return Nothing("the setting 'ghost.enabled' is off");
                    }

                    if (_model.IsCompletedSuccessfully && _model.Result is null)
                    {
                        return Nothing("there is no model");
                    }

                    // Right after the start: the user has stopped typing and looks; an edit ends the wait, for the project as for the model.
                    if (!snapshot.IsProjectLoaded && await IsLoadedNowAsync(request.Document, running.Token))
                    {
                        snapshot = _workspace.Take(request.Document) ?? snapshot;
                    }

                    var answer = await _inline.CompleteAsync(
                        snapshot,
                        request with
                        {
                            IsEarly = !_warm.IsCompleted,
                        },
                        _model,
                        now,
                        running.Token
                    );
                    if (answer.MayImprove && !running.IsSuperseded)
                    {
                        _preReading.Unsure(request.Document, request.Position);
                    }

                    return running.IsSuperseded ? Nothing("the document was edited since")
                        : _paused ? Nothing(Paused)
                        : answer;
                }
                catch (OperationCanceledException) when (running.IsSuperseded && !cancellation.IsCancellationRequested)
                {
                    return Nothing("the document was edited since");
                }
                catch (RemoteException e)
                {
                    // Ghost text pauses until the server answers again; no other model is put in its place, which would write worse unasked.
                    Say(new Notice(NoticeLevel.Warning, e.Message));
                    return Nothing(e.Message);
                }
            }
        }

        static GhostAnswer Nothing(string why) => new(null, new StageTimings(), why);
    }

    public Task<CompletionAnswer> CompleteListAsync(ListRequest request, CancellationToken cancellation)
    {
        var snapshot = _workspace.Take(request.Document);
        var offset = snapshot?.OffsetOf(request.Position);
        if (snapshot is null || offset is not { } at || _settings.List == ListMode.Off || _paused)
        {
            var here = new TextRange(request.Position, request.Position);
            return Task.FromResult(new CompletionAnswer([], IsIncomplete: false, here, new StageTimings()));
        }

        var text = snapshot.TextOf();
        var (start, end) = WordAt(text, at);
        var position = snapshot.PositionOf(at);
        var running = _tracker.List(
            request.Document,
            position.Line,
            position.Character - (at - start),
            position.Character + (end - at),
            cancellation
        );
        var offered = _learner.ListAsked(
            request.Document,
            position with
            {
                Character = position.Character - (at - start),
            },
            SuggestionPlace.At(text, start, at)
        );
        var now = _settings;
        return Run();

        async Task<CompletionAnswer> Run()
        {
            await Task.Yield();
            using (_activity.Begin())
            using (running)
            {
                try
                {
                    var scoring = ModelIfReady is { Scorer: not null } loaded ? loaded : null;
                    return await _lists.CompleteAsync(snapshot, at, request, scoring, !_model.IsCompleted, now, offered, running.Token);
                }
                catch (OperationCanceledException) when (running.IsSuperseded && !cancellation.IsCancellationRequested)
                {
                    throw new ContentModifiedException();
                }
            }
        }
    }

    public async Task<ItemDetail?> ResolveAsync(ItemKey item, CancellationToken cancellation)
    {
        await Task.Yield();
        return await _lists.ResolveAsync(item, cancellation);
    }

    /// <summary>
    /// What the cursor sees at a place, what the memory gives there and what it does for the suggestion; <see langword="null"/> where there is no model to
    /// recall for, or no such place.
    /// </summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled.</exception>
    public async Task<Explanation?> ExplainAsync(GhostRequest request, ExplainOptions options, CancellationToken cancellation)
    {
        var snapshot = _workspace.Take(request.Document);
        return snapshot?.OffsetOf(request.Position) is { } offset && await _model.WaitAsync(cancellation) is { } model
            ? await new Explainer(_memories, model).ExplainAsync(snapshot, request, offset, options, cancellation)
            : null;
    }

    public void Accept(string suggestion) => _learner.Accepted(suggestion);

    public void AcceptPart(string suggestion, int length) => _learner.PartiallyAccepted(suggestion, length);

    public void Shown(string suggestion) => _learner.ShownByClient(suggestion);

    /// <summary>Completes when all that was begun in the background until now is done.</summary>
    internal Task Settled => _background;

    /// <inheritdoc cref="FirstLists.Done"/>
    internal event Action<string>? FirstListPrepared
    {
        add => _firstLists.Done += value;
        remove => _firstLists.Done -= value;
    }

    /// <inheritdoc cref="PreReading.Done"/>
    internal event Action? ReadAhead
    {
        add => _preReading.Done += value;
        remove => _preReading.Done -= value;
    }

    /// <inheritdoc cref="PreReading.DoneAgain"/>
    internal event Action? ReadAgain
    {
        add => _preReading.DoneAgain += value;
        remove => _preReading.DoneAgain -= value;
    }

    /// <summary>Whether the model has anything to write or to weigh.</summary>
    private bool IsAsked => !_paused && (_settings.GhostEnabled || _settings.List != ListMode.Off);

    // Evaluation asks the parts themselves: the projects for cases, the memory for what it recalls.
    internal CodeWorkspace Workspace => _workspace;

    internal MemorySet Memories => _memories;

    internal Recaller Recaller => _recaller;

    internal Task<LoadedModel?> WhenModelLoaded => _model;

    internal Task WhenProjectsLoaded => _projects;

    /// <summary>
    /// Waits until a document can be answered as well as it ever will: its project loaded, the model ready, the lexical index complete. The
    /// command line does; a server never.
    /// </summary>
    /// <returns>What was still missing when the time was over, in the user's words; empty where nothing was.</returns>
    public async Task<IReadOnlyList<string>> WhenReadyAsync(string document, TimeSpan timeout, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(timeout);
        var missing = new List<string>();
        await Wait(_workspace.WhenLoaded(document, limit.Token), "the file's project was still loading");
        await Wait(GenerateAsync([document], limit.Token), "the project's source generators were still running");
        await Wait(_model, "the model was still loading");
        await Wait(_warm, "the compiler was still warming up");
        await Wait(_index, "the workspace was still being indexed");
        return missing;

        async Task Wait(Task part, string what)
        {
            try
            {
                await part.WaitAsync(limit.Token);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                missing.Add(what);
            }
        }
    }

    /// <summary>Completes when the index of all workspace folders is complete.</summary>
    public Task Indexed => _index;

    public IReadOnlyList<MemoryStatistics> MemoryStatistics => _memories.Statistics;

    /// <inheritdoc cref="MemorySet.Embedder"/>
    internal IEmbedder? Embedder => _memories.Embedder;

    /// <summary>The model's name, graph and execution provider; <see langword="null"/> until it is loaded, or where there is none.</summary>
    public ModelSummary? Model => ModelIfReady is { } m ? new ModelSummary(m.Name, m.Graph, m.Provider) : null;

    /// <summary>The lines of a document, for messages about positions; <see langword="null"/> where it is not known.</summary>
    public int? LineCount(string document) => _workspace.Take(document)?.LineCount();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        if (_watcher is not null)
        {
            await _watcher.DisposeAsync();
        }

        await EndedAsync(_projects);
        await EndedAsync(_index);
        await EndedAsync(_warm);
        await EndedAsync(_background);
        await EndedAsync(_reading);
        await EndedAsync(_readingAhead);
        await EndedAsync(_preparing);
        await EndedAsync(_generating);
        await EndedAsync(_releasing);
        _preReading.Dispose();
        _idleReading.Dispose();
        _idle.Dispose();
        _thinking.Dispose();
        _opening.Dispose();
        await _memories.DisposeAsync();
        await _workspace.DisposeAsync();
        // What is still being loaded tells them of its progress.
        _firstLists.Dispose();
        _sourceGeneration.Dispose();
        if (await _model is { } loaded)
        {
            // No work may be under way on what is disposed.
            await loaded.Queue.CloseAsync();
            loaded.Dispose();
        }

        _stop.Dispose();
    }

    /// <summary>Waits for the document's project, but not for ever: a project that never loads is answered as far as it can be.</summary>
    private async Task<bool> IsLoadedNowAsync(string document, CancellationToken cancellation)
    {
        try
        {
            await _workspace.WhenLoaded(document, cancellation).WaitAsync(LongestWaitForProject, cancellation);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private LoadedModel? ModelIfReady => _model.IsCompletedSuccessfully ? _model.Result : null;

    private static async Task EndedAsync(Task task)
    {
        try
        {
            await task;
        }
        catch (OperationCanceledException)
        {
            // It was stopped, as it should be.
        }
    }

    private LoadedModel? LoadModel()
    {
        try
        {
            var loaded = LoadedModel.Load(_settings);
            if (loaded.Message is { } message)
            {
                Say(new Notice(NoticeLevel.Warning, message));
            }

            _log.LogInformation("Model {Model} ready: {Graph} on {Provider}", loaded.Name, loaded.Graph, loaded.Provider);
            _status.ModelReady();
            return loaded;
        }
        catch (Exception e)
        {
            _log.LogError(e, "The model did not load");
            Say(
                new Notice(
                    NoticeLevel.Error,
                    e is ModelException or RemoteException ? e.Message : $"The model did not load ({e.Message}); the list works without it."
                )
            );
            _status.ModelReady();
            return null;
        }
    }

    private async Task WarmUpAsync()
    {
        try
        {
            await WarmUp.RunAsync(_stop.Token);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // The first request will be slow, or say what is wrong.
            _log.LogWarning(e, "The warm-up failed");
        }
    }

    private async Task LoadProjectsAsync(string? firstFile)
    {
        try
        {
            await _workspace.LoadAsync(firstFile, _stop.Token);
            KeepProjects();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            _log.LogError(e, "The projects did not load");
            Say(new Notice(NoticeLevel.Error, $"The projects could not be loaded ({e.Message}); files are answered one by one."));
        }
        finally
        {
            _status.ProjectsDone();
        }
    }

    private async Task IndexAsync(IReadOnlyList<string> folders)
    {
        if (!_settings.MemoryEnabled)
        {
            _status.IndexDone();
            return;
        }

        foreach (var folder in folders)
        {
            _memories.Open(folder, _settings);
        }

        try
        {
            await _memories.IndexAsync(new StatusProgress(_status), _stop.Token);
            // The projects may have been there before the memory was.
            KeepProjects();
        }
        finally
        {
            _status.IndexDone();
        }
    }

    private async Task<ITokenEncoder?> TokensAsync() =>
        await _model is { } model ? new ModelTokens(model.TokenizerId, model.Tokenizer) : null;

    private byte[]? RememberedProjects() =>
        _remembersProjects && _settings.MemoryEnabled && _folders is [var first, ..] ? _memories.ReadKept(first, KeptProjects) : null;

    /// <summary>Waits until the start is over and nobody types or asks, but not for ever.</summary>
    private async ValueTask WhenQuietAsync(CancellationToken cancellation)
    {
        try
        {
            await StartedAndQuietAsync().WaitAsync(LongestBeforeMSBuild, _time, cancellation);
        }
        catch (TimeoutException)
        {
            // Whoever types on and on, or has much to be indexed, gets what is true now as well.
        }

        async Task StartedAndQuietAsync()
        {
            // Whether it went well is said elsewhere.
            await Task.WhenAll(_model, _warm, _index).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await _activity.WhenQuietAsync(QuietBeforeMSBuild, cancellation);
        }
    }

    /// <summary>For the next start. Does nothing before the memory is open, or where another process owns it.</summary>
    private void KeepProjects()
    {
        if (!_remembersProjects || _folders is not [var first, ..] || _memories.For(first) is not { IsOwner: true })
        {
            return;
        }

        lock (_keeping)
        {
            if (_workspace.Remember(_stop.Token) is { } projects && !projects.AsSpan().SequenceEqual(_keptProjects))
            {
                _keptProjects = _memories.Keep(first, KeptProjects, projects) ? projects : null;
            }
        }
    }

    private async Task ReadInIdleTimeAsync()
    {
        // The words come first, and the compiler's references need the projects.
        await EndedAsync(_index);
        await EndedAsync(_projects);
        await _idleReading.RunAsync(_stop.Token);
    }

    /// <summary>Reads now what is otherwise read in idle time: evaluation needs the memory whole.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled.</exception>
    internal async Task ReadAllAsync(CancellationToken cancellation)
    {
        using var now = new IdleWork(new Activity(), TimeSpan.Zero);
        await _idleReading.ReadAllAsync(now, cancellation);
    }

    /// <summary>Has the source generators of these documents' projects run now.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled.</exception>
    internal Task GenerateAsync(IEnumerable<string> documents, CancellationToken cancellation) =>
        _sourceGeneration.RunNowAsync(documents, cancellation);

    // The process that has indexed the folders until now is gone, perhaps before it had finished.
    private async Task IndexAgainAsync()
    {
        _status.IndexBegins();
        await IndexAsync(_folders);
        _idleReading.Stir();
    }

    private sealed class StatusProgress(StatusBoard status) : IProgress<IndexProgress>
    {
        public void Report(IndexProgress value) => status.Indexed(value);
    }

    private void BufferChanged(string document)
    {
        if (_settings.MemoryEnabled)
        {
            _memories.BufferChanged(document, () => _workspace.Take(document)?.TextOf());
        }
    }

    private void InBackground(Action work) =>
        InBackground(() =>
        {
            work();
            return Task.CompletedTask;
        });

    /// <summary>One piece of work after the other, in the order of asking; a failure is logged and harms nothing else.</summary>
    private void InBackground(Func<Task> work)
    {
        lock (_notices)
        {
            _background = RunAfterAsync(_background);
        }

        async Task RunAfterAsync(Task before)
        {
            await before.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            try
            {
                await work();
            }
            catch (Exception e) when (e is not OperationCanceledException || _stop.IsCancellationRequested)
            {
                if (!_stop.IsCancellationRequested)
                {
                    _log.LogWarning(e, "Work in the background failed");
                }
            }
        }
    }

    /// <summary>Says a line once, whoever says it again.</summary>
    private void Say(Notice notice)
    {
        lock (_notices)
        {
            if (_notices.Exists(n => n.Message == notice.Message))
            {
                return;
            }

            _notices.Add(notice);
            _noticed?.Invoke(notice);
        }

        _log.Log(notice.Level == NoticeLevel.Error ? LogLevel.Error : LogLevel.Warning, "{Notice}", notice.Message);
    }

    private static (int Start, int End) WordAt(string text, int offset)
    {
        var (start, end) = (offset, offset);
        while (start > 0 && IsWord(text[start - 1]))
        {
            start--;
        }

        while (end < text.Length && IsWord(text[end]))
        {
            end++;
        }

        return (start, end);

        static bool IsWord(char c) => char.IsLetterOrDigit(c) || c == '_';
    }
}

/// <summary>Which model runs, on which graph and execution provider.</summary>
public sealed record ModelSummary(string Name, string Graph, string Provider);
