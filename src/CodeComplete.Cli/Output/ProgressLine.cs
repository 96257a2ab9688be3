namespace CodeComplete.Cli.Output;

/// <summary>One line that is written over as work goes on; silent where nobody looks.</summary>
internal sealed class ProgressLine(TextWriter writer, bool interactive)
{
    private int _written;

    public void Report(string text)
    {
        if (interactive)
        {
            writer.Write("\r" + text.PadRight(_written));
            _written = text.Length;
        }
    }

    public void End()
    {
        if (interactive && _written > 0)
        {
            writer.Write("\r" + new string(' ', _written) + "\r");
        }
    }
}
