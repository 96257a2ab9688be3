using System.Security.Cryptography;
using System.Text;

namespace CodeComplete.Memory.Storage;

/// <summary>The folder that holds one workspace's memory, and the names of the files in it.</summary>
internal sealed class MemoryFolder
{
    private const string SetAsideMark = ".damaged-";

    // Each may be as large as the memory; older ones tell nobody anything.
    private const int MostSetAside = 3;

    private MemoryFolder(string path) => FolderPath = path;

    public string FolderPath { get; }

    /// <summary>The LiteDB file. A later file format takes another name, so that versions do not take each other's files for damaged.</summary>
    public string Database => Path.Combine(FolderPath, "memory.db");

    /// <summary>LiteDB's own write-ahead log; the name is LiteDB's choice.</summary>
    public string DatabaseLog => Path.Combine(FolderPath, "memory-log.db");

    /// <summary>A database that is being written to take the place of the first, and its log.</summary>
    public string UnfinishedDatabase => Path.Combine(FolderPath, "memory.new.db");

    /// <summary>The index, as memory wants it.</summary>
    public string IndexImage => Image("lexical");

    /// <summary>The words that are not to come back.</summary>
    public string ForgottenWords => Path.Combine(FolderPath, "forgotten.json");

    /// <summary>Held open by the process that owns the memory.</summary>
    public string Lock => Path.Combine(FolderPath, "owner.lock");

    /// <summary>The owner's journal of acceptances.</summary>
    public string Journal => Path.Combine(FolderPath, "acceptances.jsonl");

    /// <summary>The folder for a workspace: a part that people can read, and a hash that no two workspaces share.</summary>
    public static MemoryFolder Of(MemoryOptions options)
    {
        var root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(options.WorkspaceRoot));
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(WorkspacePath.IgnoresCase ? root.ToUpperInvariant() : root));
        var name = new string([
            .. Path.GetFileName(root).Where(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.').Take(40),
        ]);
        var folder = $"{name.Trim('.')}-{Convert.ToHexStringLower(hash.AsSpan(0, 8))}".TrimStart('-');
        return new MemoryFolder(Path.Combine(Path.GetFullPath(options.DataDirectory), "memory", folder));
    }

    /// <summary>Makes the folder, for this user only: it holds code.</summary>
    public void Create()
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(FolderPath);
        }
        else
        {
            Directory.CreateDirectory(FolderPath, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    /// <summary>A journal for a process that does not own the memory; no other process ever takes this name.</summary>
    public string NewVisitorJournal() => Path.Combine(FolderPath, $"acceptances-{Guid.NewGuid():N}.jsonl");

    /// <summary>The journals of processes that did not own the memory, whether they still run or not.</summary>
    public IReadOnlyList<string> VisitorJournals() =>
        Directory.Exists(FolderPath) ? Directory.GetFiles(FolderPath, "acceptances-*.jsonl") : [];

    /// <summary>A file that holds something of the database in the form in which memory wants it.</summary>
    public string Image(string name) => Path.Combine(FolderPath, name + ".image");

    /// <summary>Deletes what a kill has left half written.</summary>
    public void DeleteUnfinished()
    {
        foreach (
            var path in Directory.GetFiles(FolderPath, "*" + DurableFile.Unfinished).Concat(Directory.GetFiles(FolderPath, "memory.new*"))
        )
        {
            DurableFile.TryDelete(path);
        }
    }

    /// <summary>The images, and the damaged files that were set aside: all that can be made again or is of no use.</summary>
    public IEnumerable<string> Copies() =>
        Directory.GetFiles(FolderPath, "*.image").Concat(Directory.GetFiles(FolderPath, "*" + SetAsideMark + "*"));

    /// <summary>Renames a damaged database, with its log, out of the way.</summary>
    /// <returns>The new name, without the folder.</returns>
    public string SetDatabaseAside()
    {
        var taken = Directory
            .GetFiles(FolderPath, Path.GetFileName(Database) + SetAsideMark + "*")
            .Select(path => int.TryParse(path[(path.LastIndexOf('-') + 1)..], out var number) ? number : 0)
            .Order()
            .ToList();
        var next = taken.LastOrDefault() + 1;
        foreach (var old in taken.SkipLast(MostSetAside - 1))
        {
            File.Delete(Database + SetAsideMark + old);
            File.Delete(DatabaseLog + SetAsideMark + old);
        }

        File.Move(Database, Database + SetAsideMark + next);
        if (File.Exists(DatabaseLog))
        {
            File.Move(DatabaseLog, DatabaseLog + SetAsideMark + next);
        }

        return Path.GetFileName(Database) + SetAsideMark + next;
    }

    /// <summary>What is free on the disk of the folder, in bytes; very much where nobody can tell.</summary>
    public long FreeBytes()
    {
        try
        {
            var path = OperatingSystem.IsWindows() ? Path.GetPathRoot(FolderPath)! : FolderPath;
            return new DriveInfo(path).AvailableFreeSpace;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return long.MaxValue; // a share of a network, for one
        }
    }

    /// <summary>What all files of the memory take, in bytes; 0 where it cannot be read.</summary>
    /// <param name="pattern">Only of files with such a name.</param>
    public long Bytes(string pattern = "*")
    {
        try
        {
            return Directory.Exists(FolderPath) ? new DirectoryInfo(FolderPath).EnumerateFiles(pattern).Sum(static file => file.Length) : 0;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return 0; // a file went away meanwhile
        }
    }
}
