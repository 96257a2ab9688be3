namespace CodeComplete.Transformer.Tests;

/// <summary>Says which names may follow a dot, as a language service would.</summary>
internal sealed class NamesAfterDot(IReadOnlyCollection<string> names) : IGuide
{
    public List<string> Asked { get; } = [];

    public Guidance? Next(string written)
    {
        Asked.Add(written);
        var end = written.Length;
        while (end > 0 && NameSet.IsIdentifierPart(written[end - 1]))
        {
            end--;
        }

        // In these tests, what begins with a name follows a dot that the prompt holds.
        return end == 0 || written[end - 1] == '.' ? new Guidance(end, names) : null;
    }
}

public sealed class GuideTests(ModelFixture model)
{
    private const string Loop = "using System;\n\nfor (int i = 0; i < 10; i++)\n{\n    Console.";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("", "Beep")]
    [InlineData("B", "eep")]
    [InlineData("Be", "ep")]
    public void Only_a_known_name_is_written(string begun, string rest)
    {
        var generation = model.Generate(Loop + begun, with: r => r with { Guide = new NamesAfterDot(["Beep"]), MaxTokens = 8 });

        Assert.StartsWith(rest, generation.Text, StringComparison.Ordinal);
        Assert.False(NameSet.IsIdentifierPart(generation.Text[rest.Length]), generation.Text);
    }

    [Fact]
    public void A_name_that_no_token_spells_at_once_is_written_too()
    {
        var generation = model.Generate(Loop, with: r => r with { Guide = new NamesAfterDot(["ZqxWriteÄrgerQuux"]), MaxTokens = 20 });

        Assert.StartsWith("ZqxWriteÄrgerQuux", generation.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_guide_that_agrees_changes_nothing()
    {
        var free = model.Generate(Loop);

        var guided = model.Generate(Loop, with: r => r with { Guide = new NamesAfterDot(["WriteLine", "Write"]) });

        Assert.Equal(free.Tokens, guided.Tokens);
    }

    [Fact]
    public void A_token_that_runs_into_a_name_is_checked_there()
    {
        // " Order" begins before the name: the guide knows of it only once the space is written.
        var guide = new NamesAfterNew(["OrderException"]);

        var generation = model.Generate("if (x is null)\n{\n    throw new", with: r => r with { Guide = guide, MaxTokens = 6 });

        Assert.StartsWith(" OrderException", generation.Text, StringComparison.Ordinal);
        Assert.InRange(guide.Asked, 1, 40); // likelier names by the hundred take no question each
    }

    [Fact]
    public void A_name_that_began_in_the_prompt_is_continued()
    {
        // The prompt holds "m_", the typed text only the rest.
        var healed = model.Prompt("public int Get()\n{\n    return m_co");
        Assert.Equal("co", healed.Typed);

        var generation = model.Generate(
            "public int Get()\n{\n    return m_co",
            with: r => r with { Guide = new Fixed(new Guidance(-" m_".Length + 1, ["m_cobalt"])), MaxTokens = 6 }
        );

        Assert.StartsWith("balt", generation.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_text_does_not_end_inside_a_name()
    {
        // Here the model would end at once.
        var (complete, text) = Golden.Read().Complete(model.Tokenizer.EndToken);

        var generation = model
            .NewGenerator()
            .Generate(
                new GenerationRequest
                {
                    Prompt = complete,
                    Guide = new Fixed(new Guidance(-3, [text[^3..] + "Yonder"])),
                    GuideLimit = Timeout.InfiniteTimeSpan,
                    MaxTokens = 12,
                },
                Cancellation
            );

        Assert.StartsWith("Yonder", generation.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_nothing_is_allowed_the_text_ends_and_says_so()
    {
        var generation = model.Generate(Loop, with: r => r with { Guide = new NamesAfterDot([]) });

        Assert.Equal("", generation.Text);
        Assert.Equal(EndReason.Forbidden, generation.Reason);
        Assert.False(generation.Ended);
    }

    [Fact]
    public void The_guide_sees_typed_text_and_answer_and_each_text_once()
    {
        var guide = new NamesAfterDot(["WriteLine"]);

        model.Generate(Loop, with: r => r with { Guide = guide, MaxTokens = 4 });

        Assert.All(guide.Asked, a => Assert.StartsWith(".", a, StringComparison.Ordinal));
        Assert.Contains(".WriteLine", guide.Asked);
        Assert.Distinct(guide.Asked);
    }

    [Fact]
    public void A_guide_that_does_not_answer_is_not_waited_for()
    {
        var free = model.Generate(Loop);
        using var release = new ManualResetEventSlim();
        var guide = new Stuck(release);

        var generation = model.Generate(Loop, with: r => r with { Guide = guide, GuideLimit = GenerationRequest.DefaultGuideLimit });

        Assert.Equal(free.Tokens, generation.Tokens);
        Assert.Equal(1, guide.Asked); // and never a second time while the first call is under way
        release.Set();
    }

    [Fact]
    public void A_slow_guide_is_waited_for_so_long_in_all()
    {
        var limit = TimeSpan.FromMilliseconds(100);
        var slow = new Slow(limit * 0.4);

        var generation = model.Generate(Loop, with: r => r with { Guide = slow, GuideLimit = limit });

        Assert.Equal(model.Generate(Loop).Tokens, generation.Tokens);
        Assert.InRange(slow.Asked, 1, 3); // two in time at most, and one that is late
    }

    [Fact]
    public void A_guide_that_fails_fails_the_generation()
    {
        Assert.Throws<NotSupportedException>(() => model.Generate(Loop, with: r => r with { Guide = new Failing() }));
        Assert.Throws<NotSupportedException>(() =>
            model.Generate(Loop, with: r => r with { Guide = new Failing(), GuideLimit = TimeSpan.FromMinutes(1) })
        );
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("Cou", true)]
    [InlineData("Count", true)]
    [InlineData("Count(", true)]
    [InlineData("Count;\n", true)]
    [InlineData("Counter", true)]
    [InlineData("Counters", false)]
    [InlineData("Count_", false)]
    [InlineData("Cound", false)]
    [InlineData("Cou(", false)]
    [InlineData("(", false)]
    [InlineData(" Count", false)]
    [InlineData("List<in", true)]
    [InlineData("List<int>.", true)]
    [InlineData("List<long", false)]
    [InlineData("@cla", true)]
    public void Text_passes_if_it_begins_a_name_or_completes_one(string text, bool allowed) =>
        Assert.Equal(allowed, NameSet.Of(["Count", "Counter", "Add", "List<int>", "@class"]).Allows(text));

    [Theory]
    [InlineData("", false)]
    [InlineData("Count", true)]
    [InlineData("Count(", true)]
    [InlineData("Counte", false)]
    public void Text_may_end_after_a_whole_name(string text, bool allowed) =>
        Assert.Equal(allowed, NameSet.Of(["Count", "Counter"]).AllowsEnd(text));

    [Theory]
    [InlineData("", "é", 1, true)]
    [InlineData("", "è", 1, true)] // the same first byte
    [InlineData("", "中", 1, true)]
    [InlineData("", "中", 2, true)]
    [InlineData("", "文", 1, false)] // the same length, another first byte
    [InlineData("caf", "é", 1, true)]
    [InlineData("caf", "中", 1, false)]
    [InlineData("Cou", "क", 1, false)] // begins with 0xE0, whose other bits are zeros
    [InlineData("Count", "é", 1, false)]
    [InlineData("Count(", "é", 1, true)]
    [InlineData("", "😀", 2, false)]
    public void A_character_cut_by_a_token_passes_if_a_name_may_go_on_with_it(string text, string character, int bytes, bool allowed)
    {
        var cut = System.Text.Encoding.UTF8.GetBytes(character).AsSpan(0, bytes);

        Assert.Equal(allowed, NameSet.Of(["Count", "été", "café", "中"]).Allows(text, cut));
    }

    private sealed class NamesAfterNew(IReadOnlyCollection<string> names) : IGuide
    {
        public int Asked { get; private set; }

        public Guidance? Next(string written)
        {
            Asked++;
            return written == " new" ? null
                : written.StartsWith(" new ", StringComparison.Ordinal) ? new Guidance(5, names)
                : new Guidance(0, [" new "]);
        }
    }

    private sealed class Fixed(Guidance guidance) : IGuide
    {
        public Guidance? Next(string written) => guidance;
    }

    private sealed class Failing : IGuide
    {
        public Guidance? Next(string written) => throw new NotSupportedException();
    }

    private sealed class Slow(TimeSpan each) : IGuide
    {
        private int _asked;

        public int Asked => _asked;

        public Guidance? Next(string written)
        {
            Interlocked.Increment(ref _asked);
            using var never = new ManualResetEventSlim();
            never.Wait(each);
            return null;
        }
    }

    private sealed class Stuck(ManualResetEventSlim release) : IGuide
    {
        private int _asked;

        public int Asked => _asked;

        public Guidance? Next(string written)
        {
            Interlocked.Increment(ref _asked);
            release.Wait();
            return null;
        }
    }
}
