using CodeComplete.Memory.Lexical;

namespace CodeComplete.Memory.Storage;

/// <summary>What the owner finds when it opens a memory; the index is filled then.</summary>
/// <param name="Database">Open.</param>
/// <param name="Schema">Of the file as it was found. Where it is a newer one, nothing else was read.</param>
/// <param name="Sequence">The last change that is known.</param>
/// <param name="ImageSequence">The last one that the index's image has; -1 where there is none.</param>
/// <param name="Producers">What made the parts that are there.</param>
internal sealed record MemoryOpening(
    MemoryDatabase Database,
    IReadOnlyList<Acceptance> Acceptances,
    int Schema,
    long Sequence,
    long ImageSequence,
    IReadOnlyDictionary<PartKinds, string> Producers
)
{
    /// <summary>Opens the database and fills the index. A damaged one is set aside and begun anew.</summary>
    /// <param name="message">Becomes what there is to say about it.</param>
    /// <exception cref="Exception">Whatever the disk or LiteDB throws.</exception>
    public static MemoryOpening Load(MemoryFolder folder, LexicalIndex index, ref string? message)
    {
        // Read on another thread while LiteDB opens its file.
        var image = Task.Run(() => ImageFile.Read(folder.IndexImage));
        for (var attempt = 0; ; attempt++)
        {
            MemoryDatabase? database = null;
            try
            {
                database = MemoryDatabase.Open(folder.Database);
                var schema = database.FoundSchema;
                if (schema > MemoryDatabase.Schema)
                {
                    return new MemoryOpening(database, [], schema, 0, -1, new Dictionary<PartKinds, string>());
                }

                var acceptances = database.Acceptances();
                database.TakeOver();
                return Fill(index, database, image.GetAwaiter().GetResult()) with { Acceptances = acceptances, Schema = schema };
            }
            catch (Exception exception) when (attempt == 0 && MemoryDatabase.IsDamage(exception))
            {
                index.Clear();
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

    // From the image and what has changed since, or else from all the files.
    private static MemoryOpening Fill(LexicalIndex index, MemoryDatabase database, ImageFile? image)
    {
        var producers = new Dictionary<PartKinds, string>();
        var recent = database.Recent();
        var sequence = database.Sequence;
        var fits =
            image is not null
            && image.Origin == new ImageOrigin(database.Id, LexicalIndex.ImageProducer)
            && image.Sequence <= sequence
            && TryRestore(index, image);
        if (!fits)
        {
            foreach (var file in database.Files())
            {
                index.Put(file.Cut());
            }
        }

        foreach (var kind in PartKind.Each(PartKinds.All))
        {
            if (database.Producer(kind) is var (producer, since))
            {
                producers[kind] = producer;
                if (fits && since > image!.Sequence)
                {
                    index.Detach(kind);
                }
            }
        }

        foreach (var path in fits ? recent : index.Paths())
        {
            PutAgain(index, database, path, withText: fits);
        }

        if (!fits)
        {
            // LiteDB keeps every page it has read; a fresh opening holds none of them.
            database.Reopen();
        }

        return new MemoryOpening(database, [], MemoryDatabase.Schema, sequence, fits ? image!.Sequence : -1, producers);
    }

    private static bool TryRestore(LexicalIndex index, ImageFile image)
    {
        try
        {
            index.Restore(image.Sections);
            return true;
        }
        catch (InvalidDataException)
        {
            return false; // made again from the files
        }
    }

    private static void PutAgain(LexicalIndex index, MemoryDatabase database, string path, bool withText)
    {
        if (withText)
        {
            if (database.File(WorkspacePath.Key(path)) is not { } file)
            {
                index.Remove(path);
                return;
            }

            index.Put(file.Cut());
        }

        foreach (var kind in PartKind.Each(PartKinds.All))
        {
            if (database.Part(kind, path) is { } part)
            {
                index.Attach(path, part.Hash, kind);
            }
        }
    }

    /// <summary>Closes a database that may be damaged.</summary>
    public static void Abandon(MemoryDatabase? database)
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
}
