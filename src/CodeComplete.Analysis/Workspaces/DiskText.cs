using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace CodeComplete.Analysis;

/// <summary>
/// Reads a source file when Roslyn first needs it. It reads synchronously, so that asking for the text of a closed document never waits
/// for a thread; a file that is gone by then is empty instead of an exception in the middle of a compilation.
/// </summary>
internal sealed class DiskText(string path) : TextLoader
{
    public override Task<TextAndVersion> LoadTextAndVersionAsync(LoadTextOptions options, CancellationToken cancellationToken) =>
        Task.FromResult(TextAndVersion.Create(Read(path) ?? BufferText.From(""), VersionStamp.Create(), path));

    /// <returns><see langword="null"/> where the file cannot be read.</returns>
    public static SourceText? Read(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            return SourceText.From(stream, checksumAlgorithm: SourceHashAlgorithm.Sha256);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or NotSupportedException)
        {
            return null;
        }
    }
}
