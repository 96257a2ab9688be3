using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using CodeComplete.Memory.Ngrams;

namespace CodeComplete.Memory;

/// <summary>
/// How often which token followed the one to three before it in the project's code, to draft what a model may write next (speculative
/// decoding, arXiv 2211.17192). It knows the tokens' numbers and nothing else; one that is wrong costs a little time. One thread changes it
/// at a time, others wait; readers never wait.
/// </summary>
public sealed class NgramStore
{
    /// <summary>The largest token id that is counted; n-grams with larger ones are passed over.</summary>
    public const int LargestToken = NgramTable.LargestToken;

    /// <summary>The default of the most memory it takes.</summary>
    public const int DefaultBytes = 12 << 20;

    /// <summary>So many tokens before the next one are looked at, at most; a fourth finds hardly more, and takes as much memory again.</summary>
    public const int LongestContext = 3;

    /// <summary>A next token is proposed where all proposed so far are right at least this often, as far as the counts can say.</summary>
    private const double LeastConfidence = 0.4;

    /// <summary>What is taken for the times that something else will follow, for each context that is asked.</summary>
    private const double Unseen = 0.5;

    private const int Magic = 0x31474e43; // CNG1
    private const int HashBytes = 16;

    private readonly NgramTable _table;
    private readonly Lock _gate = new();

    /// <param name="tokenizerId">Whose token ids they are.</param>
    /// <param name="mostBytes">
    /// The most memory it takes, at least 64 KB; twice that for a moment while it is made smaller, when the rarest n-grams are forgotten.
    /// </param>
    public NgramStore(string tokenizerId, int mostBytes = DefaultBytes)
    {
        ArgumentNullException.ThrowIfNull(tokenizerId);
        ArgumentOutOfRangeException.ThrowIfLessThan(mostBytes, 64 << 10);
        TokenizerId = tokenizerId;
        _table = new NgramTable(mostBytes / sizeof(ulong));
    }

    public string TokenizerId { get; }

    /// <summary>How many different n-grams are counted.</summary>
    public int Count => _table.Count;

    /// <summary>What the counts take in memory.</summary>
    public long Bytes => _table.Bytes;

    /// <summary>Counts a file's n-grams, or those of any run of tokens.</summary>
    public void Add(ReadOnlySpan<int> tokens) => Change(tokens, 1);

    /// <summary>
    /// Takes back an <see cref="Add"/> of the same tokens: exactly, unless the store was full in between or an n-gram was met over 4,095
    /// times. What is not there is passed over.
    /// </summary>
    public void Subtract(ReadOnlySpan<int> tokens) => Change(tokens, -1);

    public void Clear()
    {
        lock (_gate)
        {
            _table.Clear();
        }
    }

    /// <summary>
    /// What most likely comes next, as far as that is likely enough to be worth trying. Each token is chosen by the longest context that was
    /// ever seen; the answer depends on the counts alone.
    /// </summary>
    /// <param name="last">What stands there; its last <see cref="LongestContext"/> tokens are looked at.</param>
    /// <param name="proposed">Filled from its beginning.</param>
    /// <returns>How many tokens are proposed.</returns>
    public int Propose(ReadOnlySpan<int> last, Span<int> proposed)
    {
        Span<int> context = stackalloc int[LongestContext];
        var length = Math.Min(last.Length, LongestContext);
        last[^length..].CopyTo(context);
        var confidence = 1.0;
        for (var count = 0; count < proposed.Length; count++)
        {
            if (Next(context[..length]) is not { } next || (confidence *= next.Share) < LeastConfidence)
            {
                return count;
            }

            proposed[count] = next.Token;
            if (length == LongestContext)
            {
                context[1..].CopyTo(context);
                length--;
            }

            context[length++] = next.Token;
        }

        return proposed.Length;
    }

