using System.Diagnostics;
using CodeComplete.Analysis;
using CodeComplete.Transformer;

namespace CodeComplete.Engine.Chain;

/// <summary>
/// Ends the decoding where what the place asks for is whole, or at a line's end: when the time is over, when there are enough lines, or when the model
/// has begun to repeat itself.
/// </summary>
/// <param name="typed">How much of what is written stood before the cursor already, in UTF-16 units.</param>
/// <param name="limit">No line is begun after so long; <see cref="Timeout.InfiniteTimeSpan"/> waits.</param>
internal sealed class ExtentStop(CodeExtent extent, int typed, TimeSpan limit) : IStop
{
    public const int MostLines = 16;

    private readonly long _began = Stopwatch.GetTimestamp();
    private int _lastEnd = -1;

    public int? End(string written)
    {
        var end = written.LastIndexOf('\n');
        if (end < typed || end == _lastEnd)
        {
            return null;
        }

        _lastEnd = end;
        var text = written[typed..(end + 1)];
        if (extent.End(text) is { } whole)
        {
            return typed + whole;
        }

        return IsOver || Repeats(text) || text.AsSpan().Count('\n') >= MostLines ? end : null;
    }

    /// <summary>
    /// Where nothing is left open the model is heard, but for a block: taught by single lines above all, it would end that behind each of its
    /// statements. A block's end is its brace.
    /// </summary>
    public bool MayEnd(string written) => IsHeard(extent, written.Length > typed ? written[typed..] : "");

    /// <summary>Whether the model may say that it is done.</summary>
    /// <param name="written">Behind the cursor.</param>
    public static bool IsHeard(CodeExtent extent, string written) => extent.Kind != ExtentKind.Block && extent.IsWhole(written);

    private bool IsOver => limit != Timeout.InfiniteTimeSpan && Stopwatch.GetElapsedTime(_began) > limit;

    /// <summary>The last line is the one above again: a small model does not find out of that.</summary>
    private static bool Repeats(string text)
    {
        var lines = text.AsSpan().TrimEnd();
        var at = lines.LastIndexOf('\n');
        if (at < 0)
        {
            return false;
        }

        var last = lines[(at + 1)..].Trim();
        var above = lines[..at].TrimEnd();
        return last.Length > 3 && above[(above.LastIndexOf('\n') + 1)..].Trim().SequenceEqual(last);
    }
}
