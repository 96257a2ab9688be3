namespace CodeComplete.Memory.Vectors;

/// <summary>Keeps the best few of the vectors it is shown. Equal ones are ordered by path and number, so that the answer never depends on where they lie.</summary>
internal sealed class NearestVectors(int take)
{
    private readonly PriorityQueue<Candidate, Candidate> _worstFirst = new(
        take + 1,
        Comparer<Candidate>.Create(static (x, y) => Compare(y, x))
    );

    /// <summary>A vector with a smaller dot product is not among the best.</summary>
    public int Least { get; private set; } = int.MinValue;

    public void Add(Candidate candidate)
    {
        if (_worstFirst.Count < take)
        {
            _worstFirst.Enqueue(candidate, candidate);
        }
        else
        {
            _worstFirst.EnqueueDequeue(candidate, candidate);
        }

        if (_worstFirst.Count == take)
        {
            Least = _worstFirst.Peek().Dot;
        }
    }

    public void AddAll(NearestVectors others)
    {
        foreach (var (candidate, _) in others._worstFirst.UnorderedItems)
        {
            Add(candidate);
        }
    }

    /// <summary>The best first.</summary>
    public List<Candidate> InOrder()
    {
        var all = _worstFirst.UnorderedItems.Select(static item => item.Element).ToList();
        all.Sort(Compare);
        return all;
    }

    private static int Compare(Candidate x, Candidate y)
    {
        var order = y.Dot.CompareTo(x.Dot);
        order = order == 0 ? string.CompareOrdinal(x.Path, y.Path) : order;
        return order == 0 ? x.Snippet.CompareTo(y.Snippet) : order;
    }

    public readonly record struct Candidate(int Dot, string Path, int Snippet);
}
