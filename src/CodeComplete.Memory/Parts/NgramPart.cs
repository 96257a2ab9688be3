using System.Collections.Concurrent;
using System.Text;
using CodeComplete.Memory.Lexical;
using CodeComplete.Memory.Snippets;
using CodeComplete.Memory.Storage;

namespace CodeComplete.Memory.Parts;

/// <summary>Counts the token n-grams of all files: made in idle time, kept as one image that names the files it counts.</summary>
internal sealed class NgramPart(ITokenEncoder encoder, LexicalIndex index, FileParts parts, Func<RememberedFile, byte[]?> textOf)
{
    // Beyond this share of files that changed unseen, counting again is the better way.
    private const double MostStale = 0.2;

    // So many files are counted again in some seconds of idle time, where a kill has cost the image.
    private const int ChangesWorthAnImage = 64;

    // What was replaced beyond that, as when a branch is switched, stays counted: it was the project's code.
    private const long MostReplacedBytes = 4 * 1024 * 1024;

    // By path: the hash of the text that is counted. Of an evicted file, too: it is still the project's.
    private readonly ConcurrentDictionary<string, Guid> _counted = new(WorkspacePath.Comparer);

    // Texts to be taken out of the counts again.
    private readonly Queue<byte[]> _replaced = new();
    private long _replacedBytes;
    private int _changes;

    // The counts and what is noted of them change together. It is never asked for under the store's lock: who holds it asks for that one.
    private readonly Lock _writing = new();

    public NgramStore Store { get; private set; } = new(encoder.Id);

    /// <summary>What it takes in memory.</summary>
    public long Bytes => Store.Bytes + Interlocked.Read(ref _replacedBytes);

    /// <summary>How many texts wait for <see cref="SubtractNext"/>.</summary>
    public int Replaced
    {
        get
        {
            lock (_writing)
            {
                return _replaced.Count;
            }
        }
    }

    /// <summary>Takes in the counts as they were saved. Files that they do not count are lacking from then on.</summary>
    public void LoadImage()
    {
        var (store, counted) = ReadImage();
        var current = counted.Where(file => index.Find(file.Key)?.Hash == file.Value).ToList();
        lock (_writing)
        {
            if (store is not null && current.Count >= (1 - MostStale) * counted.Count)
            {
                Store = store;
                foreach (var (path, hash) in current)
                {
                    _counted[path] = hash;
                }
            }
        }

        // Counted after the image was made, by a process that did not come to make another.
        foreach (var (path, hash) in index.FilesWith(PartKinds.Ngrams, attached: true))
        {
            if (_counted.GetValueOrDefault(path) != hash)
            {
                index.Detach(path, hash, PartKinds.Ngrams);
            }
        }
    }

    /// <summary>The files that are not counted.</summary>
    public IReadOnlyList<(string Path, Guid Hash)> Lacking() => parts.Lacking(PartKinds.Ngrams, encoder.Id);

    /// <summary>Counts a file's text, unless the file has another text by now.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled; nothing was counted.</exception>
    public void Read(string path, Guid hash, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (_counted.GetValueOrDefault(path) == hash)
        {
            index.Attach(path, hash, PartKinds.Ngrams);
            return;
        }

        if (index.Find(path) is not { } file || file.Hash != hash || textOf(file) is not { } text)
        {
            return;
        }

        var tokens = Tokens(text);
        lock (_writing)
        {
            // Both or neither: what is forgotten in between must not be counted.
            if (parts.Put(PartKinds.Ngrams, encoder.Id, path, hash, []))
            {
                Store.Add(tokens);
                _counted[path] = hash;
                _changes++;
            }
        }
    }

    /// <summary>
    /// A text is about to be replaced, and is to be taken out of the counts again; later, by <see cref="SubtractNext"/>, since making its tokens
    /// takes long and somebody types.
    /// </summary>
    public void Replacing(RememberedFile file)
    {
        if (
            !file.State.HasText
            || !_counted.TryGetValue(file.Path, out var hash)
            || hash != file.Hash
            || Interlocked.Read(ref _replacedBytes) + file.TextLength > MostReplacedBytes
            || textOf(file) is not { } text
        )
        {
            return;
        }

        lock (_writing)
        {
            if (_counted.TryRemove(new KeyValuePair<string, Guid>(file.Path, hash)))
            {
                _replaced.Enqueue(text);
                _replacedBytes += text.Length;
            }
        }
    }

    /// <summary>Takes one text out of the counts.</summary>
    /// <returns><see langword="false"/>: there was none.</returns>
    public bool SubtractNext()
    {
        lock (_writing)
        {
            if (!_replaced.TryDequeue(out var text))
            {
                return false;
            }

            _replacedBytes -= text.Length;
            Store.Subtract(Tokens(text));
            _changes++;
            return true;
        }
    }

    /// <summary>A file is gone.</summary>
    public void Removed(string path) => _counted.TryRemove(path, out _);

    public void Clear()
    {
        lock (_writing)
        {
            Store.Clear();
            _counted.Clear();
            _replaced.Clear();
            _replacedBytes = 0;
            _changes++;
            index.Detach(PartKinds.Ngrams);
        }
    }

    /// <summary>Keeps the counts as they are now, where enough has changed.</summary>
    /// <param name="atLeast">So many files.</param>
    public void Save(int atLeast = ChangesWorthAnImage)
    {
        lock (_writing)
        {
            if (_changes < atLeast)
            {
                return;
            }

            while (SubtractNext())
            {
                // What is not counted any more must not be in the image.
            }

            _changes = 0;
            var bytes = new MemoryStream();
            using var writer = new BinaryWriter(bytes, Encoding.UTF8, leaveOpen: true);
            writer.Write(_counted.Count);
            foreach (var (path, hash) in _counted)
            {
                writer.Write(path);
                writer.Write(hash.ToByteArray());
            }

            writer.Write(Store.Save());
            writer.Flush();
            parts.PutImage(PartKinds.Ngrams, encoder.Id, bytes.ToArray());
        }
    }

    private (NgramStore? Store, Dictionary<string, Guid> Counted) ReadImage()
    {
        var counted = new Dictionary<string, Guid>(WorkspacePath.Comparer);
        if (parts.Image(PartKinds.Ngrams, encoder.Id) is not { } image)
        {
            return (null, counted);
        }

        try
        {
            var bytes = new MemoryStream(image);
            using var reader = new BinaryReader(bytes, Encoding.UTF8);
            for (var left = reader.ReadInt32(); left > 0; left--)
            {
                counted[reader.ReadString()] = new Guid(reader.ReadBytes(16));
            }

            return (NgramStore.Load(image.AsSpan((int)bytes.Position), encoder.Id), counted);
        }
        catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException or ArgumentException or FormatException)
        {
            return (null, []); // it is counted again
        }
    }

    private int[] Tokens(byte[] text) => [.. encoder.Encode(Encoding.UTF8.GetString(text))];
}
