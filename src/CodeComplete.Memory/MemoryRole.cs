namespace CodeComplete.Memory;

/// <summary>What a process is to a memory that several may have open.</summary>
public enum MemoryRole
{
    /// <summary>It reads and writes the database, indexes the workspace, and answers the others.</summary>
    Owner,

    /// <summary>It asks the owner.</summary>
    Visitor,

    /// <summary>Another process is the owner and does not answer, or nothing can be kept: it has what it has read itself.</summary>
    Alone,
}
