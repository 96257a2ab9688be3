using CodeComplete.Testing;
using CsCheck;

namespace CodeComplete.Transformer.Tests;

public sealed class HealingTests(ModelFixture model)
{
    private readonly CodeTokenizer _tokenizer = model.Tokenizer;

    [Theory]
    [InlineData("class C\n{\n    void M()\n    {\n        ", "\n        ")] // a fresh indented line
    [InlineData("int x = 1;\r\n\t", "\r\n\t")]
    [InlineData("int x = 1;  \n\n    ", "  \n\n    ")]
    [InlineData("int x = 1;\n", "\n")]
    [InlineData("Console.WriteLine(", "(")] // after (
    [InlineData("Console.WriteLine(\"", "(\"")] // after "
    [InlineData("items.Select(x => ", " ")] // after x =>
    [InlineData("Console.Wri", "Wri")] // inside a word
    [InlineData("private readonly IUserReposit", " IUserReposit")]
    [InlineData("return order.", ".")]
    [InlineData("var n = 12", "2")] // digits are tokens by themselves
    [InlineData("    ", "    ")] // the text's first line is a line's start too
    [InlineData("return ", " ")]
    [InlineData("", "")]
    public void The_cursor_takes_back_what_it_may_have_cut(string before, string typed)
    {
        var healed = Healing.Heal(_tokenizer, _tokenizer.EncodeWithSpecials("<|file|>a.cs\n<|prefix|>" + before));

        Assert.Equal(typed, healed.Typed);
        Assert.Equal("a.cs\n" + before[..^typed.Length], _tokenizer.Decode(healed.Tokens));
    }

    [Fact]
    public void A_special_token_stays()
    {
        int[] prompt = [.. _tokenizer.EncodeWithSpecials("<|file|>a.cs\n<|suffix|>}\n<|prefix|>")];

        var healed = Healing.Heal(_tokenizer, prompt);

        Assert.Equal(prompt, healed.Tokens);
        Assert.Equal("", healed.Typed);
    }

    [Fact]
    public void A_word_of_many_tokens_is_not_taken_back_whole()
    {
        var text = "int " + string.Concat(Enumerable.Repeat("zqxj", 100));

        var healed = Healing.Heal(_tokenizer, _tokenizer.Encode(text));

        Assert.True(_tokenizer.Encode(text).Count - healed.Tokens.Count <= 8);
        Assert.Equal(text, _tokenizer.Decode(healed.Tokens) + healed.Typed);
    }

    [Fact]
    public void Tokens_and_typed_text_always_spell_the_text()
    {
        var code = Directory
            .EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories)
            .Take(30)
            .Select(File.ReadAllText)
            .ToArray();
        var cut = Gen.Int[0, code.Length - 1]
            .SelectMany(i => Gen.Int[0, code[i].Length].Select(end => code[i][Math.Max(0, end - 300)..end]));
        var odd = Gen.String[Gen.Char["a1 \n\té中(.\"\u0301"], 0, 30];

        Gen.OneOf(cut, odd)
            .Sample(text =>
            {
                var ids = _tokenizer.Encode(text);
                var healed = Healing.Heal(_tokenizer, ids);
                return _tokenizer.Decode(healed.Tokens) + healed.Typed == text && (text.Length == 0 || healed.Tokens.Count < ids.Count);
            });
    }

    [Fact]
    public void A_character_of_several_tokens_is_taken_back_whole()
    {
        foreach (var text in new[] { "// 😀", "// 𝒳𝒴", "// 中文注释", "var é", "// ☃️" })
        {
            var healed = Healing.Heal(_tokenizer, _tokenizer.Encode(text));

            Assert.Equal(text, _tokenizer.Decode(healed.Tokens) + healed.Typed);
            Assert.DoesNotContain('\ufffd', healed.Typed);
        }
    }

    [Fact]
    public void Tokens_that_continue_a_text_are_those_that_a_full_scan_finds()
    {
        var found = new List<int>();
        string[] texts = ["\n        ", " Wri", "(", "\"", "a", "é", "IUserReposit", "....", " "];
        foreach (var text in texts)
        {
            var bytes = System.Text.Encoding.UTF8.GetBytes(text);
            _tokenizer.Index.Continuing(bytes, found);

            var expected = Enumerable
                .Range(0, _tokenizer.Count)
                .Where(id =>
                    _tokenizer.BytesOf(id) is { Length: > 0 } token && (token.StartsWith(bytes) || bytes.AsSpan().StartsWith(token))
                );
            Assert.Equal(expected.Order(), found.Order());
        }
    }
}
