using CodeComplete.Memory.Snippets;

namespace CodeComplete.Memory.Storage;

/// <summary>What is to be done to one file's document: replace it, give it a new stamp, or (neither) delete it.</summary>
internal readonly record struct FileChange(string Path, StoredFile? File, FileStamp? Stamp);

/// <summary>Something that is attached to a file's text.</summary>
/// <param name="Hash">Of the text it was made of.</param>
internal sealed record FilePart(string Path, Guid Hash, byte[] Blob);

/// <summary>Changes that wait to be written. Of several to one file only the last counts, so that typing does not wear the disk.</summary>
internal sealed class PendingChanges
{
    private readonly Dictionary<Guid, FileChange> _files = [];
    private readonly Dictionary<(PartKinds Kind, Guid File), FilePart?> _parts = [];
    private readonly Dictionary<PartKinds, string> _cleared = [];
    private readonly List<Acceptance> _acceptances = [];
    private readonly List<Guid> _removedAcceptances = [];

    /// <summary>By the key of the path.</summary>
    public IReadOnlyDictionary<Guid, FileChange> Files => _files;

    /// <summary>By one kind and the key of the path; <see langword="null"/>: to be deleted.</summary>
    public IReadOnlyDictionary<(PartKinds Kind, Guid File), FilePart?> Parts => _parts;

    /// <summary>All parts of one kind go, before any of <see cref="Parts"/> is written; the new ones come from this producer.</summary>
    public IReadOnlyDictionary<PartKinds, string> Cleared => _cleared;

    public IReadOnlyList<Acceptance> Acceptances => _acceptances;

    /// <summary>Acceptances to be deleted; none of <see cref="Acceptances"/> is among them.</summary>
    public IReadOnlyList<Guid> RemovedAcceptances => _removedAcceptances;

    /// <summary>The last change that is in it, or that was before it.</summary>
    public long Sequence { get; private set; }

    public int Count => _files.Count + _parts.Count + _cleared.Count + _acceptances.Count + _removedAcceptances.Count;

    public void Put(StoredFile file, long sequence)
    {
        _files[WorkspacePath.Key(file.Path)] = new FileChange(file.Path, file, null);
        Sequence = sequence;
    }

    public void Remove(string path, long sequence)
    {
        _files[WorkspacePath.Key(path)] = new FileChange(path, null, null);
        Sequence = sequence;
    }

    public void Restamp(string path, FileStamp stamp, long sequence)
    {
        var key = WorkspacePath.Key(path);
        _files[key] =
            _files.TryGetValue(key, out var waiting) && waiting.File is { } file
                ? new FileChange(path, file with { Stamp = stamp }, null)
                : new FileChange(path, null, stamp);
        Sequence = sequence;
    }

    public void Put(PartKinds kind, FilePart part, long sequence)
    {
        _parts[(kind, WorkspacePath.Key(part.Path))] = part;
        Sequence = sequence;
    }

    /// <summary>Takes away what is attached to a file.</summary>
    public void RemoveParts(PartKinds kinds, string path)
    {
        foreach (var kind in PartKind.Each(kinds))
        {
            _parts[(kind, WorkspacePath.Key(path))] = null;
        }
    }

    public void Clear(PartKinds kind, string producer, long sequence)
    {
        foreach (var part in _parts.Keys.Where(part => part.Kind == kind).ToList())
        {
            _parts.Remove(part);
        }

        _cleared[kind] = producer;
        Sequence = sequence;
    }

    public void Add(Acceptance acceptance) => _acceptances.Add(acceptance);

    public void Remove(IReadOnlyCollection<Guid> acceptances)
    {
        _acceptances.RemoveAll(acceptance => acceptances.Contains(acceptance.Id));
        _removedAcceptances.AddRange(acceptances);
    }
}
