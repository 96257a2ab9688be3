namespace CodeComplete.Memory.Snippets;

/// <summary>What the file system said of a file when it was read; equal stamps mean that it need not be read again.</summary>
/// <param name="Size">In bytes.</param>
/// <param name="ModifiedTicks">UTC.</param>
internal readonly record struct FileStamp(long Size, long ModifiedTicks)
{
    /// <summary>Of text that did not come from the disk (an editor's buffer); equals no file's stamp.</summary>
    public static FileStamp None { get; } = new(-1, 0);
}

/// <summary>A window of lines.</summary>
/// <param name="StartLine">From 0.</param>
/// <param name="Offset">Where it begins in the file's stored text, in bytes.</param>
/// <param name="Length">In bytes, without the last line end.</param>
internal readonly record struct SnippetSpan(int StartLine, int Lines, int Offset, int Length)
{
    public int EndLine => StartLine + Lines;
}

/// <summary>Why a file is noted. Kept-out and evicted ones have no text; they are noted so that they are not read again and again.</summary>
internal enum FileState : byte
{
    Kept,

    /// <summary>Generated, binary: its content is not wanted.</summary>
    KeptOut,

    /// <summary>Gone for want of room; it comes back when it is edited.</summary>
    Evicted,

    /// <summary>Kept but for lines with forgotten words. Nothing may be attached to it, since what others make of a file is made of all of it.</summary>
    KeptInPart,
}

internal static class FileStates
{
    extension(FileState state)
    {
        public bool HasText => state is FileState.Kept or FileState.KeptInPart;
    }
}

/// <summary>A file as it is known in memory: where its windows are. The text is fetched when a window is shown. Nothing in it changes.</summary>
/// <param name="Path">Relative to the workspace root, with <c>/</c>.</param>
/// <param name="Hash">Of the text as it was given, before cleaning.</param>
/// <param name="TextLength">Of the cleaned text, UTF-8, in bytes.</param>
/// <param name="Spans">Windows into the cleaned text.</param>
internal sealed record RememberedFile(string Path, Guid Hash, FileStamp Stamp, FileState State, int TextLength, SnippetSpan[] Spans)
{
    /// <summary>A file of which nothing but its name, hash and stamp is kept.</summary>
    public static RememberedFile Noted(string path, Guid hash, FileStamp stamp, FileState state) => new(path, hash, stamp, state, 0, []);
}

/// <summary>An identifier in a snippet: which (an index into <see cref="FileWords.Names"/>), and how often.</summary>
internal readonly record struct NameCount(int Name, int Count);

/// <summary>The identifiers of a file, by snippet.</summary>
/// <param name="Names">The different ones of the whole file, case kept.</param>
/// <param name="Starts">Snippet i has <c>Counts[Starts[i]..Starts[i + 1]]</c>; one longer than the file has snippets.</param>
internal sealed record FileWords(string[] Names, int[] Starts, NameCount[] Counts)
{
    public static FileWords Empty { get; } = new([], [0], []);

    public ReadOnlySpan<NameCount> Of(int snippet) => Counts.AsSpan(Starts[snippet], Starts[snippet + 1] - Starts[snippet]);
}

/// <summary>A file cut into snippets, ready to be indexed and stored.</summary>
/// <param name="Text">The cleaned text: UTF-8, lines ended by <c>\n</c>.</param>
internal sealed record CutFile(RememberedFile File, FileWords Words, byte[] Text)
{
    /// <summary>A file that is noted, with nothing of its content.</summary>
    public static CutFile Noted(RememberedFile file) => new(file, FileWords.Empty, []);

    public CutFile As(FileState state) => this with { File = File with { State = state } };
}
