using CodeComplete.Server.Protocol;

namespace CodeComplete.Server.Documents;

/// <summary>What a position's character counts.</summary>
internal enum PositionEncoding
{
    Utf16,
    Utf8,

    /// <summary>Code points.</summary>
    Utf32,
}

/// <summary>Which of them client and server use; LSP leaves the choice to the server.</summary>
internal static class PositionEncodings
{
    /// <summary>
    /// UTF-16 wherever the client has it, in whatever place: every client must, and it is what the engine counts, so nothing can be lost
    /// between them. Another one only for a client that names others alone.
    /// </summary>
    public static PositionEncoding Choose(IReadOnlyList<string> offered) =>
        offered.Contains(PositionEncodingKind.Utf16)
            ? PositionEncoding.Utf16
            : offered.FirstOrDefault(name => name is PositionEncodingKind.Utf8 or PositionEncodingKind.Utf32) switch
            {
                PositionEncodingKind.Utf8 => PositionEncoding.Utf8,
                PositionEncodingKind.Utf32 => PositionEncoding.Utf32,
                _ => PositionEncoding.Utf16,
            };

    public static string NameOf(PositionEncoding encoding) =>
        encoding switch
        {
            PositionEncoding.Utf8 => PositionEncodingKind.Utf8,
            PositionEncoding.Utf32 => PositionEncodingKind.Utf32,
            _ => PositionEncodingKind.Utf16,
        };
}
