namespace CodeComplete.Memory.Recalling;

/// <summary>What one source found: some lines of a file. The text is fetched only where it may be chosen.</summary>
internal sealed record Hit
{
    public required RecallSources Source { get; init; }

    public required string Path { get; init; }

    /// <summary>From 0.</summary>
    public required int StartLine { get; init; }

    public required int Lines { get; init; }

    /// <summary>The lines, joined by <c>\n</c>; <see langword="null"/> where the file changed meanwhile and they are gone.</summary>
    public required Func<string?> Text { get; init; }

    /// <summary>For people; <see langword="null"/>: the words it shares with the query say it.</summary>
    public string? Reason { get; init; }

    /// <summary>
    /// How much of the query's weight the lines hold, from 0 to 1: the gate's measure. 1 where the compiler's knowledge found them.
    /// </summary>
    public double Coverage { get; init; } = 1;

    public int EndLine => StartLine + Lines;

    public bool Overlaps(Hit other) =>
        WorkspacePath.Comparer.Equals(Path, other.Path) && StartLine < other.EndLine && other.StartLine < EndLine;
}
