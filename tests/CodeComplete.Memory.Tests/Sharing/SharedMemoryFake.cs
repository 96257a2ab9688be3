using System.Collections.Concurrent;
using CodeComplete.Memory.Sharing;

namespace CodeComplete.Memory.Tests.Sharing;

/// <summary>An owner's memory that notes what it is asked, and answers when the test lets it.</summary>
internal sealed class SharedMemoryFake : ISharedMemory
{
    public ConcurrentQueue<string> Changes { get; } = new();

    public ConcurrentQueue<Acceptance> Recorded { get; } = new();

    public ConcurrentQueue<RecallQuery> Queries { get; } = new();

    public IReadOnlyList<Snippet> Snippets { get; set; } = [];

    /// <summary>Recalls wait for it.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    /// <summary>Set when a recall that waits is cancelled.</summary>
    public TaskCompletionSource Cancelled { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public async Task<RecallAnswer> RecallAsync(RecallQuery query, CancellationToken cancellation)
    {
        Queries.Enqueue(query);
        try
        {
            await Gate.WaitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            Cancelled.TrySetResult();
            throw;
        }

        return new RecallAnswer([.. Snippets.Take(query.MaxSnippets)], TimeSpan.FromMilliseconds(2));
    }

    public Task<bool> PutAsync(string path, string text, CancellationToken cancellation)
    {
        Changes.Enqueue($"{path}={text}");
        return Task.FromResult(true);
    }

    public Task RemoveAsync(string path, CancellationToken cancellation)
    {
        Changes.Enqueue($"{path} removed");
        return Task.CompletedTask;
    }

    public Task NoteEditAsync(string path, int line, CancellationToken cancellation)
    {
        Changes.Enqueue($"{path} edited at {line}");
        return Task.CompletedTask;
    }

    public Task<bool> RecordAsync(Acceptance acceptance, CancellationToken cancellation)
    {
        Recorded.Enqueue(acceptance);
        return Task.FromResult(true);
    }

    public Task<IReadOnlyList<Acceptance>> AcceptancesAsync(int most, string? path, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<Acceptance>>([.. Recorded.Where(a => path is null || a.Path == path).Take(most)]);

    public Task<MemoryStatistics> StatisticsAsync(CancellationToken cancellation) =>
        Task.FromException<MemoryStatistics>(new InvalidOperationException("No statistics\ntoday."));

    public Task<ForgetSummary> ForgetAsync(Forgetting what, CancellationToken cancellation) =>
        Task.FromResult(new ForgetSummary(1, 2, what.Value));
}
