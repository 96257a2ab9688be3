using CodeComplete.Engine.Chain;
using CodeComplete.Testing;
using CodeComplete.Transformer;

namespace CodeComplete.Engine.Tests.Chain;

/// <summary>Prompt format 1: <c>file, snippets, suffix, prefix</c>, and what stays put while the user types.</summary>
public class PromptBuilderTests
{
    private static readonly CodeTokenizer Tokenizer = CodeTokenizer.Load(ModelFolder.Open(Repository.Model));
    private static readonly PromptBudget Budget = new(Prefix: 200, Suffix: 40, Snippets: 120);
    private readonly PromptBuilder _prompts = new(Tokenizer, Budget);

    [Fact]
    public void The_parts_stand_in_the_order_of_the_format()
    {
        var text = "class A\n{\n    int x = b.\n}\n";
        var prompt = _prompts.Build(
            "src/lib/deep/A.cs",
            text,
            text.IndexOf("b.", StringComparison.Ordinal) + 2,
            true,
            [new PromptSnippet("B.cs", "class B { }")]
        );

        Assert.Equal(
            "<|file|>lib/deep/A.cs\n<|snippet|>B.cs\nclass B { }\n<|suffix|>\n}\n<|prefix|>class A\n{\n    int x = b",
            Spelled(prompt)
        );
        Assert.Equal(".", prompt.Typed);
    }

    [Fact]
    public void The_best_snippet_stands_nearest_to_the_cursor_and_one_that_does_not_fit_is_left_out()
    {
        var huge = string.Concat(Enumerable.Repeat("int someLongName = 12345;\n", 40));
        var prompt = _prompts.Build(
            "A.cs",
            "class A { }",
            11,
            true,
            [
                new PromptSnippet("Best.cs", "class Best;"),
                new PromptSnippet("Huge.cs", huge),
                new PromptSnippet("Second.cs", "class Second;"),
            ]
        );

        var spelled = Spelled(prompt);
        Assert.True(spelled.IndexOf("Second", StringComparison.Ordinal) < spelled.IndexOf("Best", StringComparison.Ordinal));
        Assert.DoesNotContain("Huge", spelled, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_piece_knows_its_tokens()
    {
        var text = "class A\n{\n    int x = b.\n}\n";
        var prompt = _prompts.Build(
            "A.cs",
            text,
            text.IndexOf("b.", StringComparison.Ordinal) + 2,
            true,
            [new PromptSnippet("B.cs", "class B;"), new PromptSnippet("C.cs", "class C;")]
        );

        Assert.Equal(
            [
                (PromptContent.File, 0, "A.cs\n"),
                (PromptContent.Snippets, 1, "C.cs\nclass C;\n"),
                (PromptContent.Snippets, 0, "B.cs\nclass B;\n"),
                (PromptContent.Suffix, 0, "\n}\n"),
                (PromptContent.Prefix, 0, "class A\n{\n    int x = b"),
            ],
            prompt.Pieces.Select(p => (p.Content, p.Snippet, Tokenizer.DecodeWithSpecials(prompt.Tokens.Take(p.Start..p.End))))
        );
    }

    [Fact]
    public void Another_layout_has_its_own_order_and_the_prefix_is_healed_where_it_stands()
    {
        using var folder = new TemporaryFolder();
        folder.Write("prompt.json", TinyModel.Prompt());
        folder.Write("tokenizer.json", new TinyModel().Tokenizer());
        var tokenizer = CodeTokenizer.Load(PromptFolder.Open(folder.Path));
        const string Text = "var n = all.Co);\n}\n";
        var cursor = Text.IndexOf(')', StringComparison.Ordinal);

        var prompt = new PromptBuilder(tokenizer, Budget).Build("src/A.cs", Text, cursor, true, [new PromptSnippet("B.cs", "class B;")]);

        Assert.Equal(".Co", prompt.Typed);
        Assert.Equal(
            "<|file_sep|>B.cs\nclass B;\n<|file_sep|>src/A.cs\n<|fim_prefix|>var n = all",
            tokenizer.DecodeWithSpecials(prompt.Tokens.Take(prompt.PrefixEnd))
        );
        Assert.Equal("<|fim_suffix|>);\n}\n<|fim_middle|>", tokenizer.DecodeWithSpecials(prompt.Tokens.Skip(prompt.PrefixEnd)));
    }

    [Fact]
    public void What_follows_on_the_cursors_line_is_in_the_suffix_only_if_it_is_more_than_closers()
    {
        const string Text = "var x = F(a);\nG();";
        var cursor = Text.IndexOf("a)", StringComparison.Ordinal);

        Assert.Contains("<|suffix|>\nG();", Spelled(_prompts.Build("A.cs", Text, cursor, true, [])), StringComparison.Ordinal);
        Assert.Contains("<|suffix|>a);\nG();", Spelled(_prompts.Build("A.cs", Text, cursor, false, [])), StringComparison.Ordinal);
    }

    [Fact]
    public void Typing_on_only_appends()
    {
        var before = string.Concat(Enumerable.Range(0, 300).Select(i => $"    public int Value{i} => {i};\n"));
        var first = _prompts.Build("A.cs", before + "    int Sum() => ", before.Length + 17, true, []);
        var typed = _prompts.Build("A.cs", before + "    int Sum() => Value1 + ", before.Length + 26, true, []);

        var common = first.Tokens.Zip(typed.Tokens).TakeWhile(p => p.First == p.Second).Count();

        Assert.True(common >= first.Tokens.Count - 3, $"{common} of {first.Tokens.Count} tokens stay");
    }

    [Fact]
    public void No_part_is_longer_than_its_budget()
    {
        var long_ = string.Concat(Enumerable.Range(0, 500).Select(i => $"call{i}(argument{i}, {i * 7919});\n"));
        var prompt = _prompts.Build("A.cs", long_ + long_, long_.Length, true, [new PromptSnippet("B.cs", "class B;")]);

        var suffix = prompt.Tokens.ToList().IndexOf(Tokenizer.SuffixToken);
        var prefix = prompt.Tokens.ToList().IndexOf(Tokenizer.PrefixToken);
        Assert.InRange(prefix - suffix - 1, 1, Budget.Suffix);
        Assert.InRange(prompt.Tokens.Count - prefix - 1, Budget.Prefix / 4, Budget.Prefix);
    }

    [Fact]
    public void Windows_line_ends_are_read_as_the_model_learned_them()
    {
        const string Text = "class A\r\n{\r\n    int x;\r\n";

        Assert.DoesNotContain('\r', Spelled(_prompts.Build("A.cs", Text, Text.Length, true, [])));
    }

    /// <summary>The prompt's text, its special tokens by name.</summary>
    private static string Spelled(Prompt prompt) =>
        string.Concat(
            prompt.Tokens.Select(t =>
                t == Tokenizer.FileToken ? "<|file|>"
                : t == Tokenizer.SnippetToken ? "<|snippet|>"
                : t == Tokenizer.SuffixToken ? "<|suffix|>"
                : t == Tokenizer.PrefixToken ? "<|prefix|>"
                : Tokenizer.Decode([t])
            )
        );

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("\n\n\n")]
    public void Any_text_and_any_place_make_a_prompt(string text)
    {
        for (var cursor = 0; cursor <= text.Length; cursor++)
        {
            Assert.NotEmpty(_prompts.Build("A.cs", text, cursor, true, []).Tokens);
        }
    }
}
