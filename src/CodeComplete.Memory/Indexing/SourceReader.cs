using System.Text;

namespace CodeComplete.Memory.Indexing;

/// <summary>Reads a source file as an editor would: by its byte-order mark, else as UTF-8, with U+FFFD for what is not valid.</summary>
internal static class SourceReader
{
    /// <returns><see langword="null"/> where the file has grown over the limit.</returns>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It must not be read.</exception>
    public static string? Read(string path, long maxBytes)
    {
        // Others may write, rename and delete it meanwhile.
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1);
        var bytes = new byte[(int)Math.Min(Math.Min(file.Length, maxBytes) + 1, Array.MaxLength)];
        var length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        if (length > maxBytes)
        {
            return null;
        }

        using var reader = new StreamReader(new MemoryStream(bytes, 0, length), Encoding.UTF8, detectEncodingFromByteOrderMarks: true);
        return reader.ReadToEnd();
    }
}
