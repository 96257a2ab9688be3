namespace CodeComplete.Memory.Storage;

/// <summary>Small files that are replaced as a whole.</summary>
internal static class DurableFile
{
    /// <summary>Ends the name of a file that is being written; one that a kill left is written over or deleted later.</summary>
    public const string Unfinished = ".new";

    /// <summary>Replaces a file: wholly and durably, or, where this throws or is killed, not at all.</summary>
    /// <exception cref="IOException">It could not be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It could not be written.</exception>
    public static void Replace(string path, IEnumerable<byte[]> pieces)
    {
        var unfinished = path + Unfinished;
        try
        {
            using (var file = new FileStream(unfinished, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 1))
            {
                foreach (var piece in pieces)
                {
                    file.Write(piece);
                }

                file.Flush(flushToDisk: true);
            }

            File.Move(unfinished, path, overwrite: true);
        }
        catch
        {
            TryDelete(unfinished);
            throw;
        }
    }

    /// <summary>Deletes a file if it is there and can be.</summary>
    public static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException) { }
    }
}
