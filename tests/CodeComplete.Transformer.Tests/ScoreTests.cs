using System.Numerics.Tensors;

namespace CodeComplete.Transformer.Tests;

public sealed class ScoreTests(ModelFixture model)
{
    private const string Loop = "using System;\n\nfor (int i = 0; i < 10; i++)\n{\n    Console.";

    private const string Repository = """
        public class UserService
        {
            private readonly IUserRepository _users;

            public async Task<User?> FindByEmailAsync(string email, CancellationToken ct)
            {
                return await _users.
        """;

    private static readonly string[] Members =
    [
        "GetHashCode",
        "GetAsync",
        "GetAllAsync",
        "GetByIdAsync",
        "GetByEmailAsync",
        "GetType",
        "Equals",
        "ToString",
        "Find",
        "FindAsync",
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void The_likeliest_name_comes_first_and_every_name_once()
    {
        var scores = Score(Loop, ["Beep", "WriteLine", "Clear", "ReadKey", "Write", "Beep"], 8);

        Assert.Equal("WriteLine", scores[0].Text);
        Assert.Equal(["Beep", "Clear", "ReadKey", "Write", "WriteLine"], scores.Select(s => s.Text).Order());
        Assert.Equal(scores.OrderByDescending(s => s.LogProbability).Select(s => s.Text), scores.Select(s => s.Text));
        Assert.All(scores, s => Assert.InRange(s.LogProbability, double.NegativeInfinity, 1e-6));
    }

    [Fact]
    public void Names_that_share_a_first_token_are_told_apart_by_the_budget()
    {
        var bounds = Score(Repository, Members, budget: 0).Where(s => s.Text.StartsWith("Get", StringComparison.Ordinal)).ToList();
        var scores = Score(Repository, Members, budget: 8).Where(s => s.Text.StartsWith("Get", StringComparison.Ordinal)).ToList();

        Assert.Single(bounds.Where(s => !s.Finished).Select(s => s.LogProbability).Distinct());
        Assert.True(scores.Where(s => s.Finished).Select(s => s.LogProbability).Distinct().Count() > 2);
        // A bound is what it says: no name turned out likelier.
        Assert.All(scores, s => Assert.True(s.LogProbability <= bounds.Single(b => b.Text == s.Text).LogProbability + 1e-6));
    }

    [Fact]
    public void A_finished_score_is_the_product_of_its_tokens_probabilities()
    {
        var healed = model.Prompt(Repository);
        var score = Score(Repository, Members, budget: 32).Single(s => s.Text == "GetByEmailAsync");

        var ids = model.Tokenizer.Encode(healed.Typed + "GetByEmailAsync");
        var decoder = model.Decoder;
        decoder.TakeBack(0);
        decoder.Read([.. healed.Tokens], 1, Cancellation);
        // "." is what the typed text says, so only the tokens after it count.
        var expected = 0.0;
        for (var i = 0; i + 1 < ids.Count; i++)
        {
            var row = decoder.Read([ids[i]], 1, Cancellation).Last.ToArray();
            var scratch = new float[row.Length];
            expected += row[ids[i + 1]] - Softmax.LogSum(row, scratch);
        }

        Assert.Equal(".", model.Tokenizer.Decode([ids[0]]));
        Assert.True(score.Finished);
        // The first token is weighed against the others that begin with "."; it is nearly all of them.
        Assert.Equal(expected, score.LogProbability, 0.05);
    }

    [Fact]
    public void A_name_that_longer_ones_go_on_from_is_weighed_by_its_end()
    {
        var scores = Score("using System;\n\nConsole.Write", ["Write", "WriteLine"], budget: 8).ToDictionary(s => s.Text);

        Assert.All(scores.Values, s => Assert.True(s.Finished));
        // One of them is written: together they cannot be more than certain.
        Assert.InRange(scores.Values.Sum(s => Math.Exp(s.LogProbability)), 0.5, 1 + 1e-6);
    }

    [Fact]
    public void Only_names_that_go_on_with_what_is_typed_have_a_chance()
    {
        var scores = Score("using System;\n\nConsole.Wri", ["Write", "WriteLine", "ReadLine"], budget: 4);

        Assert.Equal(double.NegativeInfinity, scores.Single(s => s.Text == "ReadLine").LogProbability);
        Assert.Equal("ReadLine", scores[^1].Text);
        Assert.True(scores[0].LogProbability > Math.Log(0.1));
    }

    [Fact]
    public void What_is_typed_may_begin_in_the_prompt()
    {
        // The prompt holds "m_", which is part of the name.
        var scores = Score("public int Get()\n{\n    return m_co", ["m_count", "count", "m_color"], budget: 4);

        Assert.Equal(double.NegativeInfinity, scores.Single(s => s.Text == "count").LogProbability);
        Assert.All(scores.Where(s => s.Text != "count"), s => Assert.False(double.IsNegativeInfinity(s.LogProbability)));
    }

    [Fact]
    public void The_decoder_is_left_at_the_prompt_and_the_answer_is_the_same()
    {
        var healed = model.Prompt(Loop);
        var alone = model.Generate(Loop);
        var generator = model.NewGenerator();

        generator.Score(healed.Tokens, healed.Typed, ["Write", "WriteLine", "WriteLines"], 8, Cancellation);
        Assert.Equal(healed.Tokens, model.Decoder.Tokens);
        var after = generator.Generate(
            new GenerationRequest
            {
                Prompt = healed.Tokens,
                Typed = healed.Typed,
                MaxTokens = 24,
            },
            Cancellation
        );

        Assert.Equal(alone.Tokens, after.Tokens);
        Assert.Equal(healed.Tokens.Count, after.ReusedTokens);
        Assert.Equal(alone.Calls - 1, after.Calls);
    }

    [Fact]
    public void Without_candidates_there_is_nothing_to_score()
    {
        Assert.Empty(Score(Loop, [], budget: 4));
    }

    [Fact]
    public void A_thousand_candidates_are_all_scored()
    {
        string[] names = [.. Enumerable.Range(0, 1000).Select(i => $"Get{(char)('A' + i % 26)}{i}")];

        var scores = Score(Loop, names, budget: 8);

        Assert.Equal(names.Order(), scores.Select(s => s.Text).Order());
        Assert.All(scores, s => Assert.False(double.IsNaN(s.LogProbability)));
    }

    [Fact]
    public void Cancelled_it_ends_and_the_next_one_is_right()
    {
        var expected = Score(Repository, Members, budget: 8);
        var healed = model.Prompt(Repository);
        var generator = model.NewGenerator();
        using var source = new CancellationTokenSource();
        var chunks = 0;
        model.Decoder.ChunkRead = _ =>
        {
            if (++chunks == 2)
            {
                source.Cancel();
            }
        };
        try
        {
            Assert.Throws<OperationCanceledException>(() => generator.Score(healed.Tokens, healed.Typed, Members, 8, source.Token));
        }
        finally
        {
            model.Decoder.ChunkRead = null;
        }

        Assert.Equal(expected, generator.Score(healed.Tokens, healed.Typed, Members, 8, Cancellation));
    }

    [Fact]
    public void Softmax_sums_to_one_without_overflow()
    {
        float[] logits = [1000, 999, -1000, 998];
        var scratch = new float[4];

        var sum = Softmax.LogSum(logits, scratch);

        Assert.Equal(1, logits.Sum(l => Math.Exp(l - sum)), 1e-6);
        Assert.Equal(sum, Softmax.LogSum(logits, new List<int> { 0, 1, 2, 3 }), 1e-6);
        Assert.Equal(double.NegativeInfinity, Softmax.LogSum(logits, new List<int>()));
        Assert.Equal(0, TensorPrimitives.IndexOfMax<float>(logits));
    }

    private IReadOnlyList<ScoredText> Score(string before, IReadOnlyList<string> candidates, int budget)
    {
        var healed = model.Prompt(before);
        return model.NewGenerator().Score(healed.Tokens, healed.Typed, candidates, budget, Cancellation);
    }
}
