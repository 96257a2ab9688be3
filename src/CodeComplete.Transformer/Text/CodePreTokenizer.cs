using System.Buffers;
using System.Globalization;
using System.Text;
using Microsoft.ML.Tokenizers;

namespace CodeComplete.Transformer;

/// <summary>
/// Cuts a text into the pieces over which BPE never merges: every digit by itself, and between digits GPT-2's pattern
/// <c>'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+</c>. Written by hand: the pattern's lookahead and
/// backtracking cost more than all of BPE.
/// </summary>
internal sealed class CodePreTokenizer : PreTokenizer
{
    public override IEnumerable<(int Offset, int Length)> PreTokenize(string text) => Split(text);

    public override IEnumerable<(int Offset, int Length)> PreTokenize(ReadOnlySpan<char> text) => Split(text);

    private static List<(int, int)> Split(ReadOnlySpan<char> text)
    {
        var pieces = new List<(int, int)>(text.Length / 3 + 1);
        for (var at = 0; at < text.Length; )
        {
            var length = Piece(text[at..]);
            pieces.Add((at, length));
            at += length;
        }

        return pieces;
    }

    /// <summary>The length of the piece at the text's start.</summary>
    private static int Piece(ReadOnlySpan<char> text)
    {
        var (kind, size) = Next(text);
        if (kind == Kind.Digit)
        {
            return size;
        }

        if (text[0] == '\'' && Contraction(text) is > 0 and var contraction)
        {
            return contraction;
        }

        if (kind != Kind.Space)
        {
            return Run(text, kind);
        }

        // One space belongs to the word that follows it.
        if (text[0] == ' ' && text.Length > 1 && Next(text[1..]).Kind is Kind.Letter or Kind.Other)
        {
            return 1 + Run(text[1..], Next(text[1..]).Kind);
        }

        // \s+(?!\S): a run of white space leaves its last character to what follows. A digit cuts the text, so nothing follows then.
        var run = Run(text, Kind.Space);
        return run == text.Length || run == 1 || Next(text[run..]).Kind == Kind.Digit ? run : run - 1;
    }

    private static int Run(ReadOnlySpan<char> text, Kind kind)
    {
        var length = 0;
        while (length < text.Length)
        {
            var (next, size) = Next(text[length..]);
            if (next != kind)
            {
                break;
            }

            length += size;
        }

        return length;
    }

    private static int Contraction(ReadOnlySpan<char> text) =>
        text.Length < 2 ? 0
        : text[1] is 's' or 't' or 'm' or 'd' ? 2
        : text.Length > 2 && text[1..3] is "re" or "ve" or "ll" ? 3
        : 0;

    private static (Kind Kind, int Size) Next(ReadOnlySpan<char> text)
    {
        var first = text[0];
        if (char.IsAscii(first))
        {
            return (
                char.IsAsciiLetter(first) ? Kind.Letter
                : char.IsAsciiDigit(first) ? Kind.Digit
                : first is ' ' or (>= '\t' and <= '\r') ? Kind.Space
                : Kind.Other,
                1
            );
        }

        if (Rune.DecodeFromUtf16(text, out var rune, out var size) != OperationStatus.Done)
        {
            return (Kind.Other, 1);
        }

        return (
            Rune.GetUnicodeCategory(rune) switch
            {
                UnicodeCategory.UppercaseLetter
                or UnicodeCategory.LowercaseLetter
                or UnicodeCategory.TitlecaseLetter
                or UnicodeCategory.ModifierLetter
                or UnicodeCategory.OtherLetter => Kind.Letter,
                UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => Kind.Digit,
                _ => Rune.IsWhiteSpace(rune) ? Kind.Space : Kind.Other,
            },
            size
        );
    }

    private enum Kind
    {
        Letter,
        Digit,
        Space,
        Other,
    }
}
