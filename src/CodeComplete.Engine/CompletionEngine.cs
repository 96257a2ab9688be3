using CodeComplete.Analysis;
using CodeComplete.Engine.Documents;
using CodeComplete.Engine.Inline;
using CodeComplete.Engine.Learning;
using CodeComplete.Engine.Listing;
using CodeComplete.Engine.Startup;
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
    private static readonly TimeSpan LongestWaitForProject = TimeSpan.FromSeconds(10);

    private readonly ILogger log;
    private readonly CodeWorkspace workspace;
    private readonly MemorySet memories;
    private readonly EditTracker tracker = new();
    private readonly Activity activity = new();
    private readonly ShownSuggestions shown = new();
    private readonly AcceptedNames accepted = new();
    private readonly InlineCompleter inline;
    private readonly ListCompleter lists;
    private readonly CancellationTokenSource stop = new();
    private readonly List<Notice> notices = [];
    private Action<Notice>? noticed;
    private readonly StatusBoard status;
    private readonly Task<LoadedModel?> model;
    private readonly Task warm;
    private readonly Task projects;
    private readonly Task index;
    private EngineSettings settings;

    private CompletionEngine(EngineOptions options)
    {
        log = options.Logs.CreateLogger<CompletionEngine>();
        settings = options.Settings;
        status = new StatusBoard(s => StatusChanged?.Invoke(s));
        workspace = new CodeWorkspace(new WorkspaceOptions { Folders = options.WorkspaceFolders, Exclude = settings.Exclude });
        workspace.Noticed += n => Say(new Notice(n.IsError ? NoticeLevel.Error : NoticeLevel.Warning, n.Message));
        workspace.Progressed += p => status.Projects(p);
        memories = new MemorySet(options.DataDirectory, activity, Say, log);
        var recaller = new Recaller(memories);
        var scorer = new ListScorer(recaller, log);
        inline = new InlineCompleter(recaller, shown, scorer);
        lists = new ListCompleter(scorer, memories, accepted);

        // Not on this thread: subscribers of the events are not there yet, and none of this may keep a front end from answering.
        model = Task.Run(LoadModel);
        warm = Task.Run(WarmUpAsync);
        projects = Task.Run(() => LoadProjectsAsync(options.FirstFile));
        index = Task.Run(() => IndexAsync(options.WorkspaceFolders));
    }

    public event Action<EngineStatus>? StatusChanged;

    /// <summary>Also raised at once, for whoever subscribes, with what was said before: the parts start before a front end can listen.</summary>
    public event Action<Notice>? Noticed
    {
        add
        {
            lock (notices)
            {
                noticed += value;
                foreach (var notice in notices)
                {
                    value?.Invoke(notice);
                }
            }
        }
        remove
        {
            lock (notices)
            {
                noticed -= value;
            }
        }
    }

    public EngineStatus Status => status.Current;

    /// <summary>Starts everything in the background and returns at once; requests are answered from what is there.</summary>
    public static CompletionEngine Start(EngineOptions options) => new(options);

    /// <summary>What the notices have said so far.</summary>
    public IReadOnlyList<Notice> Notices
    {
        get
        {
            lock (notices)
            {
                return [.. notices];
            }
        }
    }

    public void Open(string document, int version, string text)
    {
        tracker.Edited(document, [new DocumentEdit(null, text)]);
        workspace.Open(document, version, text);
        BufferChanged(document);
    }

    public bool Change(string document, int version, IReadOnlyList<DocumentEdit> edits)
    {
        tracker.Edited(document, edits);
        var known = workspace.Change(
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
            BufferChanged(document);
        }

        return known;
    }

    public void Close(string document)
    {
        tracker.Edited(document, [new DocumentEdit(null, "")]);
        workspace.Close(document);
        InBackground(() => memories.BufferClosed(document));
    }

    public void FilesChanged(IReadOnlyList<FileChange> changes)
    {
        workspace.FilesChanged([
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
        InBackground(() =>
        {
            foreach (var change in changes)
            {
                memories.Refresh(change.Path);
            }
        });
    }

    public void FoldersChanged(IReadOnlyList<string> added, IReadOnlyList<string> removed)
    {
        workspace.FoldersChanged(added, removed);
        _ = Task.Run(async () =>
        {
            foreach (var folder in removed)
            {
                await memories.CloseAsync(folder);
            }

            await IndexAsync(added);
        });
    }

    public void Configure(EngineSettings settings)
    {
        if (
            settings.Model != this.settings.Model
            || settings.Provider != this.settings.Provider
            || settings.Threads != this.settings.Threads
        )
        {
            Say(
                new Notice(
                    NoticeLevel.Information,
                    "The settings 'model', 'provider' and 'threads' take effect when the server starts the next time."
                )
            );
        }

        this.settings = settings;
    }

    public Task<GhostAnswer> CompleteInlineAsync(GhostRequest request, CancellationToken cancellation)
    {
        var snapshot = workspace.Take(request.Document);
        var running = tracker.Ghost(request.Document, cancellation);
        var now = settings;
        return Run();

        async Task<GhostAnswer> Run()
        {
            await Task.Yield();
            using (activity.Begin())
            using (running)
            {
                try
                {
                    if (snapshot is null)
                    {
                        return Nothing("the document is not known");
                    }

                    if (!now.GhostEnabled)
                    {
                        return Nothing("the setting 'ghost.enabled' is off");
                    }

                    // Right after the start: the user has stopped typing and looks; an edit ends the wait.
                    if (await model.WaitAsync(running.Token) is not { } loaded)
                    {
                        return Nothing("there is no model");
                    }

                    if (!snapshot.IsProjectLoaded && await IsLoadedNowAsync(request.Document, running.Token))
                    {
                        snapshot = workspace.Take(request.Document) ?? snapshot;
                    }

                    var answer = await inline.CompleteAsync(snapshot, request, loaded, now, running.Token);
                    return running.IsSuperseded ? Nothing("the document was edited since") : answer;
                }
                catch (OperationCanceledException) when (running.IsSuperseded && !cancellation.IsCancellationRequested)
                {
                    return Nothing("the document was edited since");
                }
            }
        }

        static GhostAnswer Nothing(string why) => new(null, new StageTimings(), why);
    }

    public Task<CompletionAnswer> CompleteListAsync(ListRequest request, CancellationToken cancellation)
    {
        var snapshot = workspace.Take(request.Document);
        var offset = snapshot?.OffsetOf(request.Position);
        if (snapshot is null || offset is not { } at || settings.List == ListMode.Off)
        {
            var here = new TextRange(request.Position, request.Position);
            return Task.FromResult(new CompletionAnswer([], IsIncomplete: false, here, new StageTimings()));
        }

        var (start, end) = WordAt(snapshot, at);
        var position = snapshot.PositionOf(at);
        var running = tracker.List(
            request.Document,
            position.Line,
            position.Character - (at - start),
            position.Character + (end - at),
            cancellation
        );
        var now = settings;
        return Run();

        async Task<CompletionAnswer> Run()
        {
            await Task.Yield();
            using (activity.Begin())
            using (running)
            {
                try
                {
                    return await lists.CompleteAsync(snapshot, at, request, ModelIfReady, now, running.Token);
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
        return await lists.ResolveAsync(item, cancellation);
    }

    public void Accept(string suggestion)
    {
        if (shown.Find(suggestion) is not { } found || memories.For(found.Document) is not { } memory)
        {
            return;
        }

        var acceptance = new Acceptance
        {
            Path = memories.RelativePath(found.Document),
            Before = found.LineBefore,
            Text = found.Ghost.Text,
            When = DateTimeOffset.UtcNow,
            Kind = AcceptanceKind.Accepted,
        };
        memory.RecordAcceptance(acceptance);
        accepted.Learn(memory, acceptance);
    }

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
        await Wait(workspace.WhenLoaded(document, limit.Token), "the file's project was still loading");
        await Wait(model, "the model was still loading");
        await Wait(warm, "the compiler was still warming up");
        await Wait(index, "the workspace was still being indexed");
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
    public Task Indexed => index;

    public IReadOnlyList<MemoryStatistics> MemoryStatistics => memories.Statistics;

    /// <summary>The model's name, graph and execution provider; <see langword="null"/> until it is loaded, or where there is none.</summary>
    public ModelSummary? Model => ModelIfReady is { } m ? new ModelSummary(m.Name, m.Graph, m.Provider) : null;

    /// <summary>The lines of a document, for messages about positions; <see langword="null"/> where it is not known.</summary>
    public int? LineCount(string document) => workspace.Take(document)?.LineCount();

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await Settled(projects);
        await Settled(index);
        await Settled(warm);
        await memories.DisposeAsync();
        await workspace.DisposeAsync();
        if (await model is { } loaded)
        {
            // The queue's turn is taken first, so that no work is under way on what is disposed.
            await loaded.Queue.RunAsync(() => 0, CancellationToken.None);
            loaded.Dispose();
        }

        stop.Dispose();
    }

    /// <summary>Waits for the document's project, but not for ever: a project that never loads is answered as far as it can be.</summary>
    private async Task<bool> IsLoadedNowAsync(string document, CancellationToken cancellation)
    {
        try
        {
            await workspace.WhenLoaded(document, cancellation).WaitAsync(LongestWaitForProject, cancellation);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private LoadedModel? ModelIfReady => model.IsCompletedSuccessfully ? model.Result : null;

    private static async Task Settled(Task task)
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
            var loaded = LoadedModel.Load(settings);
            if (loaded.Message is { } message)
            {
                Say(new Notice(NoticeLevel.Warning, message));
            }

            log.LogInformation("Model {Model} ready: {Graph} on {Provider}", loaded.Name, loaded.Graph, loaded.Provider);
            status.ModelReady();
            return loaded;
        }
        catch (Exception e)
        {
            log.LogError(e, "The model did not load");
            Say(
                new Notice(
                    NoticeLevel.Error,
                    e is ModelException ? e.Message : $"The model did not load ({e.Message}); the list works without it."
                )
            );
            status.ModelReady();
            return null;
        }
    }

    private async Task WarmUpAsync()
    {
        try
        {
            await WarmUp.RunAsync(stop.Token);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // The first request will be slow, or say what is wrong.
            log.LogWarning(e, "The warm-up failed");
        }
    }

    private async Task LoadProjectsAsync(string? firstFile)
    {
        try
        {
            await workspace.LoadAsync(firstFile, stop.Token);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            log.LogError(e, "The projects did not load");
            Say(new Notice(NoticeLevel.Error, $"The projects could not be loaded ({e.Message}); files are answered one by one."));
        }
        finally
        {
            status.ProjectsDone();
        }
    }

    private async Task IndexAsync(IReadOnlyList<string> folders)
    {
        if (!settings.MemoryEnabled)
        {
            status.IndexDone();
            return;
        }

        foreach (var folder in folders)
        {
            memories.Open(folder, settings);
        }

        try
        {
            await memories.IndexAsync(new StatusProgress(status), stop.Token);
        }
        finally
        {
            status.IndexDone();
        }
    }

    private sealed class StatusProgress(StatusBoard status) : IProgress<IndexProgress>
    {
        public void Report(IndexProgress value) => status.Indexed(value);
    }

    private void BufferChanged(string document)
    {
        if (settings.MemoryEnabled)
        {
            memories.BufferChanged(document, () => workspace.Take(document)?.TextOf());
        }
    }

    private void InBackground(Action work) =>
        _ = Task.Run(() =>
        {
            try
            {
                work();
            }
            catch (Exception e)
            {
                log.LogWarning(e, "Work in the background failed");
            }
        });

    /// <summary>Says a line once, whoever says it again.</summary>
    private void Say(Notice notice)
    {
        lock (notices)
        {
            if (notices.Exists(n => n.Message == notice.Message))
            {
                return;
            }

            notices.Add(notice);
            noticed?.Invoke(notice);
        }

        log.Log(notice.Level == NoticeLevel.Error ? LogLevel.Error : LogLevel.Warning, "{Notice}", notice.Message);
    }

    private static (int Start, int End) WordAt(DocumentSnapshot snapshot, int offset)
    {
        var text = snapshot.TextOf();
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
