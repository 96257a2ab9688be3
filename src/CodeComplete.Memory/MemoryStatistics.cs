namespace CodeComplete.Memory;

/// <summary>How much a memory holds.</summary>
/// <param name="Files">Files with remembered code.</param>
/// <param name="Snippets">Windows of lines that can be recalled.</param>
/// <param name="Words">Different identifiers and parts of identifiers.</param>
/// <param name="BytesOnDisk">The database, its log and the journals together; 0 where nothing is kept on disk.</param>
/// <param name="Acceptances">Outcomes of suggestions.</param>
public sealed record MemoryStatistics(int Files, int Snippets, int Words, long BytesOnDisk, int Acceptances);
