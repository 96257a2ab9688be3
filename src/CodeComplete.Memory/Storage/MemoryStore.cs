using CodeComplete.Memory.Lexical;
using CodeComplete.Memory.Snippets;

namespace CodeComplete.Memory.Storage;

/// <summary>
/// Where a memory is kept, whatever the disk is like: the owner's database and journal; a visitor's journal; or, where nothing can be written,
/// nowhere. It never throws; what is wrong, <see cref="Message"/> says.
/// </summary>
internal sealed partial class MemoryStore : IDisposable
{
    private readonly OwnerLock? _lock;
    private readonly MemoryDatabase? _database;
    private readonly WriteBehind? _writer;
    private readonly LexicalIndex _index;
    private readonly MemoryOptions _options;
    private readonly Lock _messageGate = new();
    private readonly Dictionary<PartKinds, string> _producers = [];

    // Under Changes. A change's number; what the image on the disk has; and what has changed since.
    private long _sequence;
    private long _imageSequence;
    private long _imageClock;
    private readonly HashSet<Guid> _sinceImage = [];

    private MemoryStore(Start start, AcceptanceLog acceptances, string? message, OwnerLock? ownerLock, MemoryDatabase? database)
    {
        (Folder, _index, _options) = (start.Folder, start.Index, start.Options);
        (Acceptances, Message, _lock, _database) = (acceptances, message, ownerLock, database);
        Texts = new TextStore(key => _database?.File(key), start.InWorkspace);
        _writer = database is null ? null : new WriteBehind(database, () => RequireRoom(LeastFreeBytes), Written, Idle, GiveUpDatabase);
    }

    public event Action<string>? Degraded;

    public MemoryFolder Folder { get; }

    public AcceptanceLog Acceptances { get; }

    public TextStore Texts { get; }

    /// <summary>Held while the index and the store change together, so that two changes reach both in the same order.</summary>
    public Lock Changes { get; } = new();

    public string? Message { get; private set; }

    public bool IsOwner => _lock is not null;

    /// <summary>Another process is the owner; all is well.</summary>
    public bool IsHeldByAnother { get; private init; }

    /// <summary>Opens the store and fills the index with what it remembers.</summary>
    /// <param name="inWorkspace">The cleaned text of a file as it is in the workspace, where its hash is still the same.</param>
    public static MemoryStore Open(MemoryOptions options, LexicalIndex index, Func<RememberedFile, byte[]?> inWorkspace)
    {
        var folder = MemoryFolder.Of(options);
        var start = new Start(folder, index, options, inWorkspace);
        OwnerLock? ownerLock;
        try
        {
            folder.Create();
            ownerLock = OwnerLock.TryTake(folder.Lock);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new MemoryStore(start, AcceptanceLog.InMemory(), CannotKeep(folder, exception), null, null);
        }

        return ownerLock is null
            ? new MemoryStore(start, AcceptanceLog.OpenAsVisitor(folder), null, null, null) { IsHeldByAnother = true }
            : Inherit(start, ownerLock);
    }

    /// <summary>As <see cref="Open"/>, for who has taken the lock already.</summary>
    /// <returns>Not the owner's store where the database is not for this process; the lock is free then.</returns>
    public static MemoryStore Inherit(
        MemoryOptions options,
        LexicalIndex index,
        Func<RememberedFile, byte[]?> inWorkspace,
        OwnerLock ownerLock
    ) => Inherit(new Start(MemoryFolder.Of(options), index, options, inWorkspace), ownerLock);

    private static MemoryStore Inherit(Start start, OwnerLock ownerLock)
    {
        try
        {
            return Own(start, ownerLock);
        }
        catch (Exception exception)
        {
            // The journals may do better than the database did.
            start.Index.Clear();
            ownerLock.Dispose();
            return Visit(start, CannotKeep(start.Folder, exception));
        }
    }

    /// <param name="text">The cleaned text.</param>
    /// <param name="oldParts">What was attached to the text that it replaces.</param>
    public void Put(StoredFile file, byte[] text, PartKinds oldParts)
    {
        if (file.HasText)
        {
            Texts.Hold(file, text);
        }
        else
        {
            Texts.Remove(file.Path);
        }

        var sequence = Next(file.Path);
        _writer?.Add(changes =>
        {
            changes.Put(file, sequence);
            changes.RemoveParts(oldParts, file.Path);
        });
    }

    public void Restamp(string path, FileStamp stamp)
    {
        var sequence = Next(path);
        _writer?.Add(changes => changes.Restamp(path, stamp, sequence));
    }

    public void Remove(string path)
    {
        Texts.Remove(path);
        var sequence = Next(path);
        _writer?.Add(changes =>
        {
            changes.Remove(path, sequence);
            changes.RemoveParts(PartKinds.All, path);
        });
    }

    /// <summary>What made the parts of a kind that are there.</summary>
    public string? Producer(PartKinds kind) => _producers.GetValueOrDefault(kind);

    public void PutPart(PartKinds kind, FilePart part)
    {
        var sequence = Next(part.Path);
        _writer?.Add(changes => changes.Put(kind, part, sequence));
    }

