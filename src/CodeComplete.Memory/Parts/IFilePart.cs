namespace CodeComplete.Memory.Parts;

/// <summary>
/// One kind of knowledge about files beyond their words: made of a file's text in idle time, kept beside it, held in memory in a form of its
/// own. What is lacking is made again, so nothing here is ever waited for. <see cref="LocalMemory"/> loads on one thread at a time.
/// </summary>
internal interface IFilePart
{
    /// <summary>What it takes in memory.</summary>
    long Bytes { get; }

    /// <summary>What is stored, and was not taken in yet.</summary>
    IReadOnlyList<(string Path, Guid Hash)> Stored();

    /// <summary>Takes in what is stored for a file's text. What cannot be read is lacking from then on.</summary>
    void Load(string path, Guid hash);

    /// <summary>A file has another text by now, or is gone. Called under the store's lock, with the index's change.</summary>
    void Dropped(string path);
}
