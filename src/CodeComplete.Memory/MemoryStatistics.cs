namespace CodeComplete.Memory;

/// <summary>How much a memory holds, and what it takes.</summary>
public sealed record MemoryStatistics
{
    /// <summary>Files with remembered code.</summary>
    public required int Files { get; init; }

    /// <summary>Files whose code went for want of room; they come back when they are edited.</summary>
    public required int EvictedFiles { get; init; }

    /// <summary>Windows of lines that can be recalled.</summary>
    public required int Snippets { get; init; }

    /// <summary>Snippets with a vector; the others get theirs in idle time.</summary>
    public required int Vectors { get; init; }

    /// <summary>Files whose symbols are in the graph.</summary>
    public required int Symbols { get; init; }

    /// <summary>Different token n-grams.</summary>
    public required int Ngrams { get; init; }

    /// <summary>Different identifiers and parts of identifiers.</summary>
    public required int Words { get; init; }

    /// <summary>Outcomes of suggestions.</summary>
    public required int Acceptances { get; init; }

    /// <summary>All files of the memory together; 0 where nothing is kept on disk.</summary>
    public required long BytesOnDisk { get; init; }

    /// <summary>Of those, the database and its log.</summary>
    public required long DatabaseBytes { get; init; }

    /// <summary>Of those, what only makes openings fast.</summary>
    public required long ImageBytes { get; init; }

    /// <summary>Of those, the journals of acceptances.</summary>
    public required long JournalBytes { get; init; }

    /// <summary>About what the words, their lists and the files' names take in memory.</summary>
    public required long LexicalBytes { get; init; }

    /// <summary>About what the texts take in memory that were used last, or that no database holds.</summary>
    public required long TextBytes { get; init; }

    /// <summary>About what the vectors take in memory.</summary>
    public required long VectorBytes { get; init; }

    /// <summary>About what the symbol graph takes in memory.</summary>
    public required long SymbolBytes { get; init; }

    /// <summary>About what the counts of token n-grams take in memory.</summary>
    public required long NgramBytes { get; init; }

    /// <summary><see cref="MemoryOptions.DiskBudgetBytes"/>.</summary>
    public required long DiskBudgetBytes { get; init; }

    /// <summary><see cref="MemoryOptions.MemoryBudgetBytes"/>.</summary>
    public required long MemoryBudgetBytes { get; init; }

    /// <summary>About what it takes in memory, all together.</summary>
    public long BytesInMemory => LexicalBytes + TextBytes + VectorBytes + SymbolBytes + NgramBytes;
}
