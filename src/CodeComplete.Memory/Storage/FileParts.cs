using CodeComplete.Memory.Lexical;

namespace CodeComplete.Memory.Storage;

/// <summary>
/// What others attach to a file's text, a blob a kind, opaque here. A part belongs to the text with one hash and goes with it; all parts of a
/// kind come from one producer (an encoder, a tokenizer, a schema) and go when another one takes over. Every method may be called from any
/// thread and returns without waiting for a write. Where the memory has no database nothing is kept, but what has been put is not asked for again.
/// </summary>
internal sealed class FileParts(LexicalIndex index, MemoryStore store)
{
    /// <summary>Attaches a blob to a file's text, in place of the one of this kind.</summary>
    /// <param name="hash">Of the text it was made of (<see cref="Snippets.RememberedFile.Hash"/>).</param>
    /// <returns><see langword="false"/> where the file has another text by now, or is gone; nothing is kept then.</returns>
    public bool Put(PartKinds kind, string producer, string path, Guid hash, byte[] blob)
    {
        path = WorkspacePath.Normalize(path);
        lock (store.Changes)
        {
            Use(kind, producer);
            if (!index.Attach(path, hash, kind))
            {
                return false;
            }

            store.PutPart(kind, new FilePart(path, hash, blob));
            return true;
        }
    }

    /// <summary>The blob of a file's text; <see langword="null"/> where there is none of this producer, or it is damaged: it is lacking then.</summary>
    /// <param name="hash">Of the text that it must belong to.</param>
    public byte[]? Find(PartKinds kind, string producer, string path, Guid hash)
    {
        lock (store.Changes)
        {
            if (store.Producer(kind) != producer)
            {
                return null;
            }
        }

        path = WorkspacePath.Normalize(path);
        if (Read(kind, path) is { } part && part.Hash == hash)
        {
            return part.Blob;
        }

        index.Detach(path, hash, kind);
        return null;
    }

    /// <summary>All that is there of this producer, read one after the other while it is enumerated.</summary>
    public IEnumerable<FilePart> All(PartKinds kind, string producer)
    {
        foreach (var (path, hash) in index.FilesWith(kind, attached: true))
        {
            if (Find(kind, producer, path, hash) is { } blob)
            {
                yield return new FilePart(path, hash, blob);
            }
        }
    }

    /// <summary>The files that have no part of this producer for the text they have now.</summary>
    public IReadOnlyList<(string Path, Guid Hash)> Lacking(PartKinds kind, string producer)
    {
        lock (store.Changes)
        {
            Use(kind, producer);
        }

        return index.FilesWith(kind, attached: false);
    }

    /// <summary>
    /// Keeps all parts of a kind in the form in which memory wants them. It should name the files and hashes that it holds: what has changed since is
    /// told by <see cref="Find"/> and <see cref="Lacking"/> alone.
    /// </summary>
    /// <returns><see langword="false"/> where it could not be kept; that only costs time at the next start.</returns>
    public bool PutImage(PartKinds kind, string producer, byte[] image) => store.PutImage(kind.Name(), producer, image);

    /// <summary>The image of this producer; <see langword="null"/> where there is none that is whole.</summary>
    public byte[]? Image(PartKinds kind, string producer) => store.Image(kind.Name(), producer);

    // Under the lock.
    private void Use(PartKinds kind, string producer)
    {
        if (store.Producer(kind) != producer)
        {
            index.Detach(kind);
            store.ClearParts(kind, producer);
        }
    }

    private FilePart? Read(PartKinds kind, string path)
    {
        try
        {
            return store.Part(kind, path);
        }
        catch (Exception)
        {
            // LiteDB throws anything at all where its file is damaged; the part can be made again.
            return null;
        }
    }
}
