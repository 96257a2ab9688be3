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

/// <summary>A file as it is kept in memory: its cleaned text once, and the windows into it. Nothing in it changes.</summary>
/// <param name="Path">Relative to the workspace root, with <c>/</c>.</param>
/// <param name="Hash">Of the text as it was given, before cleaning.</param>
/// <param name="Text">UTF-8, <c>\n</c>; empty for a file whose content is kept out, which is noted so that it is not read again.</param>
internal sealed record RememberedFile(string Path, Guid Hash, FileStamp Stamp, byte[] Text, SnippetSpan[] Spans);

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
internal sealed record CutFile(RememberedFile File, FileWords Words);
