using System.Runtime.InteropServices;
using System.Text;
using CodeComplete.Memory.Lexical;
using CodeComplete.Memory.Recalling;
using CodeComplete.Memory.Snippets;
using CodeComplete.Memory.Storage;
using CodeComplete.Memory.Vectors;

namespace CodeComplete.Memory.Parts;

/// <summary>Keeps a vector of each snippet: made in idle time, stored beside the file, searched in memory.</summary>
internal sealed class VectorPart : IFilePart
{
    private readonly IEmbedder _embedder;
    private readonly LexicalIndex _index;
    private readonly FileParts _parts;
    private readonly Func<RememberedFile, byte[]?> _textOf;
    private readonly VectorStore _store;
    private readonly VectorSource _source;

    // What is taken in must be the newest text's, and what is dropped must stay so.
    private readonly Lock _gate = new();

    public VectorPart(IEmbedder embedder, LexicalIndex index, FileParts parts, Func<RememberedFile, byte[]?> textOf)
    {
        (_embedder, _index, _parts, _textOf) = (embedder, index, parts, textOf);
        _store = new VectorStore(embedder.Dimensions);
        _source = new VectorSource(embedder, _store, HitOf);
    }

    /// <inheritdoc cref="IEmbedder.IsLexical"/>
    public bool IsLexical => _embedder.IsLexical;

    public long Bytes => _store.Bytes;

    public int Count => _store.Count;

    public IReadOnlyList<(string Path, Guid Hash)> Stored() => _index.FilesWith(PartKinds.Vectors, attached: true);

    public void Load(string path, Guid hash)
    {
        if (_parts.Find(PartKinds.Vectors, _embedder.Id, path, hash) is { } blob)
        {
            Take(path, hash, blob);
        }
    }

    /// <summary>The files that have no vectors.</summary>
    public IReadOnlyList<(string Path, Guid Hash)> Lacking() => _parts.Lacking(PartKinds.Vectors, _embedder.Id);

    /// <summary>Makes the vectors of a file's text, unless the file has another text by now.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled; nothing was made.</exception>
    public void Read(string path, Guid hash, CancellationToken cancellation)
    {
        if (_index.Find(path) is not { } file || file.Hash != hash || _textOf(file) is not { } text)
        {
            return;
        }

        var windows = file.Spans.Select(span => Encoding.UTF8.GetString(text.AsSpan(span.Offset, span.Length))).ToList();
        var vectors = new float[windows.Count * _embedder.Dimensions];
        _embedder.Embed(windows, EmbeddedKind.Snippet, vectors, cancellation);
        var blob = new byte[vectors.Length];
        VectorQuantizer.Quantize(vectors, MemoryMarshal.Cast<byte, sbyte>(blob.AsSpan()));
        if (_parts.Put(PartKinds.Vectors, _embedder.Id, path, hash, blob))
        {
            Take(path, hash, blob);
        }
    }

    public void Dropped(string path)
    {
        lock (_gate)
        {
            _store.Remove(path);
        }
    }

    public List<Hit> Search(RecallQuery query) => _source.Search(query);

    private void Take(string path, Guid hash, byte[] blob)
    {
        lock (_gate)
        {
            if (_index.Find(path) is not { } file || !_index.Has(path, hash, PartKinds.Vectors))
            {
                return;
            }

            var vectors = MemoryMarshal.Cast<byte, sbyte>(blob);
            if (vectors.Length == file.Spans.Length * _embedder.Dimensions && !vectors.Contains(sbyte.MinValue))
            {
                _store.Put(path, vectors);
                return;
            }
        }

        // Not what the quantizer makes of this file; it is made again.
        _index.Detach(path, hash, PartKinds.Vectors);
    }

    private Hit? HitOf(VectorMatch match)
    {
        if (_index.Find(match.Path) is not { } file || match.Snippet >= file.Spans.Length)
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
            Text = () => _textOf(file) is { } text ? Encoding.UTF8.GetString(text.AsSpan(span.Offset, span.Length)) : null,
            Reason = "is like it",
        };
    }
}
