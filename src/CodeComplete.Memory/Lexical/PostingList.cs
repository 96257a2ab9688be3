namespace CodeComplete.Memory.Lexical;

/// <summary>
/// The snippets that hold one word, by rising number, each with how often (up to 15): <c>snippet &lt;&lt; 4 | count</c>, four bytes a posting.
/// </summary>
internal struct PostingList
{
    public const int CountBits = 4;
    public const uint LargestCount = (1 << CountBits) - 1;

    private uint[]? _items;

    public int Count { get; private set; }

    public readonly ReadOnlySpan<uint> Items => _items.AsSpan(0, Count);

    /// <summary>The largest snippet number, or -1.</summary>
    public readonly int Last => Count == 0 ? -1 : (int)(_items![Count - 1] >> CountBits);

    /// <summary>Appends a snippet with a number larger than <see cref="Last"/>.</summary>
    public void Append(int snippet, int count)
    {
        if (_items is null || Count == _items.Length)
        {
            // Most words are rare, so lists start small and grow by half.
            Array.Resize(ref _items, Math.Max(2, Count + (Count / 2)));
        }

        _items[Count++] = ((uint)snippet << CountBits) | Math.Min((uint)count, LargestCount);
    }

    /// <summary>Takes out the snippets from <paramref name="first"/> up to, not including, <paramref name="end"/>.</summary>
    public void RemoveRange(int first, int end)
    {
        int from = LowerBound(first),
            to = LowerBound(end);
        if (from < to)
        {
            Array.Copy(_items!, to, _items!, from, Count - to);
            Count -= to - from;
        }
    }

    /// <summary>Gives every snippet its new number; the order stays.</summary>
    public readonly void Renumber(ReadOnlySpan<int> newNumber)
    {
        foreach (ref var item in _items.AsSpan(0, Count))
        {
            item = ((uint)newNumber[(int)(item >> CountBits)] << CountBits) | (item & LargestCount);
        }
    }

    private readonly int LowerBound(int snippet)
    {
        var at = Items.BinarySearch((uint)snippet << CountBits);
        return at < 0 ? ~at : at;
    }
}
