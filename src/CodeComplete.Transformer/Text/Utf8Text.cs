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

    public static bool IsContinuation(byte value) => (value & 0xc0) == 0x80;
}
