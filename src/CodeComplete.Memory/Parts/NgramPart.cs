using System.Collections.Concurrent;
using System.Text;
using CodeComplete.Memory.Lexical;
using CodeComplete.Memory.Snippets;
using CodeComplete.Memory.Storage;

namespace CodeComplete.Memory.Parts;

/// <summary>Counts the token n-grams of all files: made in idle time, kept as one image that names the files it counts.</summary>
internal sealed class NgramPart(ITokenEncoder encoder, LexicalIndex index, FileParts parts, Func<RememberedFile, byte[]?> textOf)
    : IFilePart
{
    // Beyond this share of files that changed unseen, counting again is the better way.
    private const double MostStale = 0.2;

    // By path: the hash of the text that is counted.
    private readonly ConcurrentDictionary<string, Guid> _counted = new(WorkspacePath.Comparer);

    // Subtracting one text while another is added would lose counts.
    private readonly Lock _writing = new();

    public NgramStore Store { get; private set; } = new(encoder.Id);

    public long Bytes => Store.Bytes;

    public void Load(CancellationToken cancellation)
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

    public bool ReadNext(CancellationToken cancellation)
    {
        foreach (var (path, hash) in parts.Lacking(PartKinds.Ngrams, encoder.Id))
        {
            if (index.Find(path) is not { } file || file.Hash != hash || textOf(file) is not { } text)
            {
                continue;
            }

            if (_counted.GetValueOrDefault(path) == hash)
            {
                index.Attach(path, hash, PartKinds.Ngrams);
                continue;
            }

            var tokens = Tokens(text);
            lock (_writing)
            {
                // Once, whoever else reads at the same time.
                if (_counted.GetValueOrDefault(path) != hash && parts.Put(PartKinds.Ngrams, encoder.Id, path, hash, []))
                {
                    Store.Add(tokens);
                    _counted[path] = hash;
                }
            }

            return true;
        }

        return false;
    }

    /// <summary>Takes a text out of the counts again, before it is replaced.</summary>
    public void Replacing(RememberedFile file)
    {
        if (_counted.TryGetValue(file.Path, out var hash) && hash == file.Hash && textOf(file) is { } text)
        {
            var tokens = Tokens(text);
            lock (_writing)
            {
                if (_counted.TryRemove(file.Path, out _))
                {
                    Store.Subtract(tokens);
                }
            }
        }
    }

    public void Dropped(string path) => _counted.TryRemove(path, out _);

    public void Clear()
    {
        lock (_writing)
        {
            Store.Clear();
            _counted.Clear();
            index.Detach(PartKinds.Ngrams);
        }
    }

    /// <summary>Keeps the counts as they are now.</summary>
    public void Save()
    {
        lock (_writing)
        {
            if (_counted.IsEmpty)
            {
                return;
            }

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
        catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException or ArgumentException)
        {
            return (null, []); // it is counted again
        }
    }

    private int[] Tokens(byte[] text) => [.. encoder.Encode(Encoding.UTF8.GetString(text))];
}
