namespace CodeComplete.Engine;

/// <summary>Who reads and writes a memory.</summary>
public enum MemoryOwner
{
    /// <summary>This process.</summary>
    ThisProcess,

    /// <summary>Another one, a server as a rule, which was asked.</summary>
    AnotherProcess,

    /// <summary>Another process has it and does not answer, or nothing can be kept: what is told is what this process alone has.</summary>
    Nobody,
}

/// <summary>What the memory of a workspace holds, and what it takes.</summary>
public sealed record MemoryReport
{
    /// <summary>The workspace's folder, absolute.</summary>
    public required string Workspace { get; init; }

    /// <summary>Where the memory lies, absolute.</summary>
    public required string Folder { get; init; }

    public required MemoryOwner Owner { get; init; }

    /// <summary>Files with remembered code.</summary>
    public required int Files { get; init; }

    /// <summary>Files whose code had to make room; they come back when they are edited.</summary>
    public required int EvictedFiles { get; init; }

    /// <summary>Windows of lines that can be recalled.</summary>
    public required int Snippets { get; init; }

    /// <summary>Snippets with a vector.</summary>
    public required int Vectors { get; init; }

    /// <summary>Files whose symbols are in the graph.</summary>
    public required int SymbolFiles { get; init; }

    /// <summary>Different token n-grams; <see langword="null"/> where there is no tokenizer to read them with.</summary>
    public required int? Ngrams { get; init; }

    /// <summary>Different identifiers and parts of identifiers.</summary>
    public required int Words { get; init; }

    /// <summary>Suggestions of which it is known what became of them: taken, in part, or refused.</summary>
    public required int Outcomes { get; init; }

    public required MemoryUse Disk { get; init; }

    /// <summary>About what it takes in the memory of the process that owns it.</summary>
    public required MemoryUse Memory { get; init; }
}

/// <summary>What something takes of what it may take.</summary>
/// <param name="Parts">What <paramref name="Bytes"/> is made of.</param>
public sealed record MemoryUse(long Bytes, long BudgetBytes, IReadOnlyList<MemoryUsePart> Parts);

/// <param name="Name">In words.</param>
public sealed record MemoryUsePart(string Name, long Bytes);

/// <summary>What was forgotten.</summary>
/// <param name="Files">Files of which something was.</param>
/// <param name="Outcomes">Outcomes of suggestions that were.</param>
/// <param name="Problem">What is in the way of erasing it wholly, in one line; <see langword="null"/>: it is in no file of the memory any more.</param>
public sealed record Forgotten(int Files, int Outcomes, string? Problem);
