using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace CodeComplete.Memory.Storage;

/// <summary>Notices damage, not malice: neither LiteDB's pages nor plain files carry a checksum. Two multiplications a word of eight bytes, since openings wait for it.</summary>
internal static class Checksum
{
    private const ulong Start = 0x9E3779B97F4A7C15UL;

    public static long Of(params ReadOnlySpan<byte[]> blobs)
    {
        var sum = Start;
        foreach (var blob in blobs)
        {
            sum = Add(sum, blob);
        }

        return (long)sum;
    }

    private static ulong Add(ulong sum, ReadOnlySpan<byte> blob)
    {
        Span<byte> rest = stackalloc byte[sizeof(ulong)];
        sum = Mix(sum, (ulong)blob.Length);
        var whole = MemoryMarshal.Cast<byte, ulong>(blob);
        foreach (var word in whole)
        {
            sum = Mix(sum, word);
        }

        rest.Clear();
        blob[(whole.Length * sizeof(ulong))..].CopyTo(rest);
        return Mix(sum, BinaryPrimitives.ReadUInt64LittleEndian(rest));
    }

    private static ulong Mix(ulong sum, ulong word)
    {
        sum = (sum ^ word) * 0xFF51AFD7ED558CCDUL;
        return (sum ^ (sum >> 32)) * 0xC4CEB9FE1A85EC53UL;
    }
}
