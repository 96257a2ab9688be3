using CsCheck;

namespace CodeComplete.Analysis.Tests;

/// <summary>Random texts with everything that has ever broken an editor's positions.</summary>
internal static class Texts
{
    private static readonly string[] Pieces =
    [
        "a",
        "bc",
        " ",
        "\n",
        "\r\n",
        "\r",
        "\t",
        "😀",
        "\u2028",
        "\u0085",
        "é",
        "{",
        "\ud83d",
        "\0",
        "\r\r\n",
    ];

    public static Gen<string> Sample { get; } = Gen.Int[0, Pieces.Length - 1].Select(i => Pieces[i]).Array[0, 40].Select(string.Concat);

    /// <summary>The line breaks of LSP, found the plain way.</summary>
    public static IReadOnlyList<(int Index, int Length)> Breaks(string text)
    {
        var breaks = new List<(int, int)>();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\r' && i + 1 < text.Length && text[i + 1] == '\n')
            {
                breaks.Add((i++, 2));
            }
            else if (text[i] is '\r' or '\n')
            {
                breaks.Add((i, 1));
            }
        }

        return breaks;
    }
}
