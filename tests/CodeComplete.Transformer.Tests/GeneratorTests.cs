namespace CodeComplete.Transformer.Tests;

public sealed class GeneratorTests(ModelFixture model)
{
    private const string Service = """
        public class UserService
        {
            private readonly IUserRepository _users;

            public async Task<User?> GetAsync(string email, CancellationToken ct)
            {

        """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> Cursors =>
        [
            Service + "        return await _users.",
            Service + "        ",
            Service + "        throw new Inv",
            Service + "        Console.WriteLine(",
            Service + "        Console.WriteLine(\"",
            Service + "        var found = users.Where(u => ",
        ];

    [Theory]
    [MemberData(nameof(Cursors))]
    public void The_tokens_spell_the_typed_text_and_then_the_answer(string before)
    {
        var healed = model.Prompt(before);

        var generation = model.Generate(before);

        Assert.NotEqual("", healed.Typed);
        Assert.NotEqual("", generation.Text);
        Assert.Equal(generation.Text, string.Concat(generation.Tokens.Select(t => t.Text)));
        Assert.All(generation.Tokens, t => Assert.InRange(t.Probability, 0, 1 + 1e-6));
        Assert.InRange(generation.MeanProbability, 0, 1);
    }

    [Theory]
    [MemberData(nameof(Cursors))]
    public void A_text_is_as_probable_as_the_tokens_that_wrote_it(string before)
    {
        var healed = model.Prompt(before);
        var generation = model.Generate(before, with: r => r with { MaxTokens = 8 });
        Assert.Equal(
            model.Tokenizer.Encode(healed.Typed + generation.Text),
            generation
                .Path.Where(t => !model.Tokenizer.IsEnd(t.Id))
                .Select(t => t.Id)
                .Take(model.Tokenizer.Encode(healed.Typed + generation.Text).Count)
        );

        var generator = model.NewGenerator();
        var sum = generator.LogProbability(healed.Tokens, healed.Typed, generation.Text, Cancellation);

        Assert.Equal(generation.Path.Where(t => !model.Tokenizer.IsEnd(t.Id)).Sum(t => Math.Log(t.Probability)), sum, 1e-3);
        Assert.True(sum > generator.LogProbability(healed.Tokens, healed.Typed, "Zqx" + generation.Text, Cancellation));
    }

    [Theory]
    [MemberData(nameof(Cursors))]
    public void A_turn_keeps_what_it_is_told_and_goes_another_way(string before)
    {
        var first = model.Generate(before);
        Assert.NotEmpty(first.Path);
        var at = Enumerable.Range(0, first.Path.Count).MaxBy(i => first.Path[i].RunnerUp);

        var second = model.Generate(before, with: r => r with { Turn = new Turn([.. first.Path.Take(at)], [first.Path[at].Id]) });

        Assert.Equal(first.Path.Take(at).Select(t => t.Id), second.Path.Take(at).Select(t => t.Id));
        Assert.NotEqual(first.Path[at].Id, second.Path[at].Id);
        Assert.Equal(first.Path[at].RunnerUp, second.Path[at].Probability, 1e-3);
    }

    [Fact]
    public void A_turn_that_refuses_nothing_writes_the_same()
    {
        var first = model.Generate(Cursors.First().Data);

        var second = model.Generate(Cursors.First().Data, with: r => r with { Turn = new Turn([.. first.Path.Take(2)], []) });

        Assert.Equal(first.Text, second.Text);
        Assert.Equal(first.Path.Select(t => t.Id), second.Path.Select(t => t.Id));
    }

