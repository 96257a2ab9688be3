using CodeComplete.Memory.Snippets;

namespace CodeComplete.Memory.Lexical;

// What is noted of the files themselves: what is attached to them, and how useful they have been.
internal sealed partial class LexicalIndex
{
    /// <summary>How many changes and recalls there have been.</summary>
    public long Clock
    {
        get
        {
            lock (_gate)
            {
                return _clock;
            }
        }
    }

    /// <summary>Notes that something is attached to a file's text.</summary>
    /// <returns><see langword="false"/> where the file has another text by now, or is gone.</returns>
    public bool Attach(string path, Guid hash, PartKinds kind)
    {
        lock (_gate)
        {
            if (!_files.TryGetValue(path, out var file) || file.File.Hash != hash || file.File.State != FileState.Kept)
            {
                return false;
            }

            file.Parts |= kind;
            return true;
        }
    }

    /// <summary>Is this attached to this text, and the text still the file's?</summary>
    public bool Has(string path, Guid hash, PartKinds kind)
    {
        lock (_gate)
        {
            return _files.TryGetValue(path, out var file) && file.File.Hash == hash && file.Parts.HasFlag(kind);
        }
    }

    /// <summary>What was attached to this text cannot be had any more.</summary>
    public void Detach(string path, Guid hash, PartKinds kind)
    {
        lock (_gate)
        {
            if (_files.TryGetValue(path, out var file) && file.File.Hash == hash)
            {
                file.Parts &= ~kind;
            }
        }
    }

    /// <summary>Nothing of this kind is attached any more.</summary>
    public void Detach(PartKinds kind)
    {
        lock (_gate)
        {
            foreach (var file in _files.Values)
            {
                file.Parts &= ~kind;
            }
        }
    }

    /// <summary>The files that have all of these parts or, where <paramref name="attached"/> is false, lack one.</summary>
    public IReadOnlyList<(string Path, Guid Hash)> FilesWith(PartKinds kind, bool attached)
    {
        lock (_gate)
        {
            return
            [
                .. _files
                    .Values.Where(file => file.File.State == FileState.Kept && file.Parts.HasFlag(kind) == attached)
                    .Select(static file => (file.File.Path, file.File.Hash)),
            ];
        }
    }

    /// <summary>Notes that a file's code was recalled.</summary>
    public void Touch(string path)
    {
        lock (_gate)
        {
            if (_files.TryGetValue(path, out var file))
            {
                (file.LastUse, file.Recalls) = (++_clock, file.Recalls + 1);
            }
        }
    }

    /// <summary>
    /// The files with text, the least useful first. What a file is worth grows with how often and how lately it was recalled or edited and falls
    /// with its size, as in greedy-dual caches (Cherkasova, Improving WWW Proxies Performance with Greedy-Dual-Size-Frequency Caching, 1998).
    /// </summary>
    public IReadOnlyList<RememberedFile> LeastUsefulFirst()
    {
        lock (_gate)
        {
            return
            [
                .. _files
                    .Values.Where(static file => file.File.State.HasText)
                    .OrderBy(file => Worth(file, _clock))
                    .ThenBy(static file => file.File.Path, StringComparer.Ordinal)
                    .Select(static file => file.File),
            ];
        }
    }

    /// <summary>How many files are in a state.</summary>
    public int Count(FileState state)
    {
        lock (_gate)
        {
            return _files.Values.Count(file => file.File.State == state);
        }
    }

    private static double Worth(IndexedFile file, long now)
    {
        // From 0.1 for what was never used since the first file came to 1.1 for what was used just now.
        var recency = 0.1 + (file.LastUse / Math.Max(1.0, now));
        return recency * (1 + file.Recalls) / (1 + file.File.TextLength);
    }
}
