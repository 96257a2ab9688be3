using System.Globalization;
using LiteDB;

namespace CodeComplete.Memory.Storage;

/// <summary>
/// The LiteDB file and its collections. Only the owner of the memory opens it; after opening, one thread alone writes it and any thread reads it.
/// Whatever LiteDB throws comes out; <see cref="IsDamage"/> says what it means.
/// </summary>
internal sealed class MemoryDatabase : IDisposable
{
    /// <summary>Goes up when a stored form changes. Files of an older schema are read again from the workspace; acceptances are kept.</summary>
    public const int Schema = 2;

    private const string FilesName = "files";
    private const string AcceptancesName = "acceptances";
    private const string RecentName = "recent";
    private const string SettingsName = "settings";
    private const string DatabaseIdKey = "database";
    private const string SequenceKey = "sequence";
    private const int CopiedAtOnce = 200;

    private readonly string _path;

    // Readers share it; who opens the file anew has it alone.
    private readonly ReaderWriterLockSlim _handle = new();
    private LiteDatabase _database;
    private bool _disposed;

    private MemoryDatabase(string path) => (_path, _database) = (path, OpenFile(path));

    /// <summary>Of the file as it was found; 0 where it is new.</summary>
    public int FoundSchema => _database.UserVersion;

    /// <summary>Tells this database from all others, so that an image finds the one it was made of.</summary>
    public Guid Id { get; private set; }

    public static MemoryDatabase Open(string path) => new(path);

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
            foreach (var name in _database.GetCollectionNames().Where(static name => name != AcceptancesName).ToList())
            {
                _database.DropCollection(name);
            }

