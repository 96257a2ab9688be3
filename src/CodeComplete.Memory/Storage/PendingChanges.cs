using CodeComplete.Memory.Snippets;

namespace CodeComplete.Memory.Storage;

/// <summary>What is to be done to one file's document: replace it, give it a new stamp, or (neither) delete it.</summary>
internal readonly record struct FileChange(CutFile? File, FileStamp? Stamp);

/// <summary>Changes that wait to be written. Of several to one file only the last counts, so that typing does not wear the disk.</summary>
internal sealed class PendingChanges
{
    private readonly Dictionary<Guid, FileChange> _files = [];
    private readonly List<Acceptance> _acceptances = [];

    /// <summary>By the key of the path.</summary>
    public IReadOnlyDictionary<Guid, FileChange> Files => _files;

    public IReadOnlyList<Acceptance> Acceptances => _acceptances;

    public int Count => _files.Count + _acceptances.Count;

    public void Put(CutFile file) => _files[WorkspacePath.Key(file.File.Path)] = new FileChange(file, null);

    public void Remove(string path) => _files[WorkspacePath.Key(path)] = default;

    public void Restamp(string path, FileStamp stamp)
    {
        var key = WorkspacePath.Key(path);
        _files[key] =
            _files.TryGetValue(key, out var waiting) && waiting.File is { } file
                ? new FileChange(file with { File = file.File with { Stamp = stamp } }, null)
                : new FileChange(null, stamp);
    }

    public void Add(Acceptance acceptance) => _acceptances.Add(acceptance);
}
