using System.Diagnostics;

namespace CodeComplete.Cli.Output;

/// <summary>One line that is written over as work goes on; where nobody looks it is silent, or writes a line from time to time.</summary>
/// <param name="otherwise">Where it is not interactive, the least time between two lines; <see langword="null"/>: silent.</param>
internal sealed class ProgressLine(TextWriter writer, bool interactive, TimeSpan? otherwise = null)
{
    private int _written;
    private long? _last;

    public void Report(string text)
    {
        if (interactive)
        {
            writer.Write("\r" + text.PadRight(_written));
            _written = text.Length;
        }
        else if (otherwise is { } between && (_last is not { } last || Stopwatch.GetElapsedTime(last) >= between))
        {
            writer.WriteLine($"codecomplete: {text}");
            _last = Stopwatch.GetTimestamp();
        }
    }

    public void End()
    {
        if (interactive && _written > 0)
        {
            writer.Write("\r" + new string(' ', _written) + "\r");
            _written = 0;
        }
    }
}
