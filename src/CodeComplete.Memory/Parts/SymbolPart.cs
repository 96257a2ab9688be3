using System.Collections.Concurrent;
using CodeComplete.Memory.Lexical;
using CodeComplete.Memory.Storage;

namespace CodeComplete.Memory.Parts;

/// <summary>
/// Keeps the symbols that a file declares and refers to. They are made by whoever knows the language, first from the syntax alone, later with
/// what the names mean; here they are stored and put into the graph.
/// </summary>
internal sealed class SymbolPart : IFilePart
{
    private const string Producer = "symbols-1";

    // A query opens some files again and again.
    private const int MostOpened = 128;

    private readonly LexicalIndex _index;
    private readonly FileParts _parts;
    private readonly ConcurrentDictionary<string, (Guid Hash, FileSymbols Symbols)> _opened = new(WorkspacePath.Comparer);

    // Files of which only the syntax was read.
    private readonly ConcurrentDictionary<string, Guid> _unbound = new(WorkspacePath.Comparer);

    public SymbolPart(LexicalIndex index, FileParts parts)
    {
        (_index, _parts) = (index, parts);
        Graph = new SymbolGraph(Fetch);
    }

    public SymbolGraph Graph { get; }

    public long Bytes => Graph.Bytes;

    public void Load(CancellationToken cancellation)
    {
        foreach (var part in _parts.All(PartKinds.Graph, Producer))
        {
            cancellation.ThrowIfCancellationRequested();
            if (Read(part.Blob) is { } symbols)
            {
                Take(part.Path, part.Hash, symbols);
            }
        }
    }

    /// <summary>Others read symbols; see <see cref="Lacking"/>.</summary>
    public bool ReadNext(CancellationToken cancellation) => false;

    /// <summary>The files whose symbols are not known, or not bound.</summary>
    public IReadOnlyList<string> Lacking(bool bound)
    {
        var lacking = _parts.Lacking(PartKinds.Graph, Producer).Select(static file => file.Path);
        return [.. bound ? lacking.Union(_unbound.Keys, WorkspacePath.Comparer) : lacking];
    }

    /// <param name="hash">Of the text they were read from.</param>
    /// <returns><see langword="false"/> where the file has another text by now.</returns>
    public bool Put(string path, Guid hash, FileSymbols symbols)
    {
        if (!_parts.Put(PartKinds.Graph, Producer, path, hash, FileSymbolsBlob.Write(symbols)))
        {
            return false;
        }

        Take(path, hash, symbols);
        return true;
    }

    public void Dropped(string path)
    {
        _opened.TryRemove(path, out _);
        _unbound.TryRemove(path, out _);
        Graph.Remove(path);
    }

    public void Clear()
    {
        foreach (var path in _index.Paths())
        {
            Dropped(path);
        }
    }

    private void Take(string path, Guid hash, FileSymbols symbols)
    {
        Keep(path, hash, symbols);
        Graph.Put(path, symbols);
        if (symbols.IsBound)
        {
            _unbound.TryRemove(path, out _);
        }
        else
        {
            _unbound[path] = hash;
        }

        // It may have changed while this was under way.
        if (_index.Find(path)?.Hash != hash)
        {
            Dropped(path);
        }
    }

    private FileSymbols? Fetch(string path)
    {
        if (_index.Find(path) is not { } file)
        {
            return null;
        }

        if (_opened.TryGetValue(path, out var opened) && opened.Hash == file.Hash)
        {
            return opened.Symbols;
        }

        if (_parts.Find(PartKinds.Graph, Producer, path, file.Hash) is not { } blob || Read(blob) is not { } symbols)
        {
            return null;
        }

        Keep(path, file.Hash, symbols);
        return symbols;
    }

    private void Keep(string path, Guid hash, FileSymbols symbols)
    {
        if (_opened.Count >= MostOpened)
        {
            _opened.Clear();
        }

        _opened[path] = (hash, symbols);
    }

    private static FileSymbols? Read(byte[] blob)
    {
        try
        {
            return FileSymbolsBlob.Read(blob);
        }
        catch (InvalidDataException)
        {
            return null; // of another version; the file is read again in idle time
        }
    }
}
