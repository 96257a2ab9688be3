namespace CodeComplete.Memory;

/// <summary>What others attach to a file's text; opaque to the store.</summary>
[Flags]
internal enum PartKinds : byte
{
    None = 0,
    Vectors = 1,
    Graph = 2,
    Ngrams = 4,
    All = Vectors | Graph | Ngrams,
}

internal static class PartKind
{
    private static readonly PartKinds[] Single = [PartKinds.Vectors, PartKinds.Graph, PartKinds.Ngrams];

    public static IEnumerable<PartKinds> Each(PartKinds kinds) => Single.Where(kind => kinds.HasFlag(kind));

    /// <summary>The name of one kind in the store.</summary>
    public static string Name(this PartKinds kind) =>
        kind switch
        {
            PartKinds.Vectors => "vectors",
            PartKinds.Graph => "graph",
            PartKinds.Ngrams => "ngrams",
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "One kind is asked for."),
        };
}
