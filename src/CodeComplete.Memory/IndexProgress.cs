namespace CodeComplete.Memory;

/// <summary>How far indexing is.</summary>
/// <param name="Done">Files dealt with.</param>
/// <param name="Total">Files found.</param>
/// <param name="File">The one dealt with last, relative to the workspace root; <see langword="null"/> at the beginning.</param>
public readonly record struct IndexProgress(int Done, int Total, string? File);

/// <summary>What an indexing run did.</summary>
/// <param name="Files">Files found that are to be remembered.</param>
/// <param name="Read">Of those, read and remembered anew.</param>
/// <param name="Unchanged">Of those, known already; most of them were not even read.</param>
/// <param name="KeptOut">Ignored, generated, binary or too large.</param>
/// <param name="Unreadable">Files and folders that could not be read; what was remembered of them stays.</param>
/// <param name="Removed">Forgotten, because they are gone or are kept out now.</param>
public sealed record IndexSummary(int Files, int Read, int Unchanged, int KeptOut, int Unreadable, int Removed);
