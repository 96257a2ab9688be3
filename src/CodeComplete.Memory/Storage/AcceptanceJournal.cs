using System.Text.Json;
using System.Text.Json.Serialization;

namespace CodeComplete.Memory.Storage;

/// <summary>
/// An append-only file of acceptances, one JSON object a line. What <see cref="Append"/> has confirmed is on the disk, whatever becomes of the
/// process or of the database.
/// </summary>
internal sealed partial class AcceptanceJournal(string path) : IDisposable
{
    // Opened at the first acceptance: most processes that visit a memory record none.
    private FileStream? _file;
    private bool _disposed;

    /// <summary>Appends and waits for the disk.</summary>
    /// <exception cref="IOException">It could not be written; the journal is as it was.</exception>
    /// <exception cref="UnauthorizedAccessException">It could not be opened.</exception>
    /// <exception cref="ObjectDisposedException">The journal is closed.</exception>
    public void Append(IEnumerable<Acceptance> acceptances)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var lines = Lines(acceptances);
        var file = _file ??= Open(path);
        var end = file.Length;
        try
        {
            file.Position = end;
            lines.WriteTo(file);
            file.Flush(flushToDisk: true);
        }
        catch (IOException)
        {
            TakeBack(end);
            throw;
        }
    }

    /// <summary>Replaces all that is in the journal: wholly and durably, or, where this throws or is killed, not at all.</summary>
    /// <exception cref="IOException">It could not be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It could not be written.</exception>
    /// <exception cref="ObjectDisposedException">The journal is closed.</exception>
    public void Rewrite(IEnumerable<Acceptance> acceptances)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _file?.Dispose();
        _file = null;
        DurableFile.Replace(path, [Lines(acceptances).ToArray()]);
    }

    /// <summary>Reads what a journal holds. Lines that are torn or are no acceptance are passed over.</summary>
    public static IReadOnlyList<Acceptance> Read(Stream journal)
    {
        var acceptances = new List<Acceptance>();
        using var reader = new StreamReader(journal, leaveOpen: true);
        while (reader.ReadLine() is { } line)
        {
            if (Parse(line) is { } acceptance)
            {
                acceptances.Add(acceptance);
            }
        }

        return acceptances;
    }

    /// <summary>Reads a journal that another process may be writing; empty where there is none.</summary>
    public static IReadOnlyList<Acceptance> Read(string path)
    {
        if (!File.Exists(path))
        {
            return [];
        }

        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return Read(file);
    }

    public void Dispose()
    {
        _disposed = true;
        _file?.Dispose();
    }

    private static MemoryStream Lines(IEnumerable<Acceptance> acceptances)
    {
        var lines = new MemoryStream();
        foreach (var acceptance in acceptances)
        {
            JsonSerializer.Serialize(lines, acceptance, JournalJson.Default.Acceptance);
            lines.WriteByte((byte)'\n');
        }

        return lines;
    }

    private static FileStream Open(string path)
    {
        // Others may read it while it is written.
        var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 1);
        try
        {
            EndTornLine(file);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    // A process killed while it wrote leaves half a line; what follows must not become part of it.
    private static void EndTornLine(FileStream file)
    {
        if (file.Length == 0)
        {
            return;
        }

        file.Position = file.Length - 1;
        if (file.ReadByte() != '\n')
        {
            file.WriteByte((byte)'\n');
        }
    }

    private void TakeBack(long end)
    {
        try
        {
            _file!.SetLength(end);
        }
        catch (IOException)
        {
            // The half line stays; opening the journal again ends it.
            _file!.Dispose();
            _file = null;
        }
    }

    private static Acceptance? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, JournalJson.Default.Acceptance);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    [JsonSourceGenerationOptions(
        PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
        UseStringEnumConverter = true,
        RespectNullableAnnotations = true
    )]
    [JsonSerializable(typeof(Acceptance))]
    private sealed partial class JournalJson : JsonSerializerContext;
}
