using System.Buffers;
using System.Globalization;
using System.Text;

namespace CodeComplete.Transformer;

/// <summary>What is left of a prompt once the tokens over which the cursor may have cut are taken back.</summary>
/// <param name="Tokens">The prompt's tokens that stay.</param>
/// <param name="Typed">The text of those taken back; the first generated tokens must spell it again.</param>
public sealed record HealedPrompt(IReadOnlyList<int> Tokens, string Typed);

/// <summary>
/// Token healing. A model has seen <c>();</c>, or a line end with its indentation, as one token; a prompt that ends inside it leads it
/// astray. So the last token is always taken back, with it the whole word or run of punctuation that it ends, and at a line's start the
/// whole white space, line end included.
/// </summary>
public static class Healing
{
    /// <summary>A word of more tokens than this is cut inside: spelling it again would cost more than it brings.</summary>
    private const int MaxTokens = 8;

    /// <summary>
    /// Takes back what the cursor at the end of <paramref name="prompt"/> may have cut. Special tokens stay, so the text is taken back as
    /// far as the last one at most. The characters taken back are whole.
    /// </summary>
    public static HealedPrompt Heal(CodeTokenizer tokenizer, IReadOnlyList<int> prompt)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentNullException.ThrowIfNull(prompt);
        var keep = prompt.Count;
        if (keep > 0 && !tokenizer.IsSpecial(prompt[keep - 1]))
        {
            var indentation = Indentation(tokenizer, prompt);
            keep = indentation < keep ? indentation : Word(tokenizer, prompt);
            while (keep > 0 && keep < prompt.Count && CutsCharacter(tokenizer, prompt, keep))
            {
                keep--;
            }
        }

        return new HealedPrompt([.. prompt.Take(keep)], tokenizer.Decode(prompt.Skip(keep)));
    }

    /// <summary>Where the white space at the end begins, if it holds a line end or begins the text; else the prompt's length.</summary>
    private static int Indentation(CodeTokenizer tokenizer, IReadOnlyList<int> prompt)
    {
        var at = prompt.Count;
        var breaks = false;
        while (at > 0 && !tokenizer.IsSpecial(prompt[at - 1]))
        {
            var bytes = tokenizer.BytesOf(prompt[at - 1]);
            var text = bytes.LastIndexOfAnyExcept(WhiteSpace);
            if (text >= 0)
            {
                // A token may hold the end of the line before and its own line end: it goes too.
                return bytes[(text + 1)..].Contains((byte)'\n') ? at - 1
                    : breaks ? at
                    : prompt.Count;
            }

            breaks |= bytes.Contains((byte)'\n');
            at--;
        }

        return at;
    }

    /// <summary>Where the word, or the run of punctuation, at the end begins.</summary>
    private static int Word(CodeTokenizer tokenizer, IReadOnlyList<int> prompt)
    {
        var at = prompt.Count - 1;
        while (at > 0 && prompt.Count - at < MaxTokens && !tokenizer.IsSpecial(prompt[at - 1]) && Joins(tokenizer, prompt, at))
        {
            at--;
        }

        return at;
    }

    private static bool Joins(CodeTokenizer tokenizer, IReadOnlyList<int> prompt, int at)
    {
        var before = LastKind(tokenizer.BytesOf(prompt[at - 1]));
        return before != Kind.Single && before == FirstKind(tokenizer.BytesOf(prompt[at]));
    }

    private static bool CutsCharacter(CodeTokenizer tokenizer, IReadOnlyList<int> prompt, int at)
    {
        var bytes = tokenizer.BytesOf(prompt[at]);
        return bytes.Length > 0 && Utf8Text.IsContinuation(bytes[0]) && !tokenizer.IsSpecial(prompt[at - 1]);
    }

    private static Kind FirstKind(ReadOnlySpan<byte> bytes) =>
        Rune.DecodeFromUtf8(bytes, out var rune, out _) == OperationStatus.Done ? KindOf(rune) : Kind.Single;

    private static Kind LastKind(ReadOnlySpan<byte> bytes) =>
        Rune.DecodeLastFromUtf8(bytes, out var rune, out _) == OperationStatus.Done ? KindOf(rune) : Kind.Single;

    private static Kind KindOf(Rune rune) =>
        Rune.IsLetter(rune) ? Kind.Letter
        : Rune.IsWhiteSpace(rune) || Rune.IsNumber(rune) ? Kind.Single
        : Rune.GetUnicodeCategory(rune) == UnicodeCategory.OtherNotAssigned ? Kind.Single
        : Kind.Mark;

    private static readonly SearchValues<byte> WhiteSpace = SearchValues.Create(" \t\r\n\f\v"u8);

    private enum Kind
    {
        /// <summary>Never part of a longer piece: white space, digits, and what cannot be told.</summary>
        Single,
        Letter,
        Mark,
    }
}
