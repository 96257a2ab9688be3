using System.Runtime.CompilerServices;

namespace CodeComplete.Memory.Lexical;

/// <summary>
/// The snippets that hold one word, by rising number, each with how often (up to 15). A posting is the distance to the one before in
/// variable-length bytes, seven bits each: <c>(distance - 1) &lt;&lt; 1 | more than once</c>, and a byte for the count where it is more than one. The bytes may
/// be a piece of an image, which is never written to: the first change makes a copy.
/// </summary>
internal struct PostingList
{
    public const int LargestCount = 15;

    private const int LongestPosting = 6;

    // Marks bytes of the list's own, which begin at 0 and have room behind them.
    private const int Own = -1;

    private byte[]? _bytes;
    private int _start;
    private int _length;

    // One more than the largest number, so that the default value is the empty list.
    private int _end;

    /// <summary>A list in a piece of an image.</summary>
    public PostingList(byte[] image, int start, int length, int count, int last) =>
        (_bytes, _start, _length, _end, Count) = (image, start, length, last + 1, count);

    public int Count { get; private set; }

    /// <summary>The largest snippet number, or -1.</summary>
    public readonly int Last => _end - 1;

    public readonly ReadOnlySpan<byte> Bytes => _bytes.AsSpan(Math.Max(0, _start), _length);

    /// <summary>What it takes in memory, beyond an image that it is a piece of, in bytes.</summary>
    public readonly int OwnBytes => _start == Own ? _bytes!.Length + (3 * sizeof(long)) : 0;

    /// <summary>Reads the posting at <paramref name="at"/>.</summary>
    /// <param name="snippet">The number of the one before, -1 at first; becomes this one's.</param>
    /// <returns>How often the word stands in it.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Next(ReadOnlySpan<byte> bytes, ref int at, ref int snippet)
    {
        uint next = bytes[at++];
        var value = next & 0x7f;
        for (var shift = 7; next >= 0x80; shift += 7)
        {
            next = bytes[at++];
            value |= (next & 0x7f) << shift;
        }

        snippet += (int)(value >> 1) + 1;
        return (value & 1) == 0 ? 1 : bytes[at++];
    }

    /// <summary>Appends a snippet with a number larger than <see cref="Last"/>.</summary>
    public void Append(int snippet, int count)
    {
        // Most words are rare, so lists start small; they grow by a quarter.
        if (_start != Own || _bytes!.Length - _length < LongestPosting)
        {
            Resize(_length + LongestPosting + (_length / 4));
        }

        _length += Write(_bytes.AsSpan(_length), Last, snippet, count);
        (_end, Count) = (snippet + 1, Count + 1);
    }

    /// <summary>Takes out the snippets from <paramref name="first"/> up to, not including, <paramref name="end"/>.</summary>
    public void RemoveRange(int first, int end)
    {
        if (Last < first)
        {
            return;
        }

        var bytes = Bytes;
        int at = 0,
            snippet = -1,
            before = -1,
            removed = 0,
            from = 0;
        while (at < bytes.Length)
        {
            var start = at;
            var count = Next(bytes, ref at, ref snippet);
            if (snippet >= end)
            {
                if (removed > 0)
                {
                    // A sum takes no more bytes than its parts, so what follows never moves up.
                    Span<byte> posting = stackalloc byte[LongestPosting];
                    var length = Write(posting, before, snippet, count);
                    Replace(from, at, posting[..length]);
                    Count -= removed;
                }

                return;
            }

            if (snippet < first)
            {
                before = snippet;
            }
            else if (removed++ == 0)
            {
                from = start;
            }
        }

        if (removed > 0)
        {
            Replace(from, at, []);
            (_end, Count) = (before + 1, Count - removed);
        }
    }

    /// <summary>Gives every snippet its new number; the order stays.</summary>
    public void Renumber(ReadOnlySpan<int> newNumber)
    {
        if (Count == 0)
        {
            return;
        }

        var old = Bytes;
        var bytes = new byte[_length];
        int at = 0,
            snippet = -1,
            last = -1,
            length = 0;
        while (at < old.Length)
        {
            // Gaps only close, so no posting gets longer.
            var count = Next(old, ref at, ref snippet);
            length += Write(bytes.AsSpan(length), last, newNumber[snippet], count);
            last = newNumber[snippet];
        }

        (_bytes, _start, _length, _end) = (bytes, Own, length, last + 1);
    }

    /// <summary>Moves the bytes into an image.</summary>
    /// <returns>How many there are.</returns>
    public int MoveTo(byte[] image, int start)
    {
        Bytes.CopyTo(image.AsSpan(start));
        (_bytes, _start) = (image, start);
        return _length;
    }

    private static int Write(Span<byte> bytes, int last, int snippet, int count)
    {
        var value = ((uint)(snippet - last - 1) << 1) | (count > 1 ? 1u : 0);
        var at = 0;
        for (; value >= 0x80; value >>= 7)
        {
            bytes[at++] = (byte)(value | 0x80);
        }

        bytes[at++] = (byte)value;
        if (count > 1)
        {
            bytes[at++] = (byte)Math.Min(count, LargestCount);
        }

        return at;
    }

    private void Replace(int from, int to, ReadOnlySpan<byte> with)
    {
        if (_start != Own)
        {
            Resize(_length);
        }

        with.CopyTo(_bytes.AsSpan(from));
        _bytes.AsSpan(to, _length - to).CopyTo(_bytes.AsSpan(from + with.Length));
        _length -= to - from - with.Length;
    }

    private void Resize(int capacity)
    {
        var bytes = new byte[capacity];
        Bytes.CopyTo(bytes);
        (_bytes, _start) = (bytes, Own);
    }
}
