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
    private readonly LexicalIndex _index;
    private readonly FileParts _parts;
    private readonly Func<RememberedFile, byte[]?> _textOf;

    // Made when it is first needed: until then nothing is near anything.
    private readonly Lazy<Made> _made;

    // What is taken in must be the newest text's, and what is dropped must stay so.
    private readonly Lock _gate = new();

    public VectorPart(Func<IEmbedder> embedder, LexicalIndex index, FileParts parts, Func<RememberedFile, byte[]?> textOf)
    {
        (_index, _parts, _textOf) = (index, parts, textOf);
        _made = new Lazy<Made>(() =>
        {
            var made = embedder();
            var store = new VectorStore(made.Dimensions);
            return new Made(made, store, new VectorSource(made, store, HitOf));
        });
    }

    /// <inheritdoc cref="IEmbedder.IsLexical"/>
    public bool IsLexical => !_made.IsValueCreated || Embedder.IsLexical;

    public long Bytes => _made.IsValueCreated ? Store.Bytes : 0;

    public int Count => _made.IsValueCreated ? Store.Count : 0;

    private IEmbedder Embedder => _made.Value.Embedder;

    private VectorStore Store => _made.Value.Store;

    public IReadOnlyList<(string Path, Guid Hash)> Stored() => _index.FilesWith(PartKinds.Vectors, attached: true);

    public void Load(string path, Guid hash)
    {
        if (_parts.Find(PartKinds.Vectors, Embedder.Id, path, hash) is { } blob)
        {
            Take(path, hash, blob);
        }
    }

    /// <summary>The files that have no vectors.</summary>
    public IReadOnlyList<(string Path, Guid Hash)> Lacking() => _parts.Lacking(PartKinds.Vectors, Embedder.Id);

    /// <summary>Makes the vectors of a file's text, unless the file has another text by now.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled; nothing was made.</exception>
    public void Read(string path, Guid hash, CancellationToken cancellation)
    {
        if (_index.Find(path) is not { } file || file.Hash != hash || _textOf(file) is not { } text)
        {
            return;
        }

        var windows = file.Spans.Select(span => Encoding.UTF8.GetString(text.AsSpan(span.Offset, span.Length))).ToList();
        var vectors = new float[windows.Count * Embedder.Dimensions];
        Embedder.Embed(windows, EmbeddedKind.Snippet, vectors, cancellation);
        var blob = new byte[vectors.Length];
        VectorQuantizer.Quantize(vectors, MemoryMarshal.Cast<byte, sbyte>(blob.AsSpan()));
        if (_parts.Put(PartKinds.Vectors, Embedder.Id, path, hash, blob))
        {
            Take(path, hash, blob);
        }
    }

    public void Dropped(string path)
    {
        lock (_gate)
        {
            if (_made.IsValueCreated)
            {
                Store.Remove(path);
            }
        }
    }

    public List<Hit> Search(RecallQuery query) => _made.IsValueCreated ? _made.Value.Source.Search(query) : [];

    private void Take(string path, Guid hash, byte[] blob)
    {
        lock (_gate)
        {
            if (_index.Find(path) is not { } file || !_index.Has(path, hash, PartKinds.Vectors))
            {
                return;
            }

            var vectors = MemoryMarshal.Cast<byte, sbyte>(blob);
            if (vectors.Length == file.Spans.Length * Embedder.Dimensions && !vectors.Contains(sbyte.MinValue))
            {
                Store.Put(path, vectors);
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

    private sealed record Made(IEmbedder Embedder, VectorStore Store, VectorSource Source);
}
