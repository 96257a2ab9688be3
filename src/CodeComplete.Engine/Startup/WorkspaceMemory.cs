using System.Collections.Concurrent;
using CodeComplete.Engine.Documents;
using CodeComplete.Engine.Explaining;
using CodeComplete.Engine.Learning;
using CodeComplete.Engine.Startup;
using CodeComplete.Memory;
using CodeComplete.Transformer;
using Microsoft.Extensions.Logging;

namespace CodeComplete.Engine;

/// <summary>
/// The memory of one workspace, without a running model or a project: what <c>codecomplete index</c> and <c>codecomplete memory</c> ask. Where a
/// server has it open, that server is asked.
/// </summary>
public sealed class WorkspaceMemory : IAsyncDisposable
{
    // A person asked, not a keystroke.
    private static readonly TimeSpan SearchPatience = TimeSpan.FromSeconds(10);

    private readonly ConcurrentQueue<Notice> _notices = new();
    private readonly EngineOptions _options;
    private readonly MemorySet _memories;

    private WorkspaceMemory(EngineOptions options)
    {
        _options = options;
        _memories = new MemorySet(options.DataDirectory, new Activity(), _notices.Enqueue, options.Logs.CreateLogger<WorkspaceMemory>());
        _memories.Open(options.WorkspaceFolders.Single(), options.Settings);
        if (Owner == MemoryOwner.Nobody && Memory.Message is null)
        {
            // A server gives it some seconds before it says anything; here the answer is wanted now.
            _notices.Enqueue(
                new Notice(
                    NoticeLevel.Warning,
                    "Another process holds the memory of this workspace and does not answer: try again, or close it."
                )
            );
        }
    }

    /// <param name="options">With one folder.</param>
    public static WorkspaceMemory Open(EngineOptions options) => new(options);

    public IReadOnlyCollection<Notice> Notices => _notices;

    public MemoryOwner Owner =>
        Memory.Role switch
        {
            MemoryRole.Owner => MemoryOwner.ThisProcess,
            MemoryRole.Visitor => MemoryOwner.AnotherProcess,
            _ => MemoryOwner.Nobody,
        };

    private ProjectMemory Memory => _memories.All[0].Memory;

    /// <summary>Reads the workspace into the memory; does nothing while another process owns it, since that one does.</summary>
    /// <param name="report">Told in words how far it has come.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled.</exception>
    public Task IndexAsync(Action<string> report, CancellationToken cancellation) =>
        _memories.IndexAsync(new Reporter(report), cancellation);

    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled.</exception>
    public MemoryReport Report(CancellationToken cancellation)
    {
        Memory.Load(Owner == MemoryOwner.ThisProcess ? Tokens() : null, cancellation);
        // What waits to be written takes its room on the disk, too.
        Memory.Flush();
        var owner = Owner;
        var statistics = Memory.Statistics;
        return new MemoryReport
        {
            Workspace = _memories.All[0].Root,
            Folder = Path.GetDirectoryName(Memory.DatabasePath)!,
            Owner = owner,
            Files = statistics.Files,
            EvictedFiles = statistics.EvictedFiles,
            Snippets = statistics.Snippets,
            Vectors = statistics.Vectors,
            SymbolFiles = statistics.Symbols,
            Ngrams = owner != MemoryOwner.AnotherProcess && Memory.Ngrams is null ? null : statistics.Ngrams,
            Words = statistics.Words,
            Outcomes = statistics.Acceptances,
            Disk = new MemoryUse(
                statistics.BytesOnDisk,
                statistics.DiskBudgetBytes,
                [
                    new MemoryUsePart("database", statistics.DatabaseBytes),
                    new MemoryUsePart("images", statistics.ImageBytes),
                    new MemoryUsePart("journals", statistics.JournalBytes),
                    new MemoryUsePart(
                        "other",
                        Math.Max(0, statistics.BytesOnDisk - statistics.DatabaseBytes - statistics.ImageBytes - statistics.JournalBytes)
                    ),
                ]
            ),
            Memory = new MemoryUse(
                statistics.BytesInMemory,
                statistics.MemoryBudgetBytes,
                [
                    new MemoryUsePart("words", statistics.LexicalBytes),
                    new MemoryUsePart("texts", statistics.TextBytes),
                    new MemoryUsePart("vectors", statistics.VectorBytes),
                    new MemoryUsePart("symbols", statistics.SymbolBytes),
                    new MemoryUsePart("n-grams", statistics.NgramBytes),
                ]
            ),
        };
    }

    /// <summary>What would be recalled where this is being written, even if it were not worth its tokens; the best first.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled.</exception>
    public IReadOnlyList<RecalledCode> Search(string text, int most, CancellationToken cancellation)
    {
        Memory.Load(encoder: null, cancellation);
        var query = new RecallQuery
        {
            Text = text,
            Path = "",
            MaxSnippets = most,
            LeastCoverage = 0,
            Patience = SearchPatience,
        };
        return [.. Memory.Recall(query).Snippets.Select(InWords.Of)];
    }

    /// <inheritdoc cref="ProjectMemory.ForgetAll"/>
    public Forgotten ForgetAll() => Said(Memory.ForgetAll());

    /// <inheritdoc cref="ProjectMemory.ForgetPath"/>
    public Forgotten ForgetPath(string path) => Said(Memory.ForgetPath(path));

    /// <inheritdoc cref="ProjectMemory.ForgetWord"/>
    public Forgotten ForgetWord(string word) => Said(Memory.ForgetWord(word));

    public ValueTask DisposeAsync() => _memories.DisposeAsync();

    private static Forgotten Said(ForgetSummary summary) => new(summary.Files, summary.Acceptances, summary.Message);

    private ModelTokens? Tokens()
    {
        try
        {
            var folder = PromptFolder.Open(ModelLocator.Find(_options.Settings.Model));
            return new ModelTokens(folder.TokenizerId, CodeTokenizer.Load(folder));
        }
        catch (ModelException)
        {
            return null;
        }
    }

    private sealed class Reporter(Action<string> report) : IProgress<IndexProgress>
    {
        public void Report(IndexProgress value) => report($"Indexing {value.Done} of {value.Total} files");
    }
}
