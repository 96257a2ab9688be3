namespace CodeComplete.Memory.Sharing;

/// <summary>
/// What a process that visits a memory asks of its owner: the owner answers it itself, <see cref="SharingClient"/> carries it to the owner.
/// Each operation has its line in <see cref="SharingMethods"/>.
/// </summary>
/// <exception cref="IOException">The owner is gone, or could not do it.</exception>
/// <exception cref="TimeoutException">The owner did not answer in time.</exception>
internal interface ISharedMemory
{
    Task<RecallAnswer> RecallAsync(RecallQuery query, CancellationToken cancellation);

    /// <inheritdoc cref="ProjectMemory.Put(string, string)"/>
    Task<bool> PutAsync(string path, string text, CancellationToken cancellation);

    Task RemoveAsync(string path, CancellationToken cancellation);

    /// <inheritdoc cref="ProjectMemory.NoteEdit"/>
    Task NoteEditAsync(string path, int line, CancellationToken cancellation);

    /// <returns><see langword="true"/>: it is in the owner's memory and in its journal.</returns>
    Task<bool> RecordAsync(Acceptance acceptance, CancellationToken cancellation);

    /// <summary>The acceptances, newest first.</summary>
    /// <param name="path">Only those in this file.</param>
    Task<IReadOnlyList<Acceptance>> AcceptancesAsync(int most, string? path, CancellationToken cancellation);

    Task<MemoryStatistics> StatisticsAsync(CancellationToken cancellation);

    Task<ForgetSummary> ForgetAsync(Forgetting what, CancellationToken cancellation);
}
