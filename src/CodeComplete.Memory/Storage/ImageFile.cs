using System.Text;

namespace CodeComplete.Memory.Storage;

/// <summary>
/// A plain file beside the database that holds something in the form in which memory wants it, so that an opening reads blocks and not documents.
/// All in it can be made again from the database: one that is missing, old or damaged only costs time. It is no LiteDB document, because LiteDB
/// would copy its megabytes page by page through its log and keep them in its cache.
/// </summary>
/// <param name="Origin">Of the database it belongs to, and what made it: an image with another one is not for us.</param>
/// <param name="Sequence">The last change to the memory that it contains.</param>
internal sealed record ImageFile(ImageOrigin Origin, long Sequence, IReadOnlyList<byte[]> Sections)
{
    // Reads otherwise on a machine of the other byte order, whose arrays could not be used either.
    private const long Magic = 0x0A_32_58_44_49_43_43_89;
    private const int LongestHeader = 64 * 1024;

    /// <summary>Replaces the file: wholly and durably, or, where this throws or is killed, not at all.</summary>
    /// <exception cref="IOException">It could not be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It could not be written.</exception>
    public void Write(string path)
    {
        var header = Header();
        var start = new MemoryStream();
        using (var writer = new BinaryWriter(start, Encoding.UTF8, leaveOpen: true))
        {
            writer.Write(Magic);
            writer.Write(header.Length);
            writer.Write(Checksum.Of(header));
            writer.Write(header);
        }

        DurableFile.Replace(path, Sections.Prepend(start.ToArray()));
    }

    /// <returns><see langword="null"/> where there is none that is whole.</returns>
    public static ImageFile? Read(string path)
    {
        try
        {
            if (!File.Exists(path))
            {
                return null;
            }

            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 1);
            return Read(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return null;
        }
    }

    private static ImageFile Read(FileStream file)
    {
        var start = new byte[sizeof(long) + sizeof(int) + sizeof(long)];
        file.ReadExactly(start);
        using var reader = new BinaryReader(new MemoryStream(start));
        if (reader.ReadInt64() != Magic || reader.ReadInt32() is not (> 0 and <= LongestHeader and var length))
        {
            throw new InvalidDataException("No image of this machine.");
        }

        var header = new byte[length];
        file.ReadExactly(header);
        if (reader.ReadInt64() != Checksum.Of(header))
        {
            throw new InvalidDataException("The header of an image is damaged.");
        }

        using var fields = new BinaryReader(new MemoryStream(header), Encoding.UTF8);
        var origin = new ImageOrigin(new Guid(fields.ReadBytes(16)), fields.ReadString());
        var sequence = fields.ReadInt64();
        var sections = new byte[fields.ReadInt32()][];
        for (var i = 0; i < sections.Length; i++)
        {
            var size = fields.ReadInt32();
            if (size > file.Length - file.Position)
            {
                throw new InvalidDataException("An image is too short.");
            }

            var checksum = fields.ReadInt64();
            sections[i] = GC.AllocateUninitializedArray<byte>(size);
            file.ReadExactly(sections[i]);
            if (Checksum.Of(sections[i]) != checksum)
            {
                throw new InvalidDataException("A section of an image is damaged.");
            }
        }

        return new ImageFile(origin, sequence, sections);
    }

    private byte[] Header()
    {
        var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes, Encoding.UTF8, leaveOpen: true);
        writer.Write(Origin.Database.ToByteArray());
        writer.Write(Origin.Producer);
        writer.Write(Sequence);
        writer.Write(Sections.Count);
        foreach (var section in Sections)
        {
            writer.Write(section.Length);
            writer.Write(Checksum.Of(section));
        }

        writer.Flush();
        return bytes.ToArray();
    }
}

/// <summary>Where an image comes from.</summary>
/// <param name="Database">The id that the database got when it was made.</param>
/// <param name="Producer">What made it, with its version: an index schema, an encoder, a tokenizer.</param>
internal sealed record ImageOrigin(Guid Database, string Producer)
{
    /// <summary>Of what others have made, of nothing in the database.</summary>
    public static ImageOrigin Of(string producer) => new(Guid.Empty, producer);
}
