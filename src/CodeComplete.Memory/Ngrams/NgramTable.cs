namespace CodeComplete.Memory.Ngrams;

/// <summary>
/// Counts of (context, next token) in eight bytes each: 32 bits of the context's hash, 20 of the token, 12 of the count. An open-addressed
/// table with linear probing, where all that follows one context lies in one run of entries. Two contexts with one hash are taken for one,
/// which at a million contexts befalls one question in four thousand. For one writer and any number of readers: an entry is written at once
/// and never moves, a larger table is a new one.
/// </summary>
internal sealed class NgramTable(int mostSlots)
{
    public const int LargestToken = (1 << TokenBits) - 1;
    public const int LargestCount = (1 << CountBits) - 1;

    private const int TokenBits = 20;
    private const int CountBits = 12;
    private const int FewestSlots = 1024;

    /// <summary>Fuller, and the runs of a table with linear probing get long.</summary>
    private const double LargestLoad = 0.7;

    /// <summary>So full it is after the rarest were forgotten, at most: that is work for a tenth of a second, and must be rare.</summary>
    private const double LoadAfterPruning = 0.45;

    // 0: free, ends a run. Count 0: was there once; stays, since a run goes on behind it, until the next table.
    private ulong[] _slots = new ulong[FewestSlots];
    private int _used;

    /// <summary>How many entries there are.</summary>
    public int Count { get; private set; }

    public long Bytes => (long)_slots.Length * sizeof(ulong);

    public void Clear() => Reserve(0);

    /// <summary>Adds to a count, or takes from it; it stays between 0 and the largest, and at the largest for good.</summary>
    public void Change(uint key, int token, int by)
    {
        if ((uint)token > LargestToken)
        {
            return;
        }

        var entry = Entry(key, token);
        if (Find(entry, out var slot, out var gap))
        {
            var count = CountOf(_slots[slot]);
            var changed = count == LargestCount ? count : Math.Clamp(count + by, 0, LargestCount);
            Volatile.Write(ref _slots[slot], entry | (uint)changed);
            Count += (changed > 0 ? 1 : 0) - (count > 0 ? 1 : 0);
        }
        else if (by > 0)
        {
            Insert(entry | (uint)Math.Min(by, LargestCount), slot, gap);
        }
    }

    /// <summary>
    /// Makes an empty table large enough for so many entries, as far as it may grow. Entries that are restored in the order of their keys would
    /// otherwise all lie in the first slots of each table on the way, in one run as long as there are entries.
    /// </summary>
    public void Reserve(int entries)
    {
        long slots = FewestSlots;
        while (slots < mostSlots && entries > slots * LargestLoad)
        {
            slots *= 2;
        }

        Volatile.Write(ref _slots, new ulong[(int)Math.Min(mostSlots, slots)]);
        (_used, Count) = (0, 0);
    }

    /// <summary>Takes an entry as <see cref="Entries"/> gave it.</summary>
    public void Restore(ulong entry)
    {
        if (CountOf(entry) > 0 && KeyOf(entry) > 0 && !Find(entry & ~(ulong)LargestCount, out var slot, out var gap))
        {
            Insert(entry, slot, gap);
        }
    }

    /// <summary>What followed the context most often (of equals the smallest id), how often, and how often anything did.</summary>
    public (int Token, int Count, int Total)? Best(uint key)
    {
        var slots = Volatile.Read(ref _slots);
        key = Math.Max(key, 1);
        var (token, most, total) = (0, 0, 0);
        for (var slot = Home(key, slots.Length); ; slot = Following(slot, slots.Length))
        {
            var entry = Volatile.Read(ref slots[slot]);
            if (entry == 0)
            {
                return most == 0 ? null : (token, most, total);
            }

            if (KeyOf(entry) == key && CountOf(entry) is > 0 and var count)
            {
                total += count;
                if (count > most || (count == most && TokenOf(entry) < token))
                {
                    (token, most) = (TokenOf(entry), count);
                }
            }
        }
    }

    /// <summary>All entries, in no order.</summary>
    public ulong[] Entries() => [.. _slots.Where(static entry => CountOf(entry) > 0)];

    private void Insert(ulong entry, int slot, int gap)
    {
        _used += gap < 0 ? 1 : 0;
        Count++;
        Volatile.Write(ref _slots[gap < 0 ? slot : gap], entry);
        if (_used > LargestLoad * _slots.Length)
        {
            MakeRoom();
        }
    }

    /// <param name="slot">Where it is, else the free one at its run's end.</param>
    /// <param name="gap">Where it is not there: one that is used no more and can take it; else -1.</param>
    private bool Find(ulong wanted, out int slot, out int gap)
    {
        gap = -1;
        for (slot = Home(KeyOf(wanted), _slots.Length); ; slot = Following(slot, _slots.Length))
        {
            var entry = _slots[slot];
            if (entry == 0)
            {
                return false;
            }

            if ((entry & ~(ulong)LargestCount) == wanted)
            {
                return true;
            }

            if (gap < 0 && CountOf(entry) == 0)
            {
                gap = slot;
            }
        }
    }

    private void MakeRoom()
    {
        var grows = Count * 2L > _slots.Length * LargestLoad && _slots.Length < mostSlots;
        var slots = new ulong[grows ? (int)Math.Min(mostSlots, _slots.Length * 2L) : _slots.Length];
        var (least, ofLeast) = grows ? (1, int.MaxValue) : Kept((int)(slots.Length * LoadAfterPruning));
        Count = 0;
        foreach (var entry in _slots)
        {
            if (CountOf(entry) > least || (CountOf(entry) == least && ofLeast-- > 0))
            {
                var slot = Home(KeyOf(entry), slots.Length);
                while (slots[slot] != 0)
                {
                    slot = Following(slot, slots.Length);
                }

                slots[slot] = entry;
                Count++;
            }
        }

        _used = Count;
        Volatile.Write(ref _slots, slots);
    }

    /// <summary>
    /// The most frequent entries that are at most <paramref name="fit"/>: all above a count, and so many with just that count. Of those the
    /// first are taken, by hash, so that all that follows one context stays or goes together.
    /// </summary>
    private (int Least, int OfLeast) Kept(int fit)
    {
        var byCount = new int[LargestCount + 1];
        foreach (var entry in _slots)
        {
            byCount[CountOf(entry)]++;
        }

        var least = LargestCount;
        for (; least > 1 && byCount[least] <= fit; least--)
        {
            fit -= byCount[least];
        }

        return (least, fit);
    }

    private static ulong Entry(uint key, int token) =>
        ((ulong)Math.Max(key, 1) << (TokenBits + CountBits)) | ((ulong)(uint)token << CountBits);

    private static uint KeyOf(ulong entry) => (uint)(entry >> (TokenBits + CountBits));

    private static int TokenOf(ulong entry) => (int)(entry >> CountBits) & LargestToken;

    private static int CountOf(ulong entry) => (int)entry & LargestCount;

    private static int Home(uint key, int size) => (int)(((ulong)key * (uint)size) >> 32);

    private static int Following(int slot, int size) => slot + 1 == size ? 0 : slot + 1;
}
