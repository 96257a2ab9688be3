using CodeComplete.Memory.Snippets;

namespace CodeComplete.Memory.Storage;

/// <summary>
/// Where a memory is kept, whatever the disk is like: the owner's database and journal; a visitor's journal; or, where nothing can be written,
/// nowhere. It never throws; what is wrong, <see cref="Message"/> says.
/// </summary>
internal sealed class MemoryStore : IDisposable
{
    private readonly OwnerLock? _lock;
    private readonly MemoryDatabase? _database;
    private readonly WriteBehind? _writer;
    private readonly Lock _messageGate = new();

    private MemoryStore(MemoryFolder folder, AcceptanceLog acceptances, string? message, OwnerLock? ownerLock, MemoryDatabase? database)
    {
        (Folder, Acceptances, Message, _lock, _database) = (folder, acceptances, message, ownerLock, database);
        _writer = database is null ? null : new WriteBehind(database, GiveUpDatabase);
    }

    public event Action<string>? Degraded;

    public MemoryFolder Folder { get; }

    public AcceptanceLog Acceptances { get; }

    public string? Message { get; private set; }

    public bool IsOwner => _lock is not null;

    /// <summary>Another process is the owner; all is well.</summary>
    public bool IsHeldByAnother { get; private init; }

    /// <summary>Opens the store and hands over what it remembers.</summary>
    /// <param name="add">Given each stored file.</param>
    /// <param name="clear">What was added is not to be trusted: the database turned out to be damaged.</param>
    public static MemoryStore Open(MemoryFolder folder, Action<CutFile> add, Action clear)
    {
        OwnerLock? ownerLock;
        try
        {
            folder.Create();
            ownerLock = OwnerLock.TryTake(folder.Lock);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new MemoryStore(folder, AcceptanceLog.InMemory(), CannotKeep(folder, exception), null, null);
        }

        return ownerLock is null
            ? new MemoryStore(folder, AcceptanceLog.OpenAsVisitor(folder), null, null, null) { IsHeldByAnother = true }
            : Inherit(folder, ownerLock, add, clear);
    }

    /// <summary>As <see cref="Open"/>, for who has taken the lock already.</summary>
    /// <returns>Not the owner's store where the database is not for this process; the lock is free then.</returns>
    public static MemoryStore Inherit(MemoryFolder folder, OwnerLock ownerLock, Action<CutFile> add, Action clear)
    {
        try
        {
            return Own(folder, ownerLock, add, clear);
        }
        catch (Exception exception)
        {
            // The journals may do better than the database did.
            clear();
            ownerLock.Dispose();
            return Visit(folder, CannotKeep(folder, exception));
        }
    }

    public void Put(CutFile file) => _writer?.Add(changes => changes.Put(file));

    public void Restamp(string path, FileStamp stamp) => _writer?.Add(changes => changes.Restamp(path, stamp));

    public void Remove(string path) => _writer?.Add(changes => changes.Remove(path));

    /// <returns><see langword="true"/>: it is on the disk.</returns>
    public bool Record(Acceptance acceptance)
    {
        if (Acceptances.Add(acceptance) is { } failure)
        {
            Degrade(CannotWrite(failure));
            return false;
        }

        _writer?.Add(changes => changes.Add(acceptance));
        return !Acceptances.IsInMemory;
    }

    public void WaitForRoom() => _writer?.WaitForRoom();

    public void Flush() => _writer?.Flush();

    public void Dispose()
    {
        _writer?.Dispose();
        try
        {
            _database?.Dispose();
        }
        catch (Exception exception)
        {
            // Closing writes as well. What is on the disk is whole; the next opening goes on from there.
            Degrade(CannotWrite(exception));
        }

        Acceptances.Dispose();
        _lock?.Dispose();
    }

