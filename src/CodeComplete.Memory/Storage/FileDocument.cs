using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using CodeComplete.Memory.Snippets;
using LiteDB;

namespace CodeComplete.Memory.Storage;

/// <summary>One file as one LiteDB document: the cleaned text as a blob, and its windows and their words as another.</summary>
internal static class FileDocument
{
    private const string PathField = "path";
    private const string HashField = "hash";
    private const string SizeField = "size";
    private const string ModifiedField = "modified";
    private const string TextField = "text";
    private const string WordsField = "words";
    private const string ChecksumField = "checksum";

    public static BsonDocument Write(CutFile file)
    {
        var words = WriteWords(file);
        return new BsonDocument
        {
            ["_id"] = WorkspacePath.Key(file.File.Path),
            [PathField] = file.File.Path,
            [HashField] = file.File.Hash,
            [SizeField] = file.File.Stamp.Size,
            [ModifiedField] = file.File.Stamp.ModifiedTicks,
            [TextField] = file.File.Text,
            [WordsField] = words,
            [ChecksumField] = Checksum(file.File.Text, words),
        };
    }

    public static void Restamp(BsonDocument document, FileStamp stamp)
    {
        document[SizeField] = stamp.Size;
        document[ModifiedField] = stamp.ModifiedTicks;
    }

    /// <exception cref="InvalidDataException">The document is not what <see cref="Write"/> wrote.</exception>
    public static CutFile Read(BsonDocument document)
    {
        if (!document[PathField].IsString || !document[HashField].IsGuid || !document[TextField].IsBinary || !document[WordsField].IsBinary)
        {
            throw new InvalidDataException("A stored file lacks a field.");
        }

        var path = document[PathField].AsString;
        byte[] text = document[TextField].AsBinary,
            words = document[WordsField].AsBinary;
        if (!document["_id"].AsGuid.Equals(WorkspacePath.Key(path)) || document[ChecksumField].AsInt64 != Checksum(text, words))
        {
            throw new InvalidDataException("The checksum of a stored file is wrong.");
        }

        var stamp = new FileStamp(document[SizeField].AsInt64, document[ModifiedField].AsInt64);
        return ReadWords(new RememberedFile(path, document[HashField].AsGuid, stamp, text, []), words);
    }

    private static byte[] WriteWords(CutFile file)
    {
        var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes, Encoding.UTF8, leaveOpen: true);
        writer.Write7BitEncodedInt(file.Words.Names.Length);
        foreach (var name in file.Words.Names)
        {
            writer.Write(name);
        }

        writer.Write7BitEncodedInt(file.File.Spans.Length);
        for (var i = 0; i < file.File.Spans.Length; i++)
        {
            var span = file.File.Spans[i];
            writer.Write7BitEncodedInt(span.StartLine);
            writer.Write7BitEncodedInt(span.Lines);
            writer.Write7BitEncodedInt(span.Offset);
            writer.Write7BitEncodedInt(span.Length);
            var counts = file.Words.Of(i);
            writer.Write7BitEncodedInt(counts.Length);
            foreach (var (name, count) in counts)
            {
                writer.Write7BitEncodedInt(name);
                writer.Write7BitEncodedInt(count);
            }
        }

        writer.Flush();
        return bytes.ToArray();
    }

    private static CutFile ReadWords(RememberedFile file, byte[] words)
    {
        var reader = new ByteReader(words);
        var names = new string[reader.Length()];
        for (var i = 0; i < names.Length; i++)
        {
            names[i] = reader.Text();
        }

        var spans = new SnippetSpan[reader.Length()];
        var starts = new int[spans.Length + 1];
        var counts = new List<NameCount>();
        for (var i = 0; i < spans.Length; i++)
        {
            int line = reader.Number(int.MaxValue),
                lines = reader.Number(int.MaxValue),
                offset = reader.Number(file.Text.Length);
            spans[i] = new SnippetSpan(line, lines, offset, reader.Number(file.Text.Length - offset));
            for (var left = reader.Length(); left > 0; left--)
            {
                counts.Add(new NameCount(reader.Number(names.Length - 1), reader.Number(int.MaxValue)));
            }

            starts[i + 1] = counts.Count;
        }

        return reader.AtEnd
            ? new CutFile(file with { Spans = spans }, new FileWords(names, starts, [.. counts]))
            : throw new InvalidDataException("The stored words of a file go on after their end.");
    }

    // LiteDB's pages carry none. Two multiplications a word of eight bytes: it must not slow the opening down.
    private static long Checksum(params ReadOnlySpan<byte[]> blobs)
    {
        var sum = 0x9E3779B97F4A7C15UL;
        Span<byte> rest = stackalloc byte[sizeof(ulong)];
        foreach (var blob in blobs)
        {
            sum = Mix(sum, (ulong)blob.Length);
            var whole = MemoryMarshal.Cast<byte, ulong>(blob);
            foreach (var word in whole)
            {
                sum = Mix(sum, word);
            }

            rest.Clear();
            blob.AsSpan(whole.Length * sizeof(ulong)).CopyTo(rest);
            sum = Mix(sum, BinaryPrimitives.ReadUInt64LittleEndian(rest));
        }

        return (long)sum;
    }

    private static ulong Mix(ulong sum, ulong word)
    {
        sum = (sum ^ word) * 0xFF51AFD7ED558CCDUL;
        return (sum ^ (sum >> 32)) * 0xC4CEB9FE1A85EC53UL;
    }
}
