using System.Text;
using CodeComplete.Testing;
using CsCheck;

namespace CodeComplete.Transformer.Tests;

public sealed class TokenizerTests(ModelFixture model)
{
    private readonly CodeTokenizer _tokenizer = model.Tokenizer;

    public static TheoryData<string> GoldenTexts => [.. Golden.Read().Encodings.Select(e => e.Text)];

    [Theory]
    [MemberData(nameof(GoldenTexts))]
    public void Golden_encoding_is_exact(string text)
    {
        var expected = Golden.Read().Encodings.Single(e => e.Text == text);

        Assert.Equal(expected.Ids, _tokenizer.EncodeWithSpecials(text));
    }

    [Fact]
    public void Golden_prompts_encode_to_the_golden_ids()
    {
        Assert.All(Golden.Read().Generations, g => Assert.Equal(g.PromptIds, _tokenizer.EncodeWithSpecials(g.Prompt)));
    }

    [Theory] // The same in models/training/tests/test_prompt.py.
    [InlineData("\u0004", new int[0])]
    [InlineData("a\u0004b", new[] { 81, 82 })]
    [InlineData("x = \"\u0014\u0016\";\n", new[] { 104, 446, 8313, 43, 198 })]
    [InlineData("a\U00080000b", new[] { 81, 218, 218, 218, 82 })]
    public void Bytes_that_no_token_spells_are_left_out(string text, int[] expected)
    {
        Assert.Equal(expected, _tokenizer.Encode(text));
    }

    [Fact]
    public void A_special_tokens_name_in_plain_text_is_plain_text()
    {
        var ids = _tokenizer.Encode("var s = \"<|file|>\"; // <|end|> <reponame>");

        Assert.All(ids, id => Assert.False(_tokenizer.IsSpecial(id)));
        Assert.Equal("var s = \"<|file|>\"; // <|end|> <reponame>", _tokenizer.Decode(ids));
    }

    [Fact]
    public void Special_tokens_have_the_ids_of_their_roles()
    {
        var ids = _tokenizer.EncodeWithSpecials("<|file|><|snippet|><|suffix|><|prefix|><|end|><|endoftext|>");

        Assert.Equal(
            [
                _tokenizer.FileToken,
                _tokenizer.SnippetToken,
                _tokenizer.SuffixToken,
                _tokenizer.PrefixToken,
                _tokenizer.EndToken,
                _tokenizer.EndOfTextToken,
            ],
            ids
        );
        Assert.All(ids, id => Assert.True(_tokenizer.BytesOf(id).IsEmpty));
    }

    [Theory]
    [InlineData("a  1", new[] { "a", "  ", "1" })] // white space before a digit stays whole
    [InlineData("a  b", new[] { "a", " ", " b" })] // before a word its last space goes with the word
    [InlineData("a \t b", new[] { "a", " \t", " b" })]
    [InlineData("it's we'll x'y", new[] { "it", "'s", " we", "'ll", " x", "'", "y" })]
    [InlineData("x='s'", new[] { "x", "='", "s", "'" })]
    [InlineData("½a²", new[] { "½", "a", "²" })]
    [InlineData("ab\n\n", new[] { "ab", "\n\n" })]
    [InlineData(" \u00a0x", new[] { " ", "\u00a0", "x" })]
    [InlineData("𝒳 😀", new[] { "𝒳", " 😀" })]
    public void Text_is_cut_where_the_pattern_cuts_it(string text, string[] pieces)
    {
        var cut = new CodePreTokenizer().PreTokenize(text).Select(p => text.Substring(p.Offset, p.Length));

        Assert.Equal(pieces, cut);
    }

    [Fact]
    public void Text_is_cut_as_the_regular_expressions_would_cut_it()
    {
        var pattern = new System.Text.RegularExpressions.Regex(
            @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+",
            System.Text.RegularExpressions.RegexOptions.CultureInvariant,
            TimeSpan.FromSeconds(10)
        );
        // Characters of one UTF-16 unit: .NET's patterns see a longer one as two.
        var text = Gen.String[Gen.Char["ab Z_09'stmdrvel \t\r\n\u00a0é中½().;=\"{}"], 0, 40];

        text.Sample(t =>
        {
            var expected = new List<string>();
            var start = 0;
            for (var i = 0; i <= t.Length; i++)
            {
                if (i == t.Length || char.IsNumber(t[i]))
                {
                    expected.AddRange(pattern.Matches(t[start..i]).Select(m => m.Value));
                    expected.AddRange(i < t.Length ? [t[i..(i + 1)]] : []);
                    start = i + 1;
                }
            }

            var actual = new CodePreTokenizer().PreTokenize(t).Select(p => t.Substring(p.Offset, p.Length));
            Assert.Equal(expected, actual);
        });
    }

    [Fact]
    public void Any_text_decodes_to_itself() => Gen.String.Select(WellFormed).Sample(t => _tokenizer.Decode(_tokenizer.Encode(t)) == t);

    [Fact]
    public void Code_decodes_to_itself()
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories))
        {
            var text = File.ReadAllText(file);
            Assert.Equal(text, _tokenizer.Decode(_tokenizer.Encode(text)));
        }
    }

    [Fact]
    public void A_lone_surrogate_becomes_the_replacement_character() =>
        Assert.Equal("a\ufffdb\ufffd", _tokenizer.Decode(_tokenizer.Encode("a\ud800b\udc00")));

    [Fact]
    public void Threads_may_encode_at_the_same_time()
    {
        string[] texts =
        [
            .. Directory
                .EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories)
                .Take(20)
                .Select(File.ReadAllText),
        ];
        var fresh = CodeTokenizer.Load(model.Folder);
        var expected = texts.Select(_tokenizer.Encode).ToArray();

        Parallel.For(0, 4 * texts.Length, i => Assert.Equal(expected[i % texts.Length], fresh.Encode(texts[i % texts.Length])));
    }

    [Fact]
    public void An_id_outside_the_vocabulary_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => _tokenizer.BytesOf(_tokenizer.Count).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => _tokenizer.BytesOf(-1).Length);
    }

    private static string WellFormed(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}