    // On the writing thread, after its last write.
    private void GiveUpDatabase(Exception exception)
    {
        if (!MemoryDatabase.IsDamage(exception))
        {
            Degrade(CannotWrite(exception));
            return;
        }

        // Some damage shows only when a page is needed for writing. Left in place, the file would fail in every process from now on.
        Abandon(_database);
        try
        {
            Degrade(
                $"The memory of this workspace was damaged ({OneLine(exception)}); it was set aside as {Folder.SetDatabaseAside()} and is built anew at the next start. Acceptances are kept."
            );
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Degrade(CannotWrite(failure));
        }
    }

    private static MemoryStore Visit(MemoryFolder folder, string message) =>
        new(folder, AcceptanceLog.OpenAsVisitor(folder), message, null, null);

    private static MemoryStore Own(MemoryFolder folder, OwnerLock ownerLock, Action<CutFile> add, Action clear)
    {
        string? message = null;
        var (database, acceptances, found) = Load(folder, add, clear, ref message);
        if (found > MemoryDatabase.Schema)
        {
            database.Dispose();
            ownerLock.Dispose();
            return Visit(
                folder,
                $"The memory of this workspace was written by a newer version (schema {found}, this one knows {MemoryDatabase.Schema}); it is left alone, and what is learned now goes to a journal. Update CodeCompleteLsp to use it."
            );
        }

        var log = AcceptanceLog.OpenAsOwner(folder, acceptances);
        var store = new MemoryStore(folder, log, message, ownerLock, database);
        var inDatabase = acceptances.Select(static acceptance => acceptance.Id).ToHashSet();
        foreach (var acceptance in log.NewestFirst().Where(acceptance => !inDatabase.Contains(acceptance.Id)))
        {
            store._writer!.Add(changes => changes.Add(acceptance));
        }

        return store;
    }

    private static (MemoryDatabase Database, IReadOnlyList<Acceptance> Acceptances, int Schema) Load(
        MemoryFolder folder,
        Action<CutFile> add,
        Action clear,
        ref string? message
    )
    {
        for (var attempt = 0; ; attempt++)
        {
            MemoryDatabase? database = null;
            try
            {
                database = MemoryDatabase.Open(folder.Database);
                var schema = database.FoundSchema;
                if (schema > MemoryDatabase.Schema)
                {
                    return (database, [], schema);
                }

                var acceptances = database.Acceptances();
                database.TakeOver();
                foreach (var file in database.Files())
                {
                    add(file);
                }

                // LiteDB keeps every page it has read; a fresh opening holds none of them.
                database.Dispose();
                database = MemoryDatabase.Open(folder.Database);
                return (database, acceptances, schema);
            }
            catch (Exception exception) when (attempt == 0 && MemoryDatabase.IsDamage(exception))
            {
                clear();
                Abandon(database);
                message =
                    $"The memory of this workspace was damaged; it was set aside as {folder.SetDatabaseAside()} and is being built anew. Acceptances are kept.";
            }
            catch
            {
                Abandon(database);
                throw;
            }
        }
    }

    private static void Abandon(MemoryDatabase? database)
    {
        try
        {
            database?.Dispose();
        }
        catch (Exception)
        {
            // Closing a damaged file may fail in any way; it is set aside anyhow.
        }
    }

    private static string CannotKeep(MemoryFolder folder, Exception exception) =>
        $"The memory cannot be kept in {folder.FolderPath} ({OneLine(exception)}); it lasts until this process ends. Choose another data folder to keep it.";

    private static string CannotWrite(Exception exception) =>
        $"The memory could not be written ({OneLine(exception)}); what is learned from now on lasts until this process ends. Make room on the disk and restart to keep it.";

    private static string OneLine(Exception exception) => exception.Message.ReplaceLineEndings(" ").TrimEnd('.');

    private void Degrade(string message)
    {
        lock (_messageGate)
        {
            if (Message == message)
            {
                return; // said already
            }

            Message = message;
        }

        Degraded?.Invoke(message);
    }
}
