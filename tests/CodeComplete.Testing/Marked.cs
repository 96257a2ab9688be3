namespace CodeComplete.Testing;

/// <summary>A source text with its cursor marked by <c>$0</c>, as in rust-analyzer's fixtures.</summary>
/// <param name="Text">The text without the marker.</param>
/// <param name="Offset">The cursor, in UTF-16 units from the start of <paramref name="Text"/>.</param>
public sealed record Marked(string Text, int Offset)
{
    public const string Cursor = "$0";

    /// <exception cref="ArgumentException">There is not exactly one marker.</exception>
    public static Marked Parse(string source)
    {
        var at = source.IndexOf(Cursor, StringComparison.Ordinal);
        if (at < 0 || source.IndexOf(Cursor, at + 1, StringComparison.Ordinal) >= 0)
        {
            throw new ArgumentException("A fixture needs exactly one $0.", nameof(source));
        }

        return new Marked(source.Remove(at, Cursor.Length), at);
    }
}