    [Fact]
    public void A_word_cut_by_the_cursor_is_finished()
    {
        var generation = model.Generate("using System;\n\nfor (int i = 0; i < 10; i++)\n{\n    Console.Wri");

        Assert.StartsWith("teLine(", generation.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_fresh_line_gets_a_statement_and_no_second_indentation()
    {
        var generation = model.Generate("public int Add(int a, int b)\n{\n    ", "\n}\n", r => r with { Stop = new LineEndStop(r.Typed) });

        Assert.Equal(generation.Text.Trim(), generation.Text);
        Assert.NotEqual("", generation.Text);
        Assert.True(generation.Ended);
    }

    [Fact]
    public void The_end_token_ends()
    {
        var (complete, _) = Golden.Read().Complete(model.Tokenizer.EndToken);

        var generation = model.NewGenerator().Generate(new GenerationRequest { Prompt = complete }, Cancellation);

        Assert.Equal(EndReason.EndToken, generation.Reason);
        Assert.True(generation.Ended);
        Assert.Equal("", generation.Text);
        Assert.Empty(generation.Tokens);
        Assert.Equal(0, generation.MeanProbability);
    }

    [Fact]
    public void A_stop_cuts_the_text_and_the_tokens()
    {
        var whole = model.Generate(Service + "        return await _users.");
        var line = model.Generate(Service + "        return await _users.", with: r => r with { Stop = new LineEndStop(r.Typed) });

        Assert.Contains('\n', whole.Text);
        Assert.Equal(whole.Text[..whole.Text.IndexOf('\n', StringComparison.Ordinal)], line.Text);
        Assert.True(line.Ended);
        Assert.True(string.Concat(line.Tokens.SkipLast(1).Select(t => t.Text)).Length < line.Text.Length);
    }

    [Fact]
    public void The_number_of_tokens_is_a_limit()
    {
        var generation = model.Generate(Service + "        return await _users.", with: r => r with { MaxTokens = 3 });

        Assert.Equal(3, generation.Tokens.Count);
        Assert.Equal(EndReason.MaxTokens, generation.Reason);
        Assert.False(generation.Ended);
    }

    [Fact]
    public void A_full_buffer_ends_the_text()
    {
        using var small = Decoder.Load(model.Folder, model.Tokenizer, new DecoderOptions { Provider = "cpu", MaxPositions = 48 });
        var prompt = Golden.Read().Generations[0].PromptIds[..40];

        var generation = new Generator(small, model.Tokenizer).Generate(new GenerationRequest { Prompt = prompt }, Cancellation);

        Assert.Equal(EndReason.Full, generation.Reason);
        Assert.Equal(9, generation.Tokens.Count); // eight are read, the ninth follows from them
    }

    [Fact]
    public void A_prompt_that_does_not_fit_is_refused()
    {
        var request = new GenerationRequest { Prompt = [.. Enumerable.Repeat(40, model.Decoder.Capacity + 1)] };

        Assert.Throws<InvalidOperationException>(() => model.NewGenerator().Generate(request, Cancellation));
        Assert.Throws<ArgumentOutOfRangeException>(() => model.NewGenerator().Generate(request with { Prompt = [] }, Cancellation));
    }

    [Fact]
    public void The_same_prompt_again_is_not_read_again()
    {
        var healed = model.Prompt(Service + "        return await _users.");
        var request = new GenerationRequest { Prompt = healed.Tokens, Typed = healed.Typed };
        var generator = model.NewGenerator();

        var first = generator.Generate(request, Cancellation);
        var second = generator.Generate(request, Cancellation);

        Assert.Equal(0, first.ReusedTokens);
        Assert.Equal(healed.Tokens.Count, second.ReusedTokens);
        Assert.Equal(first.Calls - 1, second.Calls);
        Assert.Equal(first.Tokens, second.Tokens);
    }

    [Fact]
    public void A_keystroke_only_reads_what_it_appends()
    {
        var generator = model.NewGenerator();
        var before = Service + "        return await _users";
        var first = model.Prompt(before);
        generator.Generate(new GenerationRequest { Prompt = first.Tokens, Typed = first.Typed }, Cancellation);
        var next = model.Prompt(before + ".");

        var generation = generator.Generate(new GenerationRequest { Prompt = next.Tokens, Typed = next.Typed }, Cancellation);

        Assert.True(generation.ReusedTokens >= first.Tokens.Count - 1);
        Assert.Equal(model.Generate(before + ".", with: r => r with { MaxTokens = 64 }).Tokens, generation.Tokens);
    }

    [Fact]
    public void Cancelled_it_ends_and_the_next_one_is_right()
    {
        var expected = model.Generate(Service + "        return await _users.");
        using var source = new CancellationTokenSource();

        Assert.Throws<OperationCanceledException>(() =>
            model.Generate(
                Service + "        return await _users.",
                with: r => r with { Stop = new CancellingStop(source) },
                cancellation: source.Token
            )
        );

        var healed = model.Prompt(Service + "        return await _users.");
        var again = new Generator(model.Decoder, model.Tokenizer).Generate(
            new GenerationRequest
            {
                Prompt = healed.Tokens,
                Typed = healed.Typed,
                MaxTokens = 24,
            },
            Cancellation
        );
        Assert.Equal(expected.Tokens, again.Tokens);
        Assert.True(again.ReusedTokens > 0);
    }

    [Fact]
    public void Marks_of_the_layout_are_never_written()
    {
        // Cut off inside the file's header, the model would like to go on with a mark.
        var prompt = model.Tokenizer.EncodeWithSpecials("<|file|>src/A.cs\n<|snippet|>src/B.cs\nclass B { }\n");

        var generation = model.NewGenerator().Generate(new GenerationRequest { Prompt = prompt }, Cancellation);

        Assert.All(generation.Tokens, t => Assert.False(model.Tokenizer.IsSpecial(t.Id)));
    }

    [Fact]
    public void Text_that_tokens_cut_inside_a_character_comes_whole()
    {
        var written = new WrittenText("// ");
        var bytes = System.Text.Encoding.UTF8.GetBytes("// 😀!");

        Assert.Equal("", written.Append(bytes.AsSpan(0, 2)));
        Assert.Equal("", written.Append(bytes.AsSpan(2, 3))); // spells the space, begins the character
        Assert.Equal("// ", written.Text);
        Assert.Equal("// 😀", written.With(bytes.AsSpan(5, 2), out var cut));
        Assert.True(cut.IsEmpty);
        Assert.Equal("// ", written.With(bytes.AsSpan(5, 1), out cut));
        Assert.Equal(3, cut.Length);
        Assert.Equal("😀", written.Append(bytes.AsSpan(5, 2)));
        Assert.Equal("!", written.Append(bytes.AsSpan(7)));
        Assert.Equal("// 😀!", written.Text);
    }

    [Fact]
    public void The_model_continues_text_of_other_scripts_in_whole_characters()
    {
        var generation = model.Generate("// 中文注释:获取用户\npublic User GetUser() // 获", with: r => r with { MaxTokens = 12 });

        Assert.True(generation.Text.EnumerateRunes().All(r => r != System.Text.Rune.ReplacementChar));
    }

    [Fact]
    public void A_stop_that_does_not_hear_the_model_has_it_go_on()
    {
        const string before = Service + "        return await _users.";
        var heard = model.Generate(before, with: r => r with { MaxTokens = 48 });
        Assert.Equal(EndReason.EndToken, heard.Reason);

        var unheard = model.Generate(before, with: r => r with { MaxTokens = 48, Stop = new UnhearingStop() });

        Assert.Equal(EndReason.MaxTokens, unheard.Reason);
        Assert.StartsWith(heard.Text, unheard.Text, StringComparison.Ordinal);
        Assert.All(unheard.Path, t => Assert.False(model.Tokenizer.IsEnd(t.Id)));
        Assert.All(unheard.Tokens, t => Assert.InRange(t.Probability, 0, 1 + 1e-6));
    }

    private sealed class UnhearingStop : IStop
    {
        public int? End(string written) => null;

        public bool MayEnd(string written) => false;
    }

    private sealed class CancellingStop(CancellationTokenSource source) : IStop
    {
        private int _asked;

        public int? End(string written)
        {
            if (++_asked == 4)
            {
                source.Cancel();
            }

            return null;
        }
    }
}
