using System.Text;

namespace CodeComplete.Memory.Snippets;

/// <summary>Makes of a file's text what may be stored: line ends are <c>\n</c>, lines that hold data are empty, secrets are masked.</summary>
internal static class SourceCleaner
{
    /// <summary>A longer line, in UTF-16 units, is data and no code: it would only eat a prompt.</summary>
    public const int LongestLine = 500;

    /// <summary>The text to store, with as many lines as <paramref name="text"/> has.</summary>
    public static string Clean(string text) => SecretRedactor.Redact(NeedsRewriting(text) ? Rewrite(text) : text);

    private static bool NeedsRewriting(string text)
    {
        if (text.AsSpan().Contains('\r'))
        {
            return true;
        }

        foreach (var line in text.AsSpan().Split('\n'))
        {
            if (line.End.Value - line.Start.Value > LongestLine)
            {
                return true;
            }
        }

        return false;
    }

    private static string Rewrite(string text)
    {
        // Only the line ends that editors and LSP count, so that line numbers agree; a form feed or U+2028 is none.
        text = text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        var clean = new StringBuilder(text.Length);
        foreach (var range in text.AsSpan().Split('\n'))
        {
            var line = text.AsSpan(range);
            clean.Append(range.Start.Value > 0 ? "\n" : "").Append(line.Length <= LongestLine ? line : []);
        }

        return clean.ToString();
    }
}
