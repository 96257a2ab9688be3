namespace CodeComplete.Transformer;

/// <summary>The keys or the values of one layer, in the graph's own names: [1, <paramref name="Heads"/>, positions, <paramref name="Size"/>].</summary>
internal readonly record struct CacheTensors(string Past, string Present, int Heads, int Size);
