using System.Collections.Concurrent;
using CodeComplete.Memory.Lexical;
using CodeComplete.Memory.Snippets;
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

    // What is taken in must be the newest text's, and what is dropped must stay so.
    private readonly Lock _gate = new();
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

    public IReadOnlyList<(string Path, Guid Hash)> Stored() => _index.FilesWith(PartKinds.Graph, attached: true);

    public void Load(string path, Guid hash)
    {
        if (Find(path, hash) is { } symbols)
        {
            Take(path, hash, symbols);
        }
    }

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
        symbols = WithoutSecrets(symbols);
        if (!_parts.Put(PartKinds.Graph, Producer, path, hash, FileSymbolsBlob.Write(symbols)))
        {
            return false;
        }

        Take(path, hash, symbols);
        return true;
    }

    public void Dropped(string path)
    {
        lock (_gate)
        {
            _opened.TryRemove(path, out _);
            _unbound.TryRemove(path, out _);
            Graph.Remove(path);
        }
    }

    // They were read from the file as it is: a parameter's default value or a constant may be a key.
    private static FileSymbols WithoutSecrets(FileSymbols symbols) =>
        symbols with
        {
            Nodes = [.. symbols.Nodes.Select(static node => node with { Signature = SourceCleaner.Clean(node.Signature) })],
        };

    private void Take(string path, Guid hash, FileSymbols symbols)
    {
        lock (_gate)
        {
            if (!_index.Has(path, hash, PartKinds.Graph))
            {
                return;
            }

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

        if (Find(path, file.Hash) is not { } symbols)
        {
            return null;
        }

        lock (_gate)
        {
            if (_index.Has(path, file.Hash, PartKinds.Graph))
            {
                Keep(path, file.Hash, symbols);
            }
        }

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

    private FileSymbols? Find(string path, Guid hash)
    {
        try
        {
            return _parts.Find(PartKinds.Graph, Producer, path, hash) is { } blob ? FileSymbolsBlob.Read(blob) : null;
        }
        catch (InvalidDataException)
        {
            // Of another version: the file is read again in idle time.
            _index.Detach(path, hash, PartKinds.Graph);
            return null;
        }
    }
}
