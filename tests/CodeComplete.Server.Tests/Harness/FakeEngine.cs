using System.Collections.Concurrent;
using System.Threading.Channels;
using CodeComplete.Engine;

namespace CodeComplete.Server.Tests.Harness;

/// <summary>An engine that does what the test tells it, and remembers in which order it was asked.</summary>
internal sealed class FakeEngine : ICompletionEngine
{
    private readonly ConcurrentDictionary<string, int> _versions = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource _watching = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Channel<EngineSettings> _configured = Channel.CreateUnbounded<EngineSettings>();

    public EngineStatus Status { get; set; } = new(EngineState.Ready, null, "Ready.");

    public event Action<EngineStatus>? StatusChanged;

    public event Action<Notice>? Noticed;

    /// <summary>Every call, as text: <c>open /a.cs 1 text</c>, <c>list /a.cs@1 0:3</c> and so on.</summary>
    public ConcurrentQueue<string> Calls { get; } = new();

    /// <summary>Whether it was told to watch files itself.</summary>
    public bool IsWatching => WhenWatching.IsCompleted;

    /// <summary>Ends when it is told to watch files itself.</summary>
    public Task WhenWatching => _watching.Task;

    public List<GhostRequest> GhostRequests { get; } = [];

    public List<ListRequest> ListRequests { get; } = [];

    public Func<GhostRequest, CancellationToken, Task<GhostAnswer>> Ghost { get; set; } =
        (_, _) => Task.FromResult(new GhostAnswer(null, new StageTimings(), "scripted"));

    public Func<ListRequest, CancellationToken, Task<CompletionAnswer>> List { get; set; } =
        (request, _) =>
            Task.FromResult(new CompletionAnswer([], false, new TextRange(request.Position, request.Position), new StageTimings()));

    public Func<ItemKey, Task<ItemDetail?>> Resolve { get; set; } = _ => Task.FromResult<ItemDetail?>(null);

    public Func<ValueTask> Disposal { get; set; } = () => ValueTask.CompletedTask;

    public Action<string> Opened { get; set; } = _ => { };

    public void Open(string document, int version, string text)
    {
        _versions[document] = version;
        Calls.Enqueue($"open {document} {version} {text}");
        Opened(document);
    }

    public bool Change(string document, int version, IReadOnlyList<DocumentEdit> edits)
    {
        _versions[document] = version;
        Calls.Enqueue($"change {document} {version} {string.Join(" ", edits.Select(Written))}");
        return true;
    }

    public void Close(string document)
    {
        _versions.TryRemove(document, out _);
        Calls.Enqueue($"close {document}");
    }

    public void CursorRests(string document, Position position) => Calls.Enqueue($"rests {Placed(document, position)}");

    public void FilesChanged(IReadOnlyList<FileChange> changes) =>
        Calls.Enqueue($"files {string.Join(" ", changes.Select(change => $"{change.Kind}:{change.Path}"))}");

    public void WatchFiles() => _watching.TrySetResult();

    public void FoldersChanged(IReadOnlyList<string> added, IReadOnlyList<string> removed) =>
        Calls.Enqueue($"folders +{string.Join(",", added)} -{string.Join(",", removed)}");

    public void Configure(EngineSettings settings)
    {
        _configured.Writer.TryWrite(settings);
        Calls.Enqueue("configure");
    }

    public void Pause(bool on)
    {
        Calls.Enqueue(on ? "pause" : "resume");
        Report(on ? new EngineStatus(EngineState.Paused, null, "Paused.") : new EngineStatus(EngineState.Ready, null, "Ready."));
    }

    /// <summary>The settings of the next call of <see cref="Configure"/>.</summary>
    public async Task<EngineSettings> ConfiguredAsync() => await _configured.Reader.ReadAsync(TestContext.Current.CancellationToken);

    public Task<GhostAnswer> CompleteInlineAsync(GhostRequest request, CancellationToken cancellation)
    {
        GhostRequests.Add(request);
        Calls.Enqueue($"ghost {Placed(request.Document, request.Position)}");
        return Ghost(request, cancellation);
    }

    public Task<CompletionAnswer> CompleteListAsync(ListRequest request, CancellationToken cancellation)
    {
        ListRequests.Add(request);
        Calls.Enqueue($"list {Placed(request.Document, request.Position)}");
        return List(request, cancellation);
    }

    public Task<ItemDetail?> ResolveAsync(ItemKey item, CancellationToken cancellation)
    {
        Calls.Enqueue($"resolve {item.List}/{item.Index}");
        return Resolve(item);
    }

    public void Accept(string suggestion) => Calls.Enqueue($"accept {suggestion}");

    public void AcceptPart(string suggestion, int length) => Calls.Enqueue($"accept {suggestion} {length}");

    public void Shown(string suggestion) => Calls.Enqueue($"shown {suggestion}");

    public ValueTask DisposeAsync()
    {
        Calls.Enqueue("dispose");
        return Disposal();
    }

    public void Report(EngineStatus status)
    {
        Status = status;
        StatusChanged?.Invoke(status);
    }

    public void Report(Notice notice) => Noticed?.Invoke(notice);

    private string Placed(string document, Position position) =>
        $"{document}@{_versions.GetValueOrDefault(document, -1)} {position.Line}:{position.Character}";

    private static string Written(DocumentEdit edit) =>
        edit.Range is { } range
            ? $"[{range.Start.Line}:{range.Start.Character}-{range.End.Line}:{range.End.Character}={edit.Text}]"
            : $"[={edit.Text}]";
}
