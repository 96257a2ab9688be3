namespace CodeComplete.Transformer.Tests;

/// <summary>Drafts make it faster, and change nothing.</summary>
public sealed class DraftTests(ModelFixture model)
{
    public static TheoryData<string> Cursors => GeneratorTests.Cursors;

    [Theory]
    [MemberData(nameof(Cursors))]
    public void Right_wrong_and_mixed_drafts_give_the_same_tokens_and_probabilities(string before)
    {
        var plain = model.Generate(before, with: r => r with { MaxTokens = 20 });
        var prompt = model.Prompt(before).Tokens.Count;
        // With what spells the typed text, as a draft source would have seen it.
        int[] answer = [.. Spelling(before, plain)];

        var right = Draft(before, new Drafts((at) => answer.Skip(at - prompt)));
        var wrong = Draft(before, new Drafts(_ => [43, 43, 43, 43]));
        var mixed = Draft(before, new Drafts(at => [.. answer.Skip(at - prompt).Take(2), 43, 198, 30]));
        var absurd = Draft(before, new Drafts(_ => [-1, int.MaxValue]));

        Assert.All([right, wrong, mixed, absurd], g => Assert.Equal(plain.Tokens, g.Tokens));
        Assert.All([right, wrong, mixed, absurd], g => Assert.Equal(plain.Text, g.Text));
        Assert.All([right, wrong, mixed, absurd], g => Assert.Equal(plain.Reason, g.Reason));
        Assert.True(right.Calls * 2 <= plain.Calls, $"{right.Calls} calls instead of {plain.Calls}");
        Assert.True(mixed.Calls < plain.Calls);
        Assert.True(wrong.DraftsTaken <= mixed.DraftsTaken && mixed.DraftsTaken <= right.DraftsTaken);
    }

    [Fact]
    public void A_draft_that_the_guide_forbids_is_cut_there()
    {
        const string Before = "using System;\n\nfor (int i = 0; i < 10; i++)\n{\n    Console.";
        var guide = new NamesAfterDot(["Beep", "Clear", "ReadKey"]);
        var plain = model.Generate(Before, with: r => r with { Guide = guide });

        // What the model would write without a guide.
        var unguided = model.Generate(Before);
        var prompt = model.Prompt(Before).Tokens.Count;
        var drafted = model.Generate(
            Before,
            with: r => r with { Guide = guide, Drafts = new Drafts(at => unguided.Tokens.Skip(at - prompt - 1).Select(t => t.Id)) }
        );

        Assert.NotEqual(unguided.Text, plain.Text);
        Assert.Equal(plain.Tokens, drafted.Tokens);
    }

    private Generation Draft(string before, IDraftSource drafts) =>
        model.Generate(before, with: r => r with { MaxTokens = 20, Drafts = drafts });

    /// <summary>The tokens that spell the typed text, and the answer's.</summary>
    private IEnumerable<int> Spelling(string before, Generation plain)
    {
        var healed = model.Prompt(before);
        model.Decoder.TakeBack(0);
        var seen = new Recorder();
        model
            .NewGenerator()
            .Generate(
                new GenerationRequest
                {
                    Prompt = healed.Tokens,
                    Typed = healed.Typed,
                    MaxTokens = plain.Tokens.Count,
                    Drafts = seen,
                },
                TestContext.Current.CancellationToken
            );
        return seen.Last.Skip(healed.Tokens.Count).Append(plain.Tokens[^1].Id);
    }

    private sealed class Drafts(Func<int, IEnumerable<int>> propose) : IDraftSource
    {
        public IReadOnlyList<int> Propose(IReadOnlyList<int> ids) => [.. propose(ids.Count)];

        public void Written(IReadOnlyList<int> ids, int prompt) { }
    }

    private sealed class Recorder : IDraftSource
    {
        public int[] Last { get; private set; } = [];

        public IReadOnlyList<int> Propose(IReadOnlyList<int> ids)
        {
            Last = [.. ids];
            return [];
        }

        public void Written(IReadOnlyList<int> ids, int prompt) { }
    }
}
