namespace CodeComplete.Analysis;

public enum DiskChange
{
    Created,
    Changed,
    Deleted,
}

/// <summary>A change on disk, as a file watcher saw it. <paramref name="Path"/> is absolute.</summary>
public readonly record struct ChangedFile(string Path, DiskChange Change);
