using System.Text;

namespace CodeComplete.Transformer;

/// <summary>
/// What stands after the prompt: the typed text, and what tokens wrote behind it. Tokens are bytes and may cut characters; the text only
/// ever holds whole ones.
/// </summary>
internal sealed class WrittenText(string typed)
{
    private readonly byte[] _typed = Encoding.UTF8.GetBytes(typed);
    private readonly StringBuilder _text = new(typed);
    private readonly StringBuilder _scratch = new();
    private byte[] _cut = [];
    private int _spelled;

    /// <summary>The typed text and all whole characters behind it.</summary>
    public string Text { get; private set; } = typed;

    /// <summary>Bytes of the typed text that tokens have yet to spell.</summary>
    public ReadOnlySpan<byte> Unspelled => _typed.AsSpan(_spelled);

    /// <summary>The text as it would be with this token; <see langword="null"/> where the token does not spell the typed text.</summary>
    /// <param name="cut">The first bytes of a character that the token begins and does not complete.</param>
    public string? With(ReadOnlySpan<byte> token, out ReadOnlySpan<byte> cut)
    {
        cut = [];
        if (!Overhang(token, out var behind))
        {
            return null;
        }

        if (_cut.Length > 0)
        {
            behind = (byte[])[.. _cut, .. behind];
        }

        _scratch.Clear();
        var left = Utf8Text.Append(_scratch, behind);
        cut = behind[^left..];
        return _scratch.Length == 0 ? Text : string.Concat(Text, _scratch.ToString());
    }

    /// <summary>Appends a token that <see cref="With"/> takes; returns the characters that it completed behind the typed text.</summary>
    public string Append(ReadOnlySpan<byte> token)
    {
        if (!Overhang(token, out var behind))
        {
            throw new ArgumentException("The token does not spell the typed text.", nameof(token));
        }

        _spelled += token.Length - behind.Length;
        byte[] bytes = [.. _cut, .. behind];
        var before = _text.Length;
        var left = Utf8Text.Append(_text, bytes);
        _cut = bytes[^left..];
        if (_text.Length > before)
        {
            Text = _text.ToString();
        }

        return Text[before..];
    }

    /// <summary>What of the token stands behind the typed text.</summary>
    private bool Overhang(ReadOnlySpan<byte> token, out ReadOnlySpan<byte> behind)
    {
        var rest = Unspelled;
        var common = Math.Min(rest.Length, token.Length);
        behind = token[common..];
        return token[..common].SequenceEqual(rest[..common]);
    }
}
