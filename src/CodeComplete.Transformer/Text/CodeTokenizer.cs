using System.Buffers;
using System.Text;
using Microsoft.ML.Tokenizers;

namespace CodeComplete.Transformer;

/// <summary>
/// Text to token ids and back: byte-level BPE. Safe for any number of threads. A lone surrogate, which UTF-8
/// cannot say, is read as U+FFFD.
/// </summary>
public sealed class CodeTokenizer
{
    private readonly TokenizerFile _file;
    private readonly BpeTokenizer _bpe;
    private readonly byte[][] _bytes;
    private readonly IReadOnlyList<SpecialToken> _special;
    private readonly Dictionary<int, string> _names = [];
    private readonly HashSet<int> _ends = [];
    private readonly SearchValues<char> _firstOfSpecial;

    private CodeTokenizer(PromptFolder folder)
    {
        var file = _file = folder.Tokenizer;
        _bytes = new byte[file.Count][];
        Array.Fill(_bytes, []);
        foreach (var (token, id) in file.Vocabulary)
        {
            _bytes[id] =
                ByteLevelAlphabet.Decode(token)
                ?? throw new ModelException($"'{file.Path}' is damaged, '{token}' is no byte-level token: copy it again.");
        }

        _special = file.Special;
        foreach (var token in _special)
        {
            _names[token.Id] = token.Text;
        }

        _firstOfSpecial = SearchValues.Create([.. _special.Where(t => t.Text.Length > 0).Select(t => t.Text[0]).Distinct()]);
        try
        {
            _bpe = BpeTokenizer.Create(
                new BpeOptions(file.Vocabulary)
                {
                    Merges = file.Merges,
                    ByteLevel = true,
                    PreTokenizer = file.PreTokenizer,
                }
            );
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            throw new ModelException($"'{file.Path}' is damaged, its merges do not fit its vocabulary: copy it again.", e);
        }

        Index = new TokenIndex(_bytes);
        Layout = new PromptLayout
        {
            Parts = [.. folder.Prompt.Parts.Select(p => new LayoutPart(p.Content, Mark(p.Mark)))],
            SnippetMark = Mark(folder.Prompt.SnippetMark),
            SuffixStartsAtLineEnd = folder.Prompt.SuffixStartsAtLineEnd,
        };
        _ends.UnionWith(folder.Prompt.Ends.SelectMany(Mark));
        EndToken = Mark(folder.Prompt.Ends[0])[0];
        EndOfTextToken = Mark(folder.Prompt.Ends[^1])[0];
    }

    /// <summary>What a prompt for this model is put together by.</summary>
    public PromptLayout Layout { get; }

    /// <summary>The id before the file's path; -1 where the layout has none.</summary>
    public int FileToken => MarkOf(PromptContent.File);

    /// <summary>The id before each recalled snippet; -1 where the layout has none.</summary>
    public int SnippetToken => Layout.SnippetMark is [.., var id] ? id : -1;

    /// <summary>The id before the text after the cursor; -1 where the layout has none.</summary>
    public int SuffixToken => MarkOf(PromptContent.Suffix);

    /// <summary>The id before the text before the cursor; -1 where the layout has none.</summary>
    public int PrefixToken => MarkOf(PromptContent.Prefix);

    /// <summary>The model writes it where what belongs at the cursor ends.</summary>
    public int EndToken { get; }

    /// <summary>The model writes it where a text ends; for many models the same as <see cref="EndToken"/>.</summary>
    public int EndOfTextToken { get; }

    /// <summary>One more than the greatest id.</summary>
    public int Count => _bytes.Length;

    internal TokenIndex Index { get; }

    /// <exception cref="ModelException">The vocabulary or its merges are damaged.</exception>
    public static CodeTokenizer Load(ModelFolder folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        return Load(folder.Text);
    }

    /// <exception cref="ModelException">The vocabulary or its merges are damaged.</exception>
    public static CodeTokenizer Load(PromptFolder folder)
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
        for (var at = Next(0); at < text.Length; at = Next(at))
        {
            if (SpecialAt(text, at) is not { Length: > 0 } token)
            {
                at++;
                continue;
            }

            ids.AddRange(Encode(text[start..at]));
            ids.Add(token.Id);
            at = start = at + token.Length;
        }

        ids.AddRange(Encode(text[start..]));
        return ids;

        int Next(int from) => text.AsSpan(from).IndexOfAny(_firstOfSpecial) is >= 0 and var next ? from + next : text.Length;
    }

    /// <summary>The text of these ids, special tokens by their names: what a server reads the same ids from.</summary>
    public string DecodeWithSpecials(IEnumerable<int> ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        var bytes = new List<byte>();
        foreach (var id in ids)
        {
            bytes.AddRange(_names.TryGetValue(id, out var name) ? Encoding.UTF8.GetBytes(name) : BytesOf(id));
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }

    /// <summary>Where the first special token's name begins in a text; the text's length where there is none.</summary>
    public int IndexOfSpecial(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        for (var at = 0; at < text.Length; at++)
        {
            if (_firstOfSpecial.Contains(text[at]) && SpecialAt(text, at) is { Length: > 0 })
            {
                return at;
            }
        }

        return text.Length;
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
    public bool IsSpecial(int id) => _names.ContainsKey(id);

    /// <summary>Whether the token ends what is generated.</summary>
    internal bool IsEnd(int id) => _ends.Contains(id);

    private int[] Mark(string text) => [.. (_file.SpecialsIn(text, out _) ?? []).Select(t => t.Id)];

    private int MarkOf(PromptContent content) => Layout.Parts.FirstOrDefault(p => p.Content == content) is { Mark: [.., var id] } ? id : -1;

    private (int Id, int Length) SpecialAt(string text, int at)
    {
        foreach (var token in _special)
        {
            if (token.Text.Length > 0 && text.AsSpan(at).StartsWith(token.Text, StringComparison.Ordinal))
            {
                return (token.Id, token.Text.Length);
            }
        }

        return default;
    }

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
