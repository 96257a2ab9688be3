namespace CodeComplete.Memory;

/// <summary>Which workspace a <see cref="ProjectMemory"/> is of, where it is kept, and what stays out of it.</summary>
public sealed record MemoryOptions
{
    /// <summary>The workspace's folder, absolute. It names the memory: the same folder opens the same memory again.</summary>
    public required string WorkspaceRoot { get; init; }

    /// <summary>Where memories are kept, one folder a workspace; never inside the workspace by default.</summary>
    public string DataDirectory { get; init; } = DefaultDataDirectory;

    /// <summary>Files and folders to keep out, relative to the workspace root, in the pattern language of <c>.gitignore</c>.</summary>
    public IReadOnlyList<string> Exclude { get; init; } = [];

    /// <summary>Larger files are not read, in bytes.</summary>
    public long MaxFileBytes { get; init; } = 1024 * 1024;

    /// <summary>What the memory may take on disk, in bytes. Past it the least useful files go first; they come back when they are edited.</summary>
    public long DiskBudgetBytes { get; init; } = 256L * 1024 * 1024;

    /// <summary>What it may take in memory, in bytes, as it counts itself. Past it the least useful files go first.</summary>
    public long MemoryBudgetBytes { get; init; } = 100L * 1024 * 1024;

    /// <summary>
    /// Gives what makes the vectors; without the transformer's encoder, of the words alone. It is asked once, in the first idle time: loading an
    /// encoder takes as long as opening the memory does.
    /// </summary>
    public Func<IEmbedder> Embedder { get; init; } = static () => new HashingEmbedder();

    /// <summary>Tells how old an edit or an acceptance is.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>In a test, what is free on the disk, in bytes.</summary>
    internal Func<long>? FreeDiskBytes { get; init; }

    /// <summary>
    /// <c>codecomplete</c> in the user's data folder: <c>$XDG_DATA_HOME</c> or <c>~/.local/share</c> on Linux, the platform's own elsewhere.
    /// </summary>
    public static string DefaultDataDirectory
    {
        get
        {
            // .NET's LocalApplicationData follows XDG_DATA_HOME on Linux. It is empty where there is no home directory (some containers).
            var data = Environment.GetFolderPath(
                Environment.SpecialFolder.LocalApplicationData,
                Environment.SpecialFolderOption.DoNotVerify
            );
            return Path.Combine(data.Length > 0 ? data : Path.GetTempPath(), "codecomplete");
        }
    }
}
