using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace CodeComplete.Analysis;

/// <summary>
/// Reads a source file when Roslyn first needs it. It reads synchronously, so that asking for the text of a closed document never waits
/// for a thread; a file that is gone by then is empty instead of an exception in the middle of a compilation.
/// </summary>
internal sealed class DiskText(string path) : TextLoader
{
    /// <summary>A byte-order mark of another encoding counts all the same.</summary>
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public override Task<TextAndVersion> LoadTextAndVersionAsync(LoadTextOptions options, CancellationToken cancellationToken) =>
        Task.FromResult(TextAndVersion.Create(Read(path) ?? BufferText.From(""), VersionStamp.Create(), path));

    /// <returns><see langword="null"/> where the file cannot be read.</returns>
    public static SourceText? Read(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            try
            {
                return SourceText.From(stream, StrictUtf8, SourceHashAlgorithm.Sha256);
            }
            catch (DecoderFallbackException)
            {
                // The compiler, too, takes what is no UTF-8 and has no mark for the older encoding.
                stream.Position = 0;
                return SourceText.From(stream, Encoding.Latin1, SourceHashAlgorithm.Sha256);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or NotSupportedException)
        {
            return null;
        }
    }
}
