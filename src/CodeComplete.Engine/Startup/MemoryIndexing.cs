using CodeComplete.Engine.Documents;
using CodeComplete.Engine.Learning;
using CodeComplete.Memory;
using Microsoft.Extensions.Logging;

namespace CodeComplete.Engine;

/// <summary>Reads a workspace into its memory, without a model or a project: what <c>codecomplete index</c> does.</summary>
public sealed class MemoryIndexing : IAsyncDisposable
{
    private readonly List<Notice> _notices = [];
    private readonly MemorySet _memories;

    private MemoryIndexing(EngineOptions options)
    {
        _memories = new MemorySet(options.DataDirectory, new Activity(), _notices.Add, options.Logs.CreateLogger<MemoryIndexing>());
        foreach (var folder in options.WorkspaceFolders)
        {
            _memories.Open(folder, options.Settings);
        }
    }

    public static MemoryIndexing Open(EngineOptions options) => new(options);

    public IReadOnlyList<Notice> Notices => _notices;

    /// <summary>What the memory holds now, in one line.</summary>
    public string Summary =>
        string.Join(
            Environment.NewLine,
            _memories.Statistics.Select(s =>
                $"{s.Files} files, {s.Snippets} snippets, {s.Words} words, {s.Acceptances} accepted suggestions; {s.BytesOnDisk / 1024.0 / 1024.0:0.0} MB on disk"
            )
        );

    /// <param name="report">Told in words how far it has come.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled.</exception>
    public Task RunAsync(Action<string> report, CancellationToken cancellation) => _memories.IndexAsync(new Reporter(report), cancellation);

    public ValueTask DisposeAsync() => _memories.DisposeAsync();

    private sealed class Reporter(Action<string> report) : IProgress<IndexProgress>
    {
        public void Report(IndexProgress value) => report($"Indexing {value.Done} of {value.Total} files");
    }
}