            _database.UserVersion = Schema;
        }

        Id = Guid.TryParse(Setting(DatabaseIdKey), out var id) ? id : Guid.NewGuid();
        if (id == Guid.Empty)
        {
            Set(DatabaseIdKey, Id.ToString());
        }
    }

    /// <exception cref="InvalidDataException">A document is damaged.</exception>
    public IEnumerable<StoredFile> Files() => Files(_database).FindAll().Select(FileDocument.Read);

    /// <exception cref="InvalidDataException">The document is damaged.</exception>
    public StoredFile? File(Guid key) =>
        Read(database => Files(database).FindById(key) is { } document ? FileDocument.Read(document) : null);

    /// <exception cref="InvalidDataException">A document is damaged.</exception>
    public IReadOnlyList<Acceptance> Acceptances() =>
        [.. _database.GetCollection(AcceptancesName).FindAll().Select(AcceptanceDocument.Read)];

    /// <summary>The paths of the files that were changed or removed, or got a part, since <see cref="ForgetRecent"/>.</summary>
    public IReadOnlyList<string> Recent() =>
        [.. _database.GetCollection(RecentName).FindAll().Select(static document => document["path"].AsString)];

    /// <summary>An image has taken in all up to this change.</summary>
    public void ForgetRecent(long upTo) =>
        InTransaction(database =>
        {
            var recent = database.GetCollection(RecentName);
            foreach (var document in recent.FindAll().Where(document => document["sequence"].AsInt64 <= upTo).ToList())
            {
                recent.Delete(document["_id"]);
            }
        });

    /// <summary>A part of a file; <see langword="null"/> where there is none.</summary>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public FilePart? Part(PartKinds kind, string path) =>
        Read(database =>
        {
            if (Parts(database, kind).FindById(WorkspacePath.Key(path)) is not { } document)
            {
                return null;
            }

            var blob = document["blob"].AsBinary;
            return blob is not null && document["hash"].IsGuid && document["checksum"].AsInt64 == Checksum.Of(blob)
                ? new FilePart(path, document["hash"].AsGuid, blob)
                : throw new InvalidDataException("The checksum of a stored part is wrong.");
        });

    /// <summary>The last change that was written. An image with a later one belongs to a state of the database that was lost.</summary>
    public long Sequence => long.TryParse(Setting(SequenceKey), CultureInfo.InvariantCulture, out var sequence) ? sequence : 0;

    /// <summary>What made the parts of a kind, and with which change those of another producer went.</summary>
    public (string Producer, long Since)? Producer(PartKinds kind) =>
        Setting(ProducerKey(kind)) is { } value
        && value.Split(' ', 2) is [var since, var producer]
        && long.TryParse(since, CultureInfo.InvariantCulture, out var sequence)
            ? (producer, sequence)
            : null;

    /// <summary>Writes all changes or, where this throws, none; but parts of another producer go at once.</summary>
    public void Write(PendingChanges changes)
    {
        foreach (var (kind, producer) in changes.Cleared)
        {
            // In this order: a kill in between leaves parts that no file is said to have.
            Set(ProducerKey(kind), string.Create(CultureInfo.InvariantCulture, $"{changes.Sequence} {producer}"));
            _database.DropCollection(PartsName(kind));
        }

        InTransaction(database =>
        {
            Write(database, changes);
            if (changes.Sequence > 0)
            {
                Set(SequenceKey, changes.Sequence.ToString(CultureInfo.InvariantCulture));
            }
        });
    }

    /// <summary>Waits until what was written is in the file. A commit alone does not: LiteDB hands its pages to a thread of its own.</summary>
    public void Checkpoint() => _database.Checkpoint();

    /// <summary>Closes and opens the file, which lets go of the pages that LiteDB has kept.</summary>
    public void Reopen() => Exclusively(static () => { });

    /// <summary>
    /// Writes the file anew without what was deleted: LiteDB's files never shrink, and keep the bytes of what they have deleted. (Its own Rebuild
    /// moves the files about in a way that a kill would find half done.) All is copied to a second file, which takes the place of the first in one step.
    /// </summary>
    /// <param name="folder">Names the second file.</param>
    public void Compact(MemoryFolder folder)
    {
        folder.DeleteUnfinished();
        try
        {
            using (var copy = OpenFile(folder.UnfinishedDatabase))
            {
                CopyTo(copy);
                copy.UserVersion = Schema;
                copy.Checkpoint();
            }

            _database.Checkpoint();
            Exclusively(() =>
            {
                // A log that belongs to the old file must never meet the new one.
                System.IO.File.Delete(folder.DatabaseLog);
                System.IO.File.Move(folder.UnfinishedDatabase, _path, overwrite: true);
            });
        }
        finally
        {
            folder.DeleteUnfinished();
        }
    }

    public void Dispose()
    {
        _handle.EnterWriteLock();
        try
        {
            if (!_disposed)
            {
                _disposed = true;
                LiteTransactions.CallOffFinalizers(_database);
                _database.Dispose();
            }
        }
        finally
        {
            _handle.ExitWriteLock();
        }
    }

    private static LiteDatabase OpenFile(string path) =>
        // LiteDB's default collation ignores case: `count` and `Count` would be one key.
        new(
            new ConnectionString
            {
                Filename = path,
                Connection = ConnectionType.Direct,
                Collation = Collation.Binary,
            }
        );

    private static ILiteCollection<BsonDocument> Files(LiteDatabase database) => database.GetCollection(FilesName);

    private static ILiteCollection<BsonDocument> Parts(LiteDatabase database, PartKinds kind) => database.GetCollection(PartsName(kind));

    private static string PartsName(PartKinds kind) => "parts_" + kind.Name();

    private static string ProducerKey(PartKinds kind) => "producer of " + kind.Name();

    private static void Note(LiteDatabase database, string path, long sequence) =>
        database
            .GetCollection(RecentName)
            .Upsert(
                new BsonDocument
                {
                    ["_id"] = WorkspacePath.Key(path),
                    ["path"] = path,
                    ["sequence"] = sequence,
                }
            );

    private static void Write(LiteDatabase database, PendingChanges changes)
    {
        foreach (var (key, change) in changes.Files)
        {
            Write(Files(database), key, change);
            Note(database, change.Path, changes.Sequence);
        }

        foreach (var ((kind, file), part) in changes.Parts)
        {
            Write(database, kind, file, part, changes.Sequence);
        }

        foreach (var acceptance in changes.Acceptances)
        {
            database.GetCollection(AcceptancesName).Upsert(AcceptanceDocument.Write(acceptance));
        }

        foreach (var id in changes.RemovedAcceptances)
        {
            database.GetCollection(AcceptancesName).Delete(id);
        }
    }

    private static void Write(ILiteCollection<BsonDocument> files, Guid key, FileChange change)
    {
        if (change.File is { } file)
        {
            files.Upsert(FileDocument.Write(file));
        }
        else if (change.Stamp is not { } stamp)
        {
            files.Delete(key);
        }
        else if (files.FindById(key) is { } document)
        {
            FileDocument.Restamp(document, stamp);
            files.Update(document);
        }
    }

    private static void Write(LiteDatabase database, PartKinds kind, Guid file, FilePart? part, long sequence)
    {
        if (part is null)
        {
            Parts(database, kind).Delete(file);
            return;
        }

        Parts(database, kind)
            .Upsert(
                new BsonDocument
                {
                    ["_id"] = file,
                    ["hash"] = part.Hash,
                    ["blob"] = part.Blob,
                    ["checksum"] = Checksum.Of(part.Blob),
                }
            );
        Note(database, part.Path, sequence);
    }

    private string? Setting(string key) =>
        _database.GetCollection(SettingsName).FindById(key) is { } document && document["value"].IsString
            ? document["value"].AsString
            : null;

    private void Set(string key, string value) =>
        _database.GetCollection(SettingsName).Upsert(new BsonDocument { ["_id"] = key, ["value"] = value });

    private void CopyTo(LiteDatabase copy)
    {
        foreach (var name in _database.GetCollectionNames().ToList())
        {
            var to = copy.GetCollection(name);
            foreach (var some in _database.GetCollection(name).FindAll().Chunk(CopiedAtOnce))
            {
                to.Insert(some);
            }
        }
    }

    private T Read<T>(Func<LiteDatabase, T> read)
    {
        _handle.EnterReadLock();
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return read(_database);
        }
        finally
        {
            _handle.ExitReadLock();
        }
    }

    private void Exclusively(Action meanwhile)
    {
        _handle.EnterWriteLock();
        try
        {
            LiteTransactions.CallOffFinalizers(_database);
            _database.Dispose();
            try
            {
                meanwhile();
            }
            finally
            {
                _database = OpenFile(_path);
            }
        }
        finally
        {
            _handle.ExitWriteLock();
        }
    }

    private void InTransaction(Action<LiteDatabase> write)
    {
        _database.BeginTrans();
        try
        {
            write(_database);
            _database.Commit();
        }
        catch
        {
            RollBack();
            throw;
        }
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
}
