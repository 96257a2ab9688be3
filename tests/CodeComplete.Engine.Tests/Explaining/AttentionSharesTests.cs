using CodeComplete.Engine.Chain;
using CodeComplete.Engine.Explaining;
using CodeComplete.Testing;
using CodeComplete.Transformer;

namespace CodeComplete.Engine.Tests.Explaining;

/// <summary>Which part of a prompt, and which of its lines, a token's attention counts for.</summary>
public class AttentionSharesTests
{
    private const string Text = "class A\n{\n    int name;\n    int x = b.\n    int count;\n}\n";

    private static readonly CodeTokenizer Tokenizer = CodeTokenizer.Load(ModelFolder.Open(Repository.Model));

    private static readonly ExplainedPart[] Parts =
    [
        new(ExplainedPartKind.Snippet, "Second.cs:1", "class String;\nclass List;", null),
        new(ExplainedPartKind.Snippet, "Best.cs:1", "class Task;", null),
        new(ExplainedPartKind.Suffix, "", "\n    int count;\n}\n", null),
        new(ExplainedPartKind.Line, "", "class A", null),
        new(ExplainedPartKind.Line, "", "{", null),
        new(ExplainedPartKind.Line, "", "    int name;", null),
        new(ExplainedPartKind.Line, "", "    int x = b.", null),
    ];

    [Theory]
    [InlineData(" String", 0, 0)]
    [InlineData(" List", 0, 1)]
    [InlineData(" Task", 1, 0)]
    [InlineData(" count", 2, 1)]
    [InlineData(" A", 3, 0)]
    [InlineData(" name", 5, 0)]
    [InlineData(" b", 6, 0)]
    public void A_token_counts_for_the_line_on_which_it_stands(string token, int part, int line)
    {
        var prompt = Build();
        var at = Enumerable.Range(0, prompt.Tokens.Count).Single(i => Tokenizer.Decode([prompt.Tokens[i]]) == token);

        var shaded = Shade(prompt, at);

        for (var i = 0; i < Parts.Length; i++)
        {
            Assert.Equal(Parts[i].Text.Split('\n').Length, shaded[i].LineAttention.Count);
            Assert.Equal(i == part ? 0.5 : 0, shaded[i].Attention);
            Assert.All(shaded[i].LineAttention.Index(), l => Assert.Equal(i == part && l.Index == line ? 0.5 : 0, l.Item));
        }
    }

    [Fact]
    public void A_snippets_path_counts_for_the_snippet_and_the_files_own_for_nothing()
    {
        var prompt = Build();
        var piece = prompt.Pieces.First(static piece => piece is { Content: PromptContent.Snippets, Snippet: 1 });

        var ofPath = Shade(prompt, piece.Start);
        var ofFile = Shade(prompt, 1);

        Assert.Equal(0.5, ofPath[0].Attention);
        Assert.Equal(0, ofPath[0].LineAttention.Sum());
        Assert.Equal(0, ofFile.Sum(static part => part.Attention!.Value));
    }

    /// <summary>One layer looks at the first token and at one other, another layer at both and at a mark.</summary>
    private static IReadOnlyList<ExplainedPart> Shade(Prompt prompt, int token)
    {
        var mark = prompt.Tokens.Index().First(static t => t.Item == Tokenizer.PrefixToken).Index;
        var layers = new[] { new float[prompt.Tokens.Count], new float[prompt.Tokens.Count] };
        (layers[0][0], layers[0][token]) = (0.75f, 0.25f);
        (layers[1][0], layers[1][token], layers[1][mark]) = (0.25f, 0.25f, 0.5f);
        return new AttentionShares(Tokenizer, prompt, layers).Shade(Parts);
    }

    private static Prompt Build() =>
        new PromptBuilder(Tokenizer, new PromptBudget(Prefix: 200, Suffix: 40, Snippets: 120)).Build(
            "src/File.cs",
            Text,
            Text.IndexOf("b.", StringComparison.Ordinal) + 2,
            onlyClosersFollow: true,
            [new PromptSnippet("Best.cs", "class Task;"), new PromptSnippet("Second.cs", "class String;\nclass List;")]
        );
}
