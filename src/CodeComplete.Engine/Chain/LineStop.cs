using CodeComplete.Transformer;

namespace CodeComplete.Engine.Chain;

/// <summary>
/// Ends the decoding at the line's end, or where the model has begun to say the same thing over and over: a small model does so where it
/// does not know how to go on, and each round costs time.
/// </summary>
internal sealed class LineStop(string typed) : IStop
{
    // `a, a, a`: twice may be meant (`0, 0`), three times in a row is a loop. Shorter pieces repeat in good code (`)))`, `x, x, x`).
    private const int Rounds = 3;
    private const int ShortestRound = 4;
    private const int LongestRound = 40;

    private readonly LineEndStop _line = new(typed);

    public IReadOnlyList<string> Texts => _line.Texts;

    public int? End(string written)
    {
        if (_line.End(written) is { } end)
        {
            return end;
        }

        var text = written.AsSpan(Math.Min(typed.Length, written.Length));
        for (var length = ShortestRound; length <= LongestRound && length * Rounds <= text.Length; length++)
        {
            var last = text[^length..];
            if (last.SequenceEqual(text[^(2 * length)..^length]) && last.SequenceEqual(text[^(3 * length)..^(2 * length)]))
            {
                return written.Length - (Rounds - 1) * length;
            }
        }

        return null;
    }
}