    /// <summary>The counts as bytes; the same counts give the same bytes.</summary>
    public byte[] Save()
    {
        ulong[] entries;
        lock (_gate)
        {
            entries = _table.Entries();
        }

        Array.Sort(entries);
        var id = Encoding.UTF8.GetBytes(TokenizerId);
        var saved = new byte[HeaderLength(id) + (entries.Length * sizeof(ulong)) + HashBytes];
        BinaryPrimitives.WriteInt32LittleEndian(saved, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(saved.AsSpan(4), id.Length);
        id.CopyTo(saved, 8);
        var body = saved.AsSpan(HeaderLength(id)..^HashBytes);
        for (var i = 0; i < entries.Length; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(body[(i * sizeof(ulong))..], entries[i]);
        }

        SHA256.HashData(saved.AsSpan(..^HashBytes)).AsSpan(0, HashBytes).CopyTo(saved.AsSpan(^HashBytes..));
        return saved;
    }

    /// <param name="saved">What <see cref="Save"/> gave.</param>
    /// <exception cref="InvalidDataException">The bytes are damaged, or of another tokenizer or version: count again.</exception>
    public static NgramStore Load(ReadOnlySpan<byte> saved, string tokenizerId, int mostBytes = DefaultBytes)
    {
        var store = new NgramStore(tokenizerId, mostBytes);
        var id = Encoding.UTF8.GetBytes(tokenizerId);
        if (saved.Length < 8 + HashBytes || !SHA256.HashData(saved[..^HashBytes]).AsSpan(0, HashBytes).SequenceEqual(saved[^HashBytes..]))
        {
            throw new InvalidDataException("The stored n-grams are damaged.");
        }

        if (
            BinaryPrimitives.ReadInt32LittleEndian(saved) != Magic
            || BinaryPrimitives.ReadInt32LittleEndian(saved[4..]) != id.Length
            || saved.Length < HeaderLength(id) + HashBytes
            || !saved.Slice(8, id.Length).SequenceEqual(id)
        )
        {
            throw new InvalidDataException("The stored n-grams are of another tokenizer or version.");
        }

        var body = saved[HeaderLength(id)..^HashBytes];
        if (body.Length % sizeof(ulong) != 0)
        {
            throw new InvalidDataException("The stored n-grams are damaged.");
        }

        store._table.Reserve(body.Length / sizeof(ulong));
        for (; !body.IsEmpty; body = body[sizeof(ulong)..])
        {
            store._table.Restore(BinaryPrimitives.ReadUInt64LittleEndian(body));
        }

        return store;
    }

    private static int HeaderLength(byte[] id) => 8 + id.Length;

    private void Change(ReadOnlySpan<int> tokens, int by)
    {
        lock (_gate)
        {
            for (var i = 1; i < tokens.Length; i++)
            {
                var hash = 0UL;
                for (var n = 1; n <= Math.Min(i, LongestContext); n++)
                {
                    hash = Extend(hash, tokens[i - n]);
                    _table.Change(Key(hash), tokens[i], by);
                }
            }
        }
    }

    private (int Token, double Share)? Next(ReadOnlySpan<int> context)
    {
        Span<uint> keys = stackalloc uint[LongestContext + 1];
        var hash = 0UL;
        for (var n = 1; n <= context.Length; n++)
        {
            hash = Extend(hash, context[^n]);
            keys[n] = Key(hash);
        }

        for (var n = context.Length; n > 0; n--)
        {
            if (_table.Best(keys[n]) is { } best)
            {
                return (best.Token, best.Count / (best.Total + Unseen));
            }
        }

        return null;
    }

    /// <summary>A context's hash, with one more token before it. Contexts of different lengths have different ones: each step mixes.</summary>
    private static ulong Extend(ulong hash, int token)
    {
        hash = (hash ^ ((uint)token + 1UL)) * 0x9e3779b97f4a7c15;
        return hash ^ (hash >> 29);
    }

    private static uint Key(ulong hash) => (uint)((hash * 0xbf58476d1ce4e5b9) >> 32);
}
