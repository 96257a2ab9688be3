using System.Text;
using Microsoft.ML.Tokenizers;

namespace CodeComplete.Transformer;

/// <summary>
/// Text to token ids and back: byte-level BPE with every digit by itself. Safe for any number of threads. A lone surrogate, which UTF-8
/// cannot say, is read as U+FFFD.
/// </summary>
public sealed class CodeTokenizer
{
    private readonly BpeTokenizer _bpe;
    private readonly byte[][] _bytes;
    private readonly SpecialToken[] _special;
    private readonly bool[] _isSpecial;

    private CodeTokenizer(ModelFolder folder)
    {
        var file = folder.Tokenizer;
        _bytes = new byte[file.Count][];
        Array.Fill(_bytes, []);
        foreach (var (token, id) in file.Vocabulary)
        {
            _bytes[id] =
                ByteLevelAlphabet.Decode(token)
                ?? throw new ModelException($"'{file.Path}' is damaged, '{token}' is no byte-level token: copy it again.");
        }

        // The longest first, so that a mark that begins another one does not hide it.
        _special = [.. file.Special.OrderByDescending(t => t.Text.Length)];
        _isSpecial = new bool[file.Count];
        foreach (var token in _special)
        {
            _isSpecial[token.Id] = true;
        }

        try
        {
            _bpe = BpeTokenizer.Create(
                new BpeOptions(file.Vocabulary)
                {
                    Merges = file.Merges,
                    ByteLevel = true,
                    PreTokenizer = new CodePreTokenizer(),
                }
            );
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            throw new ModelException($"'{file.Path}' is damaged, its merges do not fit its vocabulary: copy it again.", e);
        }

        Index = new TokenIndex(_bytes);
        FileToken = Role(folder.Prompt.File);
        SnippetToken = Role(folder.Prompt.Snippet);
        SuffixToken = Role(folder.Prompt.Suffix);
        PrefixToken = Role(folder.Prompt.Prefix);
        EndToken = Role(folder.Prompt.End);
        EndOfTextToken = Role(folder.Prompt.EndOfText);
    }

    public int FileToken { get; }

    public int SnippetToken { get; }

    public int SuffixToken { get; }

    public int PrefixToken { get; }

    /// <summary>The model writes it where what belongs at the cursor ends.</summary>
    public int EndToken { get; }

    public int EndOfTextToken { get; }

    /// <summary>One more than the greatest id.</summary>
    public int Count => _bytes.Length;

    internal TokenIndex Index { get; }

    /// <exception cref="ModelException">The vocabulary or its merges are damaged.</exception>
    public static CodeTokenizer Load(ModelFolder folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        return new CodeTokenizer(folder);
    }

    /// <summary>The ids of plain text: a <c>&lt;|file|&gt;</c> that a user wrote is text like any other.</summary>
    public IReadOnlyList<int> Encode(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return _bpe.EncodeToIds(WellFormed(text), considerPreTokenization: true, considerNormalization: false);
    }

    /// <summary>The ids of a text in which the special tokens' names stand for them.</summary>
    public IReadOnlyList<int> EncodeWithSpecials(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var ids = new List<int>();
        var start = 0;
        for (var at = text.IndexOf('<'); at >= 0; at = text.IndexOf('<', at))
        {
            var token = Array.Find(_special, t => text.AsSpan(at).StartsWith(t.Text, StringComparison.Ordinal));
            if (token.Text is null)
            {
                at++;
                continue;
            }

            ids.AddRange(Encode(text[start..at]));
            ids.Add(token.Id);
            at = start = at + token.Text.Length;
        }

        ids.AddRange(Encode(text[start..]));
        return ids;
    }

    /// <summary>The text of these ids; special tokens have none, and bytes that are no UTF-8 become U+FFFD.</summary>
    public string Decode(IEnumerable<int> ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        var bytes = new List<byte>();
        foreach (var id in ids)
        {
            bytes.AddRange(BytesOf(id));
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }

    /// <summary>The UTF-8 bytes of a token, which may be a part of a character; empty for special tokens.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such token.</exception>
    public ReadOnlySpan<byte> BytesOf(int id)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(id);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(id, Count);
        return _bytes[id];
    }

    /// <summary>Whether the token is a mark of the prompt's layout and no text.</summary>
    public bool IsSpecial(int id) => id >= 0 && id < Count && _isSpecial[id];

    /// <summary>Whether the token ends what is generated.</summary>
    internal bool IsEnd(int id) => id == EndToken || id == EndOfTextToken;

    private int Role(string text) => _special.First(t => t.Text == text).Id;

    private static string WellFormed(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\ud800', '\udfff'))
        {
            return text;
        }

        var builder = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            builder.Append(rune); // an unpaired surrogate enumerates as U+FFFD
        }

        return builder.ToString();
    }
}
