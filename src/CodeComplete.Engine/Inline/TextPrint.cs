using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace CodeComplete.Engine.Inline;

/// <summary>Tells whether a text is the same as another time, without keeping it.</summary>
internal readonly record struct TextPrint(int Length, UInt128 Hash)
{
    public static TextPrint Of(ReadOnlySpan<char> text)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(MemoryMarshal.AsBytes(text), hash);
        return new TextPrint(text.Length, MemoryMarshal.Read<UInt128>(hash));
    }

    public bool Fits(ReadOnlySpan<char> text) => text.Length == Length && Of(text) == this;
}
