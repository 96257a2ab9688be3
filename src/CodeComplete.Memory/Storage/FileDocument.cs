using CodeComplete.Memory.Snippets;
using LiteDB;

namespace CodeComplete.Memory.Storage;

/// <summary>One file as one LiteDB document.</summary>
internal static class FileDocument
{
    private const string PathField = "path";
    private const string HashField = "hash";
    private const string SizeField = "size";
    private const string ModifiedField = "modified";
    private const string StateField = "state";
    private const string TextField = "text";
    private const string LengthField = "length";
    private const string ChecksumField = "checksum";

    public static BsonDocument Write(StoredFile file) =>
        new()
        {
            ["_id"] = WorkspacePath.Key(file.Path),
            [PathField] = file.Path,
            [HashField] = file.Hash,
            [SizeField] = file.Stamp.Size,
            [ModifiedField] = file.Stamp.ModifiedTicks,
            [StateField] = (int)file.State,
            [TextField] = file.Packed,
            [LengthField] = file.TextLength,
            [ChecksumField] = ChecksumOf(file.Hash, file.State, file.TextLength, file.Packed),
        };

    public static void Restamp(BsonDocument document, FileStamp stamp)
    {
        document[SizeField] = stamp.Size;
        document[ModifiedField] = stamp.ModifiedTicks;
    }

    /// <exception cref="InvalidDataException">The document is not what <see cref="Write"/> wrote.</exception>
    public static StoredFile Read(BsonDocument document)
    {
        if (
            !document[PathField].IsString
            || !document[HashField].IsGuid
            || !document[TextField].IsBinary
            || !document[LengthField].IsInt32
            || !document[StateField].IsInt32
            || !document["_id"].IsGuid
            || !document[SizeField].IsInt64
            || !document[ModifiedField].IsInt64
            || !document[ChecksumField].IsInt64
        )
        {
            throw new InvalidDataException("A stored file lacks a field.");
        }

        var path = document[PathField].AsString;
        var hash = document[HashField].AsGuid;
        var state = (FileState)document[StateField].AsInt32;
        var text = document[TextField].AsBinary;
        var length = document[LengthField].AsInt32;
        return document["_id"].AsGuid == WorkspacePath.Key(path) && document[ChecksumField].AsInt64 == ChecksumOf(hash, state, length, text)
            ? new StoredFile(path, hash, new FileStamp(document[SizeField].AsInt64, document[ModifiedField].AsInt64), state, text, length)
            : throw new InvalidDataException("The checksum of a stored file is wrong.");
    }

    private static long ChecksumOf(Guid hash, FileState state, int length, byte[] text) =>
        Checksum.Of(hash.ToByteArray(), BitConverter.GetBytes((long)state << 32 | (uint)length), text);
}
