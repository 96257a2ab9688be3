using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace CodeComplete.Transformer;

/// <summary>A step of a pre-tokenizer: cuts pieces of a text into smaller ones.</summary>
internal interface ICut
{
    /// <summary>Adds the pieces of <c>text[start..start + length]</c>, which cover it without gaps, each as start and length in the text.</summary>
    void Cut(string text, int start, int length, List<(int Offset, int Length)> into);
}

/// <summary>GPT-2's pattern, which ByteLevel has with <c>use_regex</c>.</summary>
/// <remarks>A run of digits stays whole, unlike in <see cref="CodePreTokenizer"/>.</remarks>
internal sealed class Gpt2Cut : ICut
{
    private readonly PatternCut _pattern = new(
        @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+",
        isRegex: true
    );

    public void Cut(string text, int start, int length, List<(int Offset, int Length)> into) => _pattern.Cut(text, start, length, into);
}

/// <summary>Digits apart from what is none.</summary>
/// <param name="individual">And every digit by itself.</param>
internal sealed class DigitCut(bool individual) : ICut
{
    public bool Individual => individual;

    public void Cut(string text, int start, int length, List<(int Offset, int Length)> into)
    {
        var (piece, digits) = (start, false);
        for (var at = start; at < start + length; )
        {
            Rune.DecodeFromUtf16(text.AsSpan(at, start + length - at), out var rune, out var size);
            var isDigit = IsNumber(rune);
            if (at > piece && (isDigit != digits || (isDigit && individual)))
            {
                into.Add((piece, at - piece));
                piece = at;
            }

            digits = isDigit;
            at += size;
        }

        if (start + length > piece)
        {
            into.Add((piece, start + length - piece));
        }
    }

    private static bool IsNumber(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber;
}

/// <summary>
/// What a pattern finds is a piece, and so is what stands between. .NET's expressions see UTF-16 units, so a letter of two units counts
/// as a mark: such letters are cut more finely than in training, and come back the same.
/// </summary>
internal sealed class PatternCut : ICut
{
    // Patterns are part of a model folder, and one may go back and forth for ever.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    private readonly Regex _pattern;

    /// <exception cref="ArgumentException">The expression cannot be read.</exception>
    public PatternCut(string pattern, bool isRegex) =>
        _pattern = new Regex(isRegex ? pattern : Regex.Escape(pattern), RegexOptions.CultureInvariant | RegexOptions.Compiled, Longest);

    public void Cut(string text, int start, int length, List<(int Offset, int Length)> into)
    {
        // A step sees its piece alone: what stands before or behind is no context for a lookahead.
        var piece = text.Substring(start, length);
        var at = 0;
        for (var match = _pattern.Match(piece); match.Success; match = match.NextMatch())
        {
            if (match.Length == 0)
            {
                continue;
            }

            Add(at, match.Index);
            Add(match.Index, match.Index + match.Length);
            at = match.Index + match.Length;
        }

        Add(at, length);

        void Add(int from, int to)
        {
            if (to > from)
            {
                into.Add((start + from, to - from));
            }
        }
    }
}
