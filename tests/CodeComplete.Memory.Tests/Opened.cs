using CodeComplete.Memory.Storage;
using CodeComplete.Testing;

namespace CodeComplete.Memory.Tests;

/// <summary>A workspace folder and a data folder of a test's own, and memories opened on them.</summary>
internal sealed class Opened : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<ProjectMemory> _memories = [];

    public Opened() => Directory.CreateDirectory(Workspace);

    public string Workspace => Path.Combine(_folder.Path, "shop");

    public string Data => Path.Combine(_folder.Path, "data");

    public MemoryOptions Options => new() { WorkspaceRoot = Workspace, DataDirectory = Data };

    public ProjectMemory Open(MemoryOptions? options = null)
    {
        var memory = ProjectMemory.Open(options ?? Options);
        _memories.Add(memory);
        return memory;
    }

    /// <summary>Writes a file into the workspace and returns its full path.</summary>
    public string Write(string path, string text) => _folder.Write(Path.Combine("shop", path), text);

    /// <summary>All bytes of all files that the memory keeps, and all texts that are compressed in them. No memory may be open.</summary>
    public byte[] AllStoredBytes()
    {
        // A socket has none.
        var files = Directory
            .EnumerateFiles(Data, "*", SearchOption.AllDirectories)
            .Where(static path => Path.GetExtension(path) != ".sock")
            .ToList();
        var bytes = files.SelectMany(File.ReadAllBytes).ToList();
        foreach (var path in files.Where(path => Path.GetFileName(path) == "memory.db"))
        {
            using var database = MemoryDatabase.Open(path);
            bytes.AddRange(database.Files().SelectMany(file => file.Text()));
        }

        return [.. bytes];
    }

    /// <summary>Deletes what only makes openings fast.</summary>
    public static void DeleteImages(string databasePath) =>
        Array.ForEach(Directory.GetFiles(Path.GetDirectoryName(databasePath)!, "*.image"), File.Delete);

    public static Acceptance Acceptance(string text, int minute = 0, AcceptanceKind kind = AcceptanceKind.Accepted) =>
        new()
        {
            Path = "Billing/Invoice.cs",
            Text = text,
            Before = "        return invoice.",
            When = new DateTimeOffset(2025, 3, 1, 12, minute, 0, TimeSpan.FromHours(2)),
            Kind = kind,
        };

    /// <summary>Asks for all that is found, worth it or not.</summary>
    public static RecallQuery Query(string text, string path = "Editing.cs", int most = 3) =>
        new()
        {
            Text = text,
            Path = path,
            MaxSnippets = most,
            LeastCoverage = 0,
            // A visitor that has waited long enough for its owner shows nothing, which on a busy machine is no finding.
            Patience = TimeSpan.FromMinutes(1),
        };

    /// <summary>An owner that answers nobody.</summary>
    public IDisposable HoldLock()
    {
        var folder = MemoryFolder.Of(Options);
        folder.Create();
        return OwnerLock.TryTake(folder.Lock) ?? throw new InvalidOperationException("There is an owner.");
    }

    /// <summary>Waits until the memory is this to its process.</summary>
    public static async Task BecomesAsync(ProjectMemory memory, MemoryRole role)
    {
        var changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        memory.OwnershipChanged += () =>
        {
            if (memory.Role == role)
            {
                changed.TrySetResult();
            }
        };
        if (memory.Role != role)
        {
            await changed.Task.WaitAsync(TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Closes the memories that are open, as a process does that ends well.</summary>
    public void Close()
    {
        _memories.ForEach(static memory => memory.Dispose());
        _memories.Clear();
    }

    public ProjectMemory Reopen()
    {
        Close();
        return Open();
    }

    public void Dispose()
    {
        Close();
        _folder.Dispose();
    }
}
