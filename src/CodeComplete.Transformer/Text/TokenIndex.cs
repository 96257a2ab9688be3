namespace CodeComplete.Transformer;

/// <summary>The vocabulary sorted by its bytes, so that what may continue a given text is found without looking at every token.</summary>
internal sealed class TokenIndex
{
    private readonly byte[][] _bytes;
    private readonly int[] _sorted;
    private readonly int _longest;

    /// <param name="bytes">Bytes by id; empty for special tokens, which are left out.</param>
    public TokenIndex(byte[][] bytes)
    {
        _bytes = bytes;
        _sorted = [.. Enumerable.Range(0, bytes.Length).Where(id => bytes[id].Length > 0)];
        Array.Sort(_sorted, (a, b) => bytes[a].AsSpan().SequenceCompareTo(bytes[b]));
        _longest = bytes.Max(b => b.Length);
    }

    /// <summary>Fills <paramref name="into"/> with every token that begins <paramref name="rest"/>, or that <paramref name="rest"/> begins.</summary>
    public void Continuing(ReadOnlySpan<byte> rest, List<int> into)
    {
        into.Clear();
        for (var length = 1; length < rest.Length && length <= _longest; length++)
        {
            var at = LowerBound(rest[..length]);
            if (at < _sorted.Length && _bytes[_sorted[at]].AsSpan().SequenceEqual(rest[..length]))
            {
                into.Add(_sorted[at]);
            }
        }

        for (var at = LowerBound(rest); at < _sorted.Length && _bytes[_sorted[at]].AsSpan().StartsWith(rest); at++)
        {
            into.Add(_sorted[at]);
        }
    }

    private int LowerBound(ReadOnlySpan<byte> key)
    {
        int low = 0,
            high = _sorted.Length;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_bytes[_sorted[middle]].AsSpan().SequenceCompareTo(key) < 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
