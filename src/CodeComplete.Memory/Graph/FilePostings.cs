namespace CodeComplete.Memory.Graph;

/// <summary>
/// Which files mention a key. Of a key only a hash of 32 bits is kept, so that a posting is 8 bytes: a file may be named that does not
/// mention it, but none is left out. Not thread-safe.
/// </summary>
internal sealed class FilePostings
{
    /// <summary>Few enough to be read through at each question, enough that merging is rare.</summary>
    private const int MostPending = 16_384;

    private readonly List<string?> _paths = [];
    private readonly Stack<int> _free = [];
    private readonly Dictionary<string, int> _files = new(WorkspacePath.Comparer);

    // Files whose postings wait for the next merge to be dropped; only then are their numbers given to others.
    private readonly HashSet<int> _gone = [];

    // The hash in the upper half, the file's number in the lower; sorted.
    private ulong[] _sorted = [];
    private readonly List<ulong> _pending = [];

    public int Files => _files.Count;

    /// <summary>What the postings take in memory, paths left out.</summary>
    public long Bytes => sizeof(ulong) * ((long)_sorted.Length + _pending.Capacity);

    /// <summary>Puts a file in the place of what was known under its path.</summary>
    public void Put(string path, IReadOnlySet<int> keys)
    {
        Remove(path);
        if (!_free.TryPop(out var file))
        {
            file = _paths.Count;
            _paths.Add(null);
        }

        _paths[file] = path;
        _files[path] = file;
        foreach (var key in keys)
        {
            _pending.Add(Posting(key, file));
        }

        if (_pending.Count >= MostPending)
        {
            Merge();
        }
    }

    public void Remove(string path)
    {
        if (_files.Remove(path, out var file))
        {
            _paths[file] = null;
            _gone.Add(file);
        }
    }

    /// <summary>The paths that mention <paramref name="key"/>, and perhaps a few more; in no order, each once.</summary>
    public IEnumerable<string> Find(int key)
    {
        var (from, to) = (Posting(key, 0), Posting(key, -1));
        var at = Array.BinarySearch(_sorted, from);
        for (var i = at < 0 ? ~at : at; i < _sorted.Length && _sorted[i] <= to; i++)
        {
            if (_paths[(int)_sorted[i]] is { } path)
            {
                yield return path;
            }
        }

        foreach (var posting in _pending)
        {
            if (posting >= from && posting <= to && _paths[(int)posting] is { } path)
            {
                yield return path;
            }
        }
    }

    private static ulong Posting(int key, int file) => ((ulong)(uint)key << 32) | (uint)file;

    private void Merge()
    {
        _pending.RemoveAll(IsGone);
        _pending.Sort();
        var standing = _gone.Count == 0 ? _sorted : Array.FindAll(_sorted, posting => !IsGone(posting));
        var merged = new ulong[standing.Length + _pending.Count];
        for (int i = 0, a = 0, b = 0; i < merged.Length; i++)
        {
            merged[i] = b == _pending.Count || (a < standing.Length && standing[a] < _pending[b]) ? standing[a++] : _pending[b++];
        }

        _sorted = merged;
        _pending.Clear();
        foreach (var file in _gone)
        {
            _free.Push(file);
        }

        _gone.Clear();

        bool IsGone(ulong posting) => _gone.Contains((int)posting);
    }
}
