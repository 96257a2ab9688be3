using System.Runtime.InteropServices;

namespace CodeComplete.Memory.Vectors;

/// <summary>
/// The vectors of all snippets, one byte a dimension, and exact search over them: at 200,000 snippets reading every one takes a few
/// milliseconds, and an approximate index would be larger, slower to change and sometimes wrong. For any number of threads, one at a time:
/// a large search uses several cores itself, and a put copies a file's few kilobytes.
/// </summary>
internal sealed class VectorStore
{
    /// <summary>One piece of memory for so many vectors; also what one core searches before it asks for more.</summary>
    private const int ChunkVectors = 4096;

    // Vectors lie without gaps, in any order: a removed one's place is taken by the last.
    private readonly List<sbyte[]> _chunks = [];
    private readonly List<Owner> _owners = [];
    private readonly Dictionary<string, Entry> _files = new(WorkspacePath.Comparer);
    private readonly Lock _gate = new();

    /// <param name="dimensions">A multiple of 32.</param>
    public VectorStore(int dimensions)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimensions, Int8Dot.Step);
        ArgumentOutOfRangeException.ThrowIfNotEqual(dimensions % Int8Dot.Step, 0, nameof(dimensions));
        Dimensions = dimensions;
    }

    public int Dimensions { get; }

    /// <summary>How many vectors there are.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _owners.Count;
            }
        }
    }

    /// <summary>What the vectors take in memory, paths left out.</summary>
    public long Bytes
    {
        get
        {
            lock (_gate)
            {
                return ((long)_chunks.Count * ChunkVectors * Dimensions) + ((long)_owners.Capacity * 16) + (_owners.Count * 4L);
            }
        }
    }

    /// <summary>Takes the vectors of a file's snippets, in their order, in place of those it had.</summary>
    /// <param name="vectors">Row by row, as <see cref="VectorQuantizer"/> makes them; it is these bytes that are stored of a file.</param>
    /// <exception cref="ArgumentException">Not whole vectors, or not made by the quantizer.</exception>
    public void Put(string path, ReadOnlySpan<sbyte> vectors)
    {
        if (vectors.Length % Dimensions != 0 || vectors.Contains(sbyte.MinValue))
        {
            throw new ArgumentException($"These are not int8 vectors of {Dimensions} dimensions.", nameof(vectors));
        }

        lock (_gate)
        {
            RemoveFile(path);
            var entry = new Entry(path, new int[vectors.Length / Dimensions]);
            for (var i = 0; i < entry.Slots.Length; i++)
            {
                var slot = entry.Slots[i] = _owners.Count;
                if (slot == _chunks.Count * ChunkVectors)
                {
                    _chunks.Add(GC.AllocateUninitializedArray<sbyte>(ChunkVectors * Dimensions));
                }

                _owners.Add(new Owner(entry, i));
                vectors.Slice(i * Dimensions, Dimensions).CopyTo(At(slot));
            }

            _files[path] = entry;
        }
    }

    /// <returns>Whether there was such a file.</returns>
    public bool Remove(string path)
    {
        lock (_gate)
        {
            return RemoveFile(path);
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _files.Clear();
            _owners.Clear();
            _owners.TrimExcess();
            _chunks.Clear();
        }
    }

    /// <summary>The nearest vectors, the nearest first; equally near ones by path and number.</summary>
    /// <param name="query">As <see cref="VectorQuantizer"/> makes it.</param>
    /// <param name="take">At most so many.</param>
    /// <param name="withoutPath">A file to leave out.</param>
    public IReadOnlyList<VectorMatch> Search(ReadOnlySpan<sbyte> query, int take, string? withoutPath = null)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(query.Length, Dimensions, nameof(query));
        ArgumentOutOfRangeException.ThrowIfLessThan(take, 1);
        var wide = new short[Dimensions];
        for (var i = 0; i < wide.Length; i++)
        {
            wide[i] = query[i];
        }

        var nearest = new NearestVectors(take);
        lock (_gate)
        {
            var leftOut = withoutPath is null ? null : _files.GetValueOrDefault(withoutPath);
            var merging = new Lock();
            Parallel.For(
                0,
                (_owners.Count + ChunkVectors - 1) / ChunkVectors,
                () => new NearestVectors(take),
                (chunk, _, ofThread) =>
                {
                    SearchChunk(chunk, wide, leftOut, ofThread);
                    return ofThread;
                },
                ofThread =>
                {
                    lock (merging)
                    {
                        nearest.AddAll(ofThread);
                    }
                }
            );
        }

        return
        [
            .. nearest
                .InOrder()
                .Select(static c => new VectorMatch(c.Path, c.Snippet, c.Dot / (float)(VectorQuantizer.Scale * VectorQuantizer.Scale))),
        ];
    }

    private void SearchChunk(int chunk, short[] query, Entry? leftOut, NearestVectors nearest)
    {
        ReadOnlySpan<sbyte> vectors = _chunks[chunk];
        var owners = CollectionsMarshal.AsSpan(_owners)[(chunk * ChunkVectors)..];
        owners = owners[..Math.Min(owners.Length, ChunkVectors)];
        for (var i = 0; i < owners.Length; i++)
        {
            var dot = Int8Dot.Dot(query, vectors.Slice(i * query.Length, query.Length));
            if (dot >= nearest.Least && owners[i].File != leftOut)
            {
                nearest.Add(new NearestVectors.Candidate(dot, owners[i].File.Path, owners[i].Snippet));
            }
        }
    }

    private bool RemoveFile(string path)
    {
        if (!_files.Remove(path, out var entry))
        {
            return false;
        }

        for (var i = entry.Slots.Length - 1; i >= 0; i--)
        {
            var slot = entry.Slots[i];
            var last = _owners.Count - 1;
            if (slot != last)
            {
                At(last).CopyTo(At(slot));
                _owners[slot] = _owners[last];
                _owners[slot].File.Slots[_owners[slot].Snippet] = slot;
            }

            _owners.RemoveAt(last);
        }

        // One chunk is kept for what comes next: an edit removes a file's vectors and puts the new ones.
        var needed = (_owners.Count / ChunkVectors) + 1;
        if (_chunks.Count > needed)
        {
            _chunks.RemoveRange(needed, _chunks.Count - needed);
        }

        return true;
    }

    private Span<sbyte> At(int slot) => _chunks[slot / ChunkVectors].AsSpan(slot % ChunkVectors * Dimensions, Dimensions);

    /// <param name="Slots">Where the vector of each of its snippets lies.</param>
    private sealed record Entry(string Path, int[] Slots);

    private readonly record struct Owner(Entry File, int Snippet);
}
