using System.Collections.Frozen;

namespace CodeComplete.Transformer;

/// <summary>
/// GPT-2's alphabet, in which byte-level BPE writes its tokens: one printable character a byte. Printable Latin-1 bytes stand for
/// themselves, the other 68 follow from U+0100 on.
/// </summary>
internal static class ByteLevelAlphabet
{
    private static readonly FrozenDictionary<char, byte> Bytes = Build();

    /// <summary>The bytes a token stands for; <see langword="null"/> where it holds a character outside the alphabet.</summary>
    public static byte[]? Decode(string token)
    {
        var bytes = new byte[token.Length];
        for (var i = 0; i < token.Length; i++)
        {
            if (!Bytes.TryGetValue(token[i], out bytes[i]))
            {
                return null;
            }
        }

        return bytes;
    }

    private static FrozenDictionary<char, byte> Build()
    {
        var bytes = new Dictionary<char, byte>();
        var next = (char)0x100;
        for (var value = 0; value < 256; value++)
        {
            var printable = value is (>= '!' and <= '~') or (>= 0xa1 and <= 0xac) or >= 0xae;
            bytes[printable ? (char)value : next++] = (byte)value;
        }

        return bytes.ToFrozenDictionary();
    }
}
