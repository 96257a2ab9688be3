using System.IO.Compression;
using System.Text;
using CodeComplete.Memory.Snippets;

namespace CodeComplete.Memory.Storage;

/// <summary>A file as it is stored. Its windows and words are not: they are cut again from the text, which takes a millisecond.</summary>
/// <param name="Packed">The cleaned text, compressed; empty where there is none.</param>
/// <param name="TextLength">Of the cleaned text, UTF-8, in bytes.</param>
internal sealed record StoredFile(string Path, Guid Hash, FileStamp Stamp, FileState State, byte[] Packed, int TextLength)
{
    // The fastest of Brotli: a file of ten kilobytes takes a tenth of a millisecond, and a fourth of the room.
    private const int Quality = 1;
    private const int WindowBits = 18;

    // No text is kept that is longer than a file may be; a length beyond it is damage.
    private const int LongestText = 1 << 30;

    public bool HasText => State.HasText;

    public static StoredFile Of(CutFile file)
    {
        var packed = new byte[BrotliEncoder.GetMaxCompressedLength(file.Text.Length)];
        var length = 0;
        if (file.Text.Length > 0 && !BrotliEncoder.TryCompress(file.Text, packed, out length, Quality, WindowBits))
        {
            throw new InvalidOperationException("A text did not fit where it must fit.");
        }

        return new StoredFile(file.File.Path, file.File.Hash, file.File.Stamp, file.File.State, packed[..length], file.Text.Length);
    }

    /// <summary>The cleaned text, UTF-8.</summary>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public byte[] Text()
    {
        if (TextLength is < 0 or > LongestText)
        {
            throw new InvalidDataException("The length of a stored text is damaged.");
        }

        var text = new byte[TextLength];
        return TextLength == 0 || (BrotliDecoder.TryDecompress(Packed, text, out var length) && length == TextLength)
            ? text
            : throw new InvalidDataException("A stored text is damaged.");
    }

    /// <exception cref="InvalidDataException">The text is damaged.</exception>
    public CutFile Cut() =>
        HasText
            ? SnippetCutter.Cut(Path, Hash, Stamp, Encoding.UTF8.GetString(Text())).As(State)
            : CutFile.Noted(RememberedFile.Noted(Path, Hash, Stamp, State));
}
