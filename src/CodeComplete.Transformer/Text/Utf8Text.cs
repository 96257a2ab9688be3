using System.Buffers;
using System.Text;

namespace CodeComplete.Transformer;

/// <summary>Turns bytes that may be cut anywhere into whole characters.</summary>
internal static class Utf8Text
{
    /// <summary>
    /// Appends the characters that <paramref name="bytes"/> complete to <paramref name="text"/>; returns how many bytes at the end are
    /// the beginning of a character still to come. Bytes that are no UTF-8 become U+FFFD.
    /// </summary>
    public static int Append(StringBuilder text, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            var status = Rune.DecodeFromUtf8(bytes, out var rune, out var size);
            if (status == OperationStatus.NeedMoreData)
            {
                break;
            }

            text.Append(rune);
            bytes = bytes[size..];
        }

        return bytes.Length;
    }

    /// <summary>
    /// The least and the greatest character of one UTF-16 unit whose UTF-8 begins with these bytes; <see langword="null"/> where there is
    /// none.
    /// </summary>
    public static (char First, char Last)? CharactersBeginningWith(ReadOnlySpan<byte> cut)
    {
        var length = cut[0] switch
        {
            >= 0xc2 and <= 0xdf => 2,
            >= 0xe0 and <= 0xef => 3,
            _ => 0, // a continuation, or a character of two units
        };
        if (length <= cut.Length)
        {
            return null;
        }

        var bits = cut[0] & (length == 2 ? 0x1f : 0x0f);
        foreach (var next in cut[1..])
        {
            bits = (bits << 6) | (next & 0x3f);
        }

        // Three bytes are not used for what two can say.
        var missing = 6 * (length - cut.Length);
        var (first, last) = (Math.Max(bits << missing, length == 3 ? 0x800 : 0x80), (bits << missing) | ((1 << missing) - 1));
        return first <= last ? ((char)first, (char)last) : null;
    }

    public static bool IsContinuation(byte value) => (value & 0xc0) == 0x80;
}
