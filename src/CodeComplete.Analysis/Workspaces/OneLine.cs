namespace CodeComplete.Analysis;

/// <summary>Messages of others inside a sentence of ours.</summary>
internal static class OneLine
{
    /// <summary>The first sentence of the first line, without the full stop at its end.</summary>
    public static string Of(string message) => message.Trim().Split('\n')[0].Split(". ")[0].TrimEnd().TrimEnd('.');
}
