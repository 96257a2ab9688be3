using System.Runtime.InteropServices;
using System.Text;
using CodeComplete.Memory.Lexical;
using CodeComplete.Memory.Recalling;
using CodeComplete.Memory.Snippets;
using CodeComplete.Memory.Storage;
using CodeComplete.Memory.Vectors;

namespace CodeComplete.Memory.Parts;

/// <summary>Keeps a vector of each snippet: made in idle time, stored beside the file, searched in memory.</summary>
internal sealed class VectorPart(IEmbedder embedder, LexicalIndex index, FileParts parts, Func<RememberedFile, byte[]?> textOf) : IFilePart
{
    private readonly VectorStore _store = new(embedder.Dimensions);

    public long Bytes => _store.Bytes;

    public int Count => _store.Count;

    public void Load(CancellationToken cancellation)
    {
        foreach (var part in parts.All(PartKinds.Vectors, embedder.Id))
        {
            cancellation.ThrowIfCancellationRequested();
            if (part.Blob.Length % embedder.Dimensions == 0)
            {
                Take(part.Path, part.Hash, part.Blob);
            }
        }
    }

    public bool ReadNext(CancellationToken cancellation)
    {
        foreach (var (path, hash) in parts.Lacking(PartKinds.Vectors, embedder.Id))
        {
            if (index.Find(path) is not { } file || file.Hash != hash || textOf(file) is not { } text)
            {
                continue;
            }

            var windows = file.Spans.Select(span => Encoding.UTF8.GetString(text.AsSpan(span.Offset, span.Length))).ToList();
            var vectors = new float[windows.Count * embedder.Dimensions];
            embedder.Embed(windows, vectors, cancellation);
            var blob = new byte[vectors.Length];
            VectorQuantizer.Quantize(vectors, MemoryMarshal.Cast<byte, sbyte>(blob.AsSpan()));
            if (parts.Put(PartKinds.Vectors, embedder.Id, path, hash, blob))
            {
                Take(path, hash, blob);
            }

            return true;
        }

        return false;
    }

    public void Dropped(string path) => _store.Remove(path);

    public void Clear() => _store.Clear();

    public List<Hit> Search(RecallQuery query) => new VectorSource(embedder, _store, HitOf).Search(query);

    private void Take(string path, Guid hash, byte[] blob)
    {
        _store.Put(path, MemoryMarshal.Cast<byte, sbyte>(blob));
        // It may have changed while this was under way; then it has been dropped already, and is lacking.
        if (index.Find(path)?.Hash != hash)
        {
            _store.Remove(path);
        }
    }

    private Hit? HitOf(VectorMatch match)
    {
        if (index.Find(match.Path) is not { } file || match.Snippet >= file.Spans.Length)
        {
            return null;
        }

        var span = file.Spans[match.Snippet];
        return new Hit
        {
            Source = RecallSources.Vectors,
            Path = file.Path,
            StartLine = span.StartLine,
            Lines = span.Lines,
            Text = () => textOf(file) is { } text ? Encoding.UTF8.GetString(text.AsSpan(span.Offset, span.Length)) : null,
            Reason = "is like it",
        };
    }
}
