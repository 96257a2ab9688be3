using CodeComplete.Memory.Snippets;
using LiteDB;

namespace CodeComplete.Memory.Storage;

/// <summary>
/// The LiteDB file and its collections. Only the owner of the memory opens it, and after opening one thread alone writes it. Whatever LiteDB
/// throws comes out; <see cref="IsDamage"/> says what it means.
/// </summary>
internal sealed class MemoryDatabase : IDisposable
{
    /// <summary>Goes up when a stored form changes. Files of an older schema are read again from the workspace; acceptances are kept.</summary>
    public const int Schema = 1;

    private readonly LiteDatabase _database;
    private readonly ILiteCollection<BsonDocument> _files;
    private readonly ILiteCollection<BsonDocument> _acceptances;

    private MemoryDatabase(LiteDatabase database)
    {
        _database = database;
        _files = database.GetCollection("files");
        _acceptances = database.GetCollection("acceptances");
    }

    /// <summary>Of the file as it was found; 0 where it is new.</summary>
    public int FoundSchema => _database.UserVersion;

    public static MemoryDatabase Open(string path)
    {
        // LiteDB's default collation ignores case: `count` and `Count` would be one key.
        var connection = new ConnectionString
        {
            Filename = path,
            Connection = ConnectionType.Direct,
            Collation = Collation.Binary,
        };
        return new MemoryDatabase(new LiteDatabase(connection));
    }

    /// <summary>Does the exception mean that the file's content is wrong (and not that the disk or the rights are)?</summary>
    public static bool IsDamage(Exception exception) =>
        exception is EndOfStreamException
        || (
            exception is not (IOException or UnauthorizedAccessException or OutOfMemoryException)
            && (exception.InnerException is null || IsDamage(exception.InnerException))
        );

    /// <summary>Makes an older or new file one of this schema.</summary>
    public void TakeOver()
    {
        if (FoundSchema != Schema)
        {
            _files.DeleteAll();
            _database.UserVersion = Schema;
        }
    }

    /// <exception cref="InvalidDataException">A document is damaged.</exception>
    public IEnumerable<CutFile> Files() => _files.FindAll().Select(FileDocument.Read);

    /// <exception cref="InvalidDataException">A document is damaged.</exception>
    public IReadOnlyList<Acceptance> Acceptances() => [.. _acceptances.FindAll().Select(AcceptanceDocument.Read)];

    /// <summary>Writes all changes or, where this throws, none.</summary>
    public void Write(PendingChanges changes)
    {
        _database.BeginTrans();
        try
        {
            foreach (var (key, change) in changes.Files)
            {
                Write(key, change);
            }

            foreach (var acceptance in changes.Acceptances)
            {
                _acceptances.Upsert(AcceptanceDocument.Write(acceptance));
            }

            _database.Commit();
        }
        catch
        {
            RollBack();
            throw;
        }
    }

    /// <summary>Waits until what was written is in the file. A commit alone does not: LiteDB hands its pages to a thread of its own.</summary>
    public void Checkpoint() => _database.Checkpoint();

    public void Dispose()
    {
        LiteTransactions.CallOffFinalizers(_database);
        _database.Dispose();
    }

    // After a full disk it fails as well, with an exception that would hide the cause.
    private void RollBack()
    {
        try
        {
            _database.Rollback();
        }
        catch (Exception)
        {
            // Nothing was committed; the log's half transaction does not count at the next opening.
        }
    }

    private void Write(Guid key, FileChange change)
    {
        if (change.File is { } file)
        {
            _files.Upsert(FileDocument.Write(file));
        }
        else if (change.Stamp is not { } stamp)
        {
            _files.Delete(key);
        }
        else if (_files.FindById(key) is { } document)
        {
            FileDocument.Restamp(document, stamp);
            _files.Update(document);
        }
    }
}
