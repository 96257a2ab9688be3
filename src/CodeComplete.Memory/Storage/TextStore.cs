using CodeComplete.Memory.Snippets;

namespace CodeComplete.Memory.Storage;

/// <summary>
/// Gives the text of a remembered file: from the few megabytes used last; from those that no database holds (yet); from the database; or, where that
/// fails, from the workspace, if the file there is still the same. A text that is not the one its windows were cut from is never given.
/// </summary>
internal sealed class TextStore(Func<Guid, StoredFile?> stored, Func<RememberedFile, byte[]?> inWorkspace)
{
    private const long MostBytes = 4 * 1024 * 1024;

    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, StoredFile> _unsaved = [];
    private readonly Dictionary<Guid, LinkedListNode<(Guid Key, Guid Hash, byte[] Text)>> _recent = [];
    private readonly LinkedList<(Guid Key, Guid Hash, byte[] Text)> _newestFirst = [];
    private long _recentBytes;
    private long _unsavedBytes;

    /// <summary>What it takes in memory.</summary>
    public long Bytes
    {
        get
        {
            lock (_gate)
            {
                return _recentBytes + _unsavedBytes;
            }
        }
    }

    /// <summary>The cleaned text, UTF-8; <see langword="null"/> where it cannot be had any more.</summary>
    public byte[]? Find(RememberedFile file)
    {
        var key = WorkspacePath.Key(file.Path);
        StoredFile? unsaved;
        lock (_gate)
        {
            if (_recent.TryGetValue(key, out var node) && node.Value.Hash == file.Hash)
            {
                _newestFirst.Remove(node);
                _newestFirst.AddFirst(node);
                return node.Value.Text;
            }

            _unsaved.TryGetValue(key, out unsaved);
        }

        var text = TextOf(unsaved, file) ?? TextOf(Stored(key), file) ?? inWorkspace(file);
        if (text is null || text.Length != file.TextLength)
        {
            return null;
        }

        Keep(key, file.Hash, text);
        return text;
    }

    /// <summary>Keeps the text of a file until <see cref="Saved"/> says that the database has it.</summary>
    /// <param name="text">What is packed in it; just edited, it is likely to be asked for soon.</param>
    public void Hold(StoredFile file, byte[] text)
    {
        lock (_gate)
        {
            Hold(file);
            Keep(WorkspacePath.Key(file.Path), file.Hash, text);
        }
    }

    /// <summary>Keeps the text of a file that no database will have, unless a newer one is held.</summary>
    public void HoldIfMissing(StoredFile file)
    {
        lock (_gate)
        {
            if (!_unsaved.ContainsKey(WorkspacePath.Key(file.Path)))
            {
                Hold(file);
            }
        }
    }

    public void Remove(string path)
    {
        var key = WorkspacePath.Key(path);
        lock (_gate)
        {
            Release(key);
            Drop(key);
        }
    }

    /// <summary>The database holds these; those that have changed since stay held.</summary>
    public void Saved(IEnumerable<StoredFile> files)
    {
        lock (_gate)
        {
            foreach (var file in files)
            {
                var key = WorkspacePath.Key(file.Path);
                if (_unsaved.TryGetValue(key, out var held) && held.Hash == file.Hash)
                {
                    Release(key);
                }
            }
        }
    }

    private void Hold(StoredFile file)
    {
        var key = WorkspacePath.Key(file.Path);
        Release(key);
        _unsaved[key] = file;
        _unsavedBytes += file.Packed.Length;
    }

    private static byte[]? TextOf(StoredFile? stored, RememberedFile file)
    {
        try
        {
            return stored is not null && stored.Hash == file.Hash && stored.HasText ? stored.Text() : null;
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private StoredFile? Stored(Guid key)
    {
        try
        {
            return stored(key);
        }
        catch (Exception)
        {
            // LiteDB throws anything at all where its file is damaged or cannot be read; then there is the workspace.
            return null;
        }
    }

    private void Keep(Guid key, Guid hash, byte[] text)
    {
        lock (_gate)
        {
            Drop(key);
            _recent[key] = _newestFirst.AddFirst((key, hash, text));
            _recentBytes += text.Length;
            while (_recentBytes > MostBytes && _newestFirst.Last is { } oldest)
            {
                Drop(oldest.Value.Key);
            }
        }
    }

    private void Drop(Guid key)
    {
        if (_recent.Remove(key, out var node))
        {
            _newestFirst.Remove(node);
            _recentBytes -= node.Value.Text.Length;
        }
    }

    private void Release(Guid key)
    {
        if (_unsaved.Remove(key, out var held))
        {
            _unsavedBytes -= held.Packed.Length;
        }
    }
}
