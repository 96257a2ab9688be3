namespace CodeComplete.Memory.Parts;

/// <summary>
/// One kind of knowledge about files beyond their words: made of a file's text in idle time, kept beside it, held in memory in a form of its
/// own. What is lacking is made again, so nothing here is ever waited for.
/// </summary>
internal interface IFilePart
{
    /// <summary>What it takes in memory.</summary>
    long Bytes { get; }

    /// <summary>Takes in what is stored.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled; what is lacking is not made again by that.</exception>
    void Load(CancellationToken cancellation);

    /// <summary>Makes it for one file that lacks it.</summary>
    /// <returns><see langword="false"/>: none does.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled.</exception>
    bool ReadNext(CancellationToken cancellation);

    /// <summary>A file has another text by now, or is gone.</summary>
    void Dropped(string path);

    void Clear();
}