    /// <summary>Lets all parts of a kind go, and notes who makes those that come now.</summary>
    public void ClearParts(PartKinds kind, string producer)
    {
        _producers[kind] = producer;
        var sequence = ++_sequence;
        _writer?.Add(changes => changes.Clear(kind, producer, sequence));
    }

    /// <summary>May be called without <see cref="Changes"/>.</summary>
    /// <exception cref="Exception">Whatever LiteDB throws.</exception>
    public FilePart? Part(PartKinds kind, string path) =>
        _writer?.TryPeek(kind, WorkspacePath.Key(path), out var part) == true ? part : _database?.Part(kind, path);

    /// <summary>Writes an image of something else that is made of the memory.</summary>
    /// <returns><see langword="false"/> where nothing can be kept.</returns>
    public bool PutImage(string name, string producer, byte[] image)
    {
        if (_database is null)
        {
            return false;
        }

        try
        {
            new ImageFile(new ImageOrigin(_database.Id, producer), 0, [image]).Write(Folder.Image(name));
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false; // it only costs time at the next start
        }
    }

    /// <summary>Writes what others want to have back, whatever becomes of the database, unless <paramref name="isForgotten"/> by the time it is written.</summary>
    /// <returns><see langword="false"/> where it is not kept; what was kept before is gone then.</returns>
    public bool Keep(string name, byte[] text, Func<bool> isForgotten)
    {
        var isKept = false;
        _writer?.Do(() =>
        {
            // On the thread that erases, so that nothing that was forgotten meanwhile is written behind it.
            if (isForgotten())
            {
                DurableFile.TryDelete(Folder.Image(name));
                return;
            }

            try
            {
                new ImageFile(ImageOrigin.Of(name), 0, [text]).Write(Folder.Image(name));
                isKept = true;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException) { } // it only costs time at the next start
        });
        return isKept;
    }

    /// <summary>The image of this name and producer; <see langword="null"/> where there is none that is whole.</summary>
    public byte[]? Image(string name, string producer) =>
        _database is not null
        && ImageFile.Read(Folder.Image(name)) is { Sections: [var image] } file
        && file.Origin == new ImageOrigin(_database.Id, producer)
            ? image
            : null;

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

    public IEnumerable<StoredFile> StoredFiles() => _database?.Files() ?? [];

    public void WaitForRoom() => _writer?.WaitForRoom();

    public void Flush() => _writer?.Flush();

    public void Dispose()
    {
        _writer?.Do(() => WriteImage(atLeast: 1));
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

    private long Next(string path)
    {
        _sinceImage.Add(WorkspacePath.Key(path));
        return ++_sequence;
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
        MemoryOpening.Abandon(_database);
        HoldWhatCanBeRead();
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

    // The texts must outlive the database. What failed does so again, so the file is opened anew, and only read.
    private void HoldWhatCanBeRead()
    {
        MemoryDatabase? database = null;
        try
        {
            database = MemoryDatabase.Open(Folder.Database);
            foreach (var path in _index.Paths())
            {
                if (database.File(WorkspacePath.Key(path)) is { HasText: true } file)
                {
                    Texts.HoldIfMissing(file);
                }
            }
        }
        catch (Exception)
        {
            // Where it is damaged there, too, there may be the workspace.
        }
        finally
        {
            MemoryOpening.Abandon(database);
        }
    }

    private static MemoryStore Visit(Start start, string message) =>
        new(start, AcceptanceLog.OpenAsVisitor(start.Folder), message, null, null);

    private static MemoryStore Own(Start start, OwnerLock ownerLock)
    {
        string? message = null;
        start.Folder.DeleteUnfinished();
        var loaded = MemoryOpening.Load(start.Folder, start.Index, ref message);
        if (loaded.Schema > MemoryDatabase.Schema)
        {
            loaded.Database.Dispose();
            ownerLock.Dispose();
            return Visit(
                start,
                $"The memory of this workspace was written by a newer version (schema {loaded.Schema}, this one knows {MemoryDatabase.Schema}); it is left alone, and what is learned now goes to a journal. Update CodeCompleteLsp to use it."
            );
        }

        var log = AcceptanceLog.OpenAsOwner(start.Folder, loaded.Acceptances);
        var store = new MemoryStore(start, log, message, ownerLock, loaded.Database)
        {
            _sequence = loaded.Sequence,
            _imageSequence = loaded.ImageSequence,
            _imageClock = start.Index.Clock,
        };
        foreach (var (kind, producer) in loaded.Producers)
        {
            store._producers[kind] = producer;
        }

        store._writer!.Add(changes => changes.Remove(log.Decayed));
        var inDatabase = loaded.Acceptances.Select(static acceptance => acceptance.Id).ToHashSet();
        foreach (var acceptance in log.NewestFirst().Where(acceptance => !inDatabase.Contains(acceptance.Id)))
        {
            store._writer!.Add(changes => changes.Add(acceptance));
        }

        return store;
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

    private readonly record struct Start(
        MemoryFolder Folder,
        LexicalIndex Index,
        MemoryOptions Options,
        Func<RememberedFile, byte[]?> InWorkspace
    );
}
