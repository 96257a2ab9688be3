using System.Buffers;
using Microsoft.CodeAnalysis.Text;

namespace CodeComplete.Analysis;

/// <summary>
/// Lines as editors count them. Roslyn also ends a line at U+0085, U+2028 and U+2029, which LSP does not; a string literal with one of
/// these would shift every position below it.
/// </summary>
public static class LineMap
{
    private const int ChunkLength = 4096;

    /// <summary>
    /// The offset of a place, taken to the nearest one inside the text: a line before the first is the text's start, one after the last its
    /// end, a character past the end of its line that end.
    /// </summary>
    public static int Offset(SourceText text, int line, int character)
    {
        if (line < 0)
        {
            return 0;
        }

        var (start, end, last) = Scan(text, (number, _) => number == line);
        return last < line ? text.Length : start + Math.Clamp(character, 0, end - start);
    }

    /// <summary>The line and character of an offset, both from 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The offset lies outside the text.</exception>
    public static (int Line, int Character) Position(SourceText text, int offset)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, text.Length);
        var (start, _, line) = Scan(text, (_, next) => next > offset);
        return (line, offset - start);
    }

    /// <summary>
    /// Goes through the lines until <paramref name="found"/>(number of the line, start of the next line) holds or the text ends.
    /// </summary>
    /// <returns>Start and end (without its line break) of the line it stopped at, and that line's number.</returns>
    private static (int Start, int End, int Line) Scan(SourceText text, Func<int, int, bool> found)
    {
        var chunk = ArrayPool<char>.Shared.Rent(ChunkLength);
        try
        {
            var (line, start) = (0, 0);
            var pendingReturn = false; // the character before was '\r'; what follows tells whether it was the whole line break
            for (var read = 0; read < text.Length; )
            {
                var count = Math.Min(ChunkLength, text.Length - read);
                text.CopyTo(read, chunk, 0, count);
                for (var i = 0; i < count; i++)
                {
                    var c = chunk[i];
                    if (pendingReturn)
                    {
                        pendingReturn = false;
                        var next = c == '\n' ? read + i + 1 : read + i;
                        if (found(line, next))
                        {
                            return (start, read + i - 1, line);
                        }

                        (line, start) = (line + 1, next);
                        if (c == '\n')
                        {
                            continue;
                        }
                    }

                    if (c == '\r')
                    {
                        pendingReturn = true;
                    }
                    else if (c == '\n')
                    {
                        if (found(line, read + i + 1))
                        {
                            return (start, read + i, line);
                        }

                        (line, start) = (line + 1, read + i + 1);
                    }
                }

                read += count;
            }

            if (pendingReturn)
            {
                if (found(line, text.Length))
                {
                    return (start, text.Length - 1, line);
                }

                (line, start) = (line + 1, text.Length);
            }

            return (start, text.Length, line);
        }
        finally
        {
            ArrayPool<char>.Shared.Return(chunk);
        }
    }
}
