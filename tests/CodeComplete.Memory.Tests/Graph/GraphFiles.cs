namespace CodeComplete.Memory.Tests.Graph;

/// <summary>A graph over files that are kept as blobs, as the store keeps them.</summary>
internal sealed class GraphFiles
{
    private readonly Dictionary<string, byte[]> _blobs = new(StringComparer.Ordinal);

    public GraphFiles() => Graph = new SymbolGraph(path => _blobs.TryGetValue(path, out var blob) ? FileSymbolsBlob.Read(blob) : null);

    public SymbolGraph Graph { get; }

    /// <param name="lines">
    /// A node or an edge each: <c>T:Money</c>, <c>M:Money.Add</c> (in the last type), <c>&gt; Calls M:Money.Add</c> (from the last node).
    /// The line's number in the file is the index.
    /// </param>
    public GraphFiles Put(string path, params string[] lines)
    {
        var nodes = new List<SymbolNode>();
        var edges = new List<SymbolEdge>();
        foreach (var (line, text) in lines.Index())
        {
            if (text.Split(' ') is [">", var relation, var target])
            {
                edges.Add(new SymbolEdge(nodes.Count - 1, Enum.Parse<SymbolRelation>(relation), target, line));
                continue;
            }

            var isType = text.StartsWith("T:", StringComparison.Ordinal);
            var name = text[(text.LastIndexOfAny(['.', ':']) + 1)..];
            var isPrivate = name.StartsWith('_');
            nodes.Add(
                new SymbolNode(
                    text,
                    name,
                    isType ? SymbolKind.Class : SymbolKind.Method,
                    isType ? -1 : nodes.FindLastIndex(n => n.IsType),
                    isType ? $"class {name}"
                        : isPrivate ? $"void {name}()"
                        : $"public void {name}()",
                    line,
                    line,
                    isPrivate
                )
            );
        }

        Put(path, new FileSymbols(IsBound: true, nodes, edges));
        return this;
    }

    public void Put(string path, FileSymbols symbols)
    {
        _blobs[path] = FileSymbolsBlob.Write(symbols);
        Graph.Put(path, symbols);
    }

    /// <summary>The file is still read, as one is whose removal comes between question and answer.</summary>
    public void Remove(string path) => Graph.Remove(path);

    public void LoseBlob(string path) => _blobs.Remove(path);
}
