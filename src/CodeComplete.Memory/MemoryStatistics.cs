namespace CodeComplete.Memory;

/// <summary>How much a memory holds.</summary>
public sealed record MemoryStatistics
{
    /// <summary>Files with remembered code.</summary>
    public required int Files { get; init; }

    /// <summary>Windows of lines that can be recalled.</summary>
    public required int Snippets { get; init; }

    /// <summary>Different identifiers and parts of identifiers.</summary>
    public required int Words { get; init; }

    /// <summary>All files of the memory together; 0 where nothing is kept on disk.</summary>
    public required long BytesOnDisk { get; init; }

    /// <summary>Outcomes of suggestions.</summary>
    public required int Acceptances { get; init; }
}
