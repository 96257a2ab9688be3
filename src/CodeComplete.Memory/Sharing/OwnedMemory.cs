namespace CodeComplete.Memory.Sharing;

/// <summary>The owner's memory, as visitors ask for it.</summary>
internal sealed class OwnedMemory(ProjectMemory memory) : ISharedMemory
{
    public Task<RecallAnswer> RecallAsync(RecallQuery query, CancellationToken cancellation) => Task.FromResult(memory.Recall(query));

    public Task<bool> PutAsync(string path, string text, CancellationToken cancellation) => Task.FromResult(memory.Put(path, text));

    public Task RemoveAsync(string path, CancellationToken cancellation)
    {
        memory.Remove(path);
        return Task.CompletedTask;
    }

    public Task NoteEditAsync(string path, int line, CancellationToken cancellation)
    {
        memory.NoteEdit(path, line);
        return Task.CompletedTask;
    }

    public Task<bool> RecordAsync(Acceptance acceptance, CancellationToken cancellation) =>
        Task.FromResult(memory.RecordForVisitor(acceptance));

    public Task<IReadOnlyList<Acceptance>> AcceptancesAsync(int most, string? path, CancellationToken cancellation) =>
        Task.FromResult(memory.Acceptances(most, path));

    public Task<MemoryStatistics> StatisticsAsync(CancellationToken cancellation) => Task.FromResult(memory.Statistics);

    public Task<ForgetSummary> ForgetAsync(Forgetting what, CancellationToken cancellation) =>
        Task.FromResult(memory.ForgetForVisitor(what));
}
