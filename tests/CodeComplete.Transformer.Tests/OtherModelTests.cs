using CodeComplete.Testing;

namespace CodeComplete.Transformer.Tests;

/// <summary>
/// A folder in ONNX Runtime GenAI's naming with another family's layout (docs/models.md): text is completed from end to end, and keys and
/// values are right however the tokens were read, drafted and taken back.
/// </summary>
public sealed class OtherModelTests : IDisposable
{
    private const string Before = "var n = all.Co";

    private readonly TemporaryFolder _folder = new();
    private readonly TinyModel _tiny = new TinyModel().Writes("<|fim_middle|>", ".Co", "unt", "();", "<|file_sep|>");

    public static TheoryData<TinyExport> Exports =>
        [
            new TinyExport(),
            new TinyExport { Positions = true },
            new TinyExport { HalfCache = true, HalfLogits = true },
            new TinyExport { HalfCache = true, Positions = true },
            new TinyExport { GenAI = true, External = true },
            new TinyExport { InPlace = true },
        ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Exports))]
    public void Text_is_completed_and_the_cursor_healed(TinyExport export)
    {
        using var model = Load(export);

        var generation = model.Complete(Before);

        Assert.Equal("unt();", generation.Text);
        Assert.Equal(EndReason.EndToken, generation.Reason);
        Assert.Equal(["unt", "();"], generation.Tokens.Select(t => t.Text));
    }

    [Theory]
    [MemberData(nameof(Exports))]
    public void Logits_do_not_depend_on_how_the_tokens_were_read(TinyExport export)
    {
        using var model = Load(export);
        var decoder = model.Decoder;
        var ids = Enumerable.Range(0, 300).Select(i => i * 7 % 256).ToArray();
        decoder.Read(ids.AsSpan(0, 299), 1, Cancellation);
        var expected = decoder.Read(ids.AsSpan(299), 1, Cancellation).Last.ToArray();

        decoder.TakeBack(0);
        Same(expected, decoder.Read(ids, 1, Cancellation).Last);
        decoder.TakeBack(290);
        Same(expected, decoder.Read(ids.AsSpan(290), 10, Cancellation).Last);
        decoder.TakeBack(3);
        decoder.Read([9, 8, 7, 6], 2, Cancellation);
        decoder.TakeBack(3);
        foreach (var id in ids.AsSpan(3, 100))
        {
            decoder.Read([id], 1, Cancellation);
        }

        Same(expected, decoder.Read(ids.AsSpan(103), 1, Cancellation).Last);
        Assert.Equal(200, decoder.Reuse([.. ids.AsSpan(0, 200), 1]));
        Same(expected, decoder.Read(ids.AsSpan(200), 3, Cancellation).Last);

        void Same(float[] one, ReadOnlySpan<float> other)
        {
            // Attention's softmax rounds; the sums are of whole numbers.
            for (var i = 0; i < one.Length; i++)
            {
                Assert.Equal(one[i], other[i], export.InPlace ? 0.01f : 0);
            }
        }
    }

    [Fact]
    public void What_was_read_before_moves_the_logits()
    {
        // Or the test above would say nothing.
        using var model = Load(new TinyExport());
        var one = model.Decoder.Read([1, 2, 3], 1, Cancellation).Last.ToArray();
        model.Decoder.TakeBack(0);

        Assert.False(model.Decoder.Read([4, 2, 3], 1, Cancellation).Last.SequenceEqual(one));
    }

    [Fact]
    public void A_cancelled_read_leaves_what_was_read_before()
    {
        using var model = Load(new TinyExport());
        var decoder = model.Decoder;
        var ids = Enumerable.Range(0, 300).Select(i => i * 5 % 256).ToArray();
        var expected = decoder.Read(ids, 1, Cancellation).Last.ToArray();
        decoder.TakeBack(0);
        using var source = new CancellationTokenSource();
        decoder.ChunkRead = _ => source.Cancel();
        Assert.Throws<OperationCanceledException>(() => decoder.Read(ids, 1, source.Token).Count);
        decoder.ChunkRead = null;

        Assert.Equal(Decoder.ChunkSize, decoder.Reuse(ids));
        Assert.True(decoder.Read(ids.AsSpan(Decoder.ChunkSize), 1, Cancellation).Last.SequenceEqual(expected));
    }

    [Theory]
    [MemberData(nameof(Exports))]
    public void Drafts_change_the_number_of_calls_and_nothing_else(TinyExport export)
    {
        var endless = new TinyModel().Writes("<|fim_middle|>", ".Co", "unt", "();", "all", ".", "Count", "();");
        using var model = Load(export, endless);
        var plain = model.Complete(Before, r => r with { MaxTokens = 14 });
        int[] answer = [_tiny[".Co"], .. plain.Tokens.Select(t => t.Id)];

        var right = Drafted(at => answer.Skip(at));
        var wrong = Drafted(_ => [1, 2, 3, 4, 5, 6, 7, 8]);
        var mixed = Drafted(at => [.. answer.Skip(at).Take(2), 1, 2, 3]);

        Assert.Equal(14, plain.Tokens.Count);
        Assert.All([right, wrong, mixed], g => Assert.Equal(plain.Text, g.Text));
        Assert.All([right, wrong, mixed], g => Assert.Equal(plain.Tokens.Select(t => t.Id), g.Tokens.Select(t => t.Id)));
        Assert.True(right.Calls < mixed.Calls && mixed.Calls < plain.Calls, $"{right.Calls}, {mixed.Calls}, {plain.Calls}");
        Assert.Equal(0, wrong.DraftsTaken);

        Generation Drafted(Func<int, IEnumerable<int>> propose) =>
            model.Complete(Before, r => r with { MaxTokens = 14, Drafts = new Drafts(at => propose(at - r.Prompt.Count)) });
    }

    [Fact]
    public void Typing_on_reads_again_from_where_the_prompt_differs()
    {
        using var model = Load(new TinyExport());
        var generator = new Generator(model.Decoder, model.Tokenizer);
        generator.Generate(model.Request(Before), Cancellation);
        var next = model.Request("var n = all.Count(); all.Co");

        var warm = generator.Generate(next, Cancellation);
        model.Decoder.TakeBack(0);
        var cold = new Generator(model.Decoder, model.Tokenizer).Generate(next, Cancellation);

        Assert.InRange(warm.ReusedTokens, 1, next.PrefixEnd!.Value);
        Assert.Equal(cold.Tokens, warm.Tokens);
        Assert.Equal("unt();", warm.Text);
    }

    [Fact]
    public void A_guide_reaches_back_over_suffix_and_marks_into_the_prefix()
    {
        using var model = Load(new TinyExport(), new TinyModel().Writes("<|fim_middle|>", "all"));
        var unhealed = model.Request(Before, heal: false);
        var names = new Names(new Guidance(-"Co".Length, ["Count", "Copy"]));

        var generation = model.Generate(unhealed with { Guide = names, MaxTokens = 8 });

        Assert.Equal("all", model.Generate(unhealed with { MaxTokens = 1 }).Text);
        Assert.Matches("^(unt|py)", generation.Text);
    }

    [Fact]
    public void Names_are_scored_with_what_stands_in_the_prefix()
    {
        // As ".Count" is encoded, whatever was typed of it.
        using var model = Load(new TinyExport(), new TinyModel().Writes("<|fim_middle|>", ".", "Count"));
        var request = model.Request(Before);
        Assert.Equal(".Co", request.Typed);

        var scores = new Generator(model.Decoder, model.Tokenizer).Score(
            request.Prompt,
            request.PrefixEnd,
            request.Typed,
            ["Copy", "Count", "Other"],
            6,
            Cancellation
        );

        Assert.Equal("Count", scores[0].Text);
        Assert.True(scores[0].LogProbability > scores[1].LogProbability);
        Assert.Equal(double.NegativeInfinity, scores.Single(s => s.Text == "Other").LogProbability);
    }

    [Fact]
    public void Every_end_that_prompt_json_names_ends_the_text()
    {
        using var model = Load(new TinyExport());

        Assert.Equal(_tiny["<|endoftext|>"], model.Tokenizer.EndToken);
        Assert.Equal(EndReason.EndToken, model.Complete(Before).Reason); // by <|file_sep|>
    }

    [Fact]
    public void The_shipped_graphs_write_in_place_and_an_export_that_joins_does_not()
    {
        var shipped = ModelFolder.Open(Repository.Model);
        Assert.All(shipped.Graphs, g => Assert.All(shipped.CachesOf(g.Key), c => Assert.True(g.Value.WritesInPlace(c.Past, c.Present))));
        using (Load(new TinyExport { InPlace = true }))
        {
            Assert.All(Caches(), c => Assert.True(c));
        }

        using (Load(new TinyExport()))
        {
            Assert.All(Caches(), c => Assert.False(c));
        }

        IEnumerable<bool> Caches()
        {
            var folder = ModelFolder.Open(_folder.Path);
            return folder.CachesOf(ModelFolder.CpuGraph).Select(c => folder.Graphs[ModelFolder.CpuGraph].WritesInPlace(c.Past, c.Present));
        }
    }

    [Theory]
    [InlineData("a  b", new[] { "a", " ", " b" })]
    [InlineData("x12", new[] { "x", "1", "2" })]
    [InlineData("\n\n  y", new[] { "\n\n", " ", " y" })]
    [InlineData("foo(bar);\n}", new[] { "foo", "(bar", ");\n", "}" })]
    [InlineData("it's", new[] { "it", "'s" })]
    [InlineData("end  \n", new[] { "end", "  \n" })]
    public void Text_is_cut_by_the_tokenizers_own_pattern(string text, string[] pieces)
    {
        _tiny.Export(_folder.Path, new TinyExport());

        var cut = PromptFolder.Open(_folder.Path).Tokenizer.PreTokenizer.PreTokenize(text);

        Assert.Equal(pieces, cut.Select(p => text.Substring(p.Offset, p.Length)));
    }

    [Theory]
    [InlineData("a  12 b")]
    [InlineData("it's we'll x'y\t\n  z")]
    [InlineData("½a²  7")]
    [InlineData("// ünï 日本 12\r\n\r\n  x = 0x1F;")]
    public void Steps_cut_as_the_hand_written_pattern_does(string text)
    {
        var steps = new StepwisePreTokenizer([new DigitCut(individual: true), new Gpt2Cut()]);

        Assert.Equal(new CodePreTokenizer().PreTokenize(text), steps.PreTokenize(text));
    }

    [Fact]
    public void Text_comes_back_whole_and_marks_by_their_names()
    {
        _tiny.Export(_folder.Path, new TinyExport());
        var tokenizer = CodeTokenizer.Load(PromptFolder.Open(_folder.Path));
        const string Text = "<|file_sep|>A.cs\n<|fim_prefix|>int ünï = 12;<|fim_suffix|>\n}<|fim_middle|>";

        Assert.Equal(Text, tokenizer.DecodeWithSpecials(tokenizer.EncodeWithSpecials(Text)));
        Assert.Equal(6, tokenizer.IndexOfSpecial("int x;<|fim_suffix|>"));
        Assert.Equal(5, tokenizer.IndexOfSpecial("<|fim"));
    }

    private LoadedTiny Load(TinyExport export, TinyModel? other = null)
    {
        (other ?? _tiny).Export(_folder.Path, export);
        return new LoadedTiny(_folder.Path);
    }

    private sealed class LoadedTiny : IDisposable
    {
        public LoadedTiny(string path)
        {
            var folder = ModelFolder.Open(path);
            Tokenizer = CodeTokenizer.Load(folder);
            Decoder = Decoder.Load(folder, Tokenizer, new DecoderOptions { Provider = "cpu" });
        }

        public CodeTokenizer Tokenizer { get; }

        public Decoder Decoder { get; }

        /// <summary>Prefix, suffix, middle, healed at the cursor or not.</summary>
        public GenerationRequest Request(string before, bool heal = true)
        {
            var prefix = Tokenizer.Encode(before);
            var healed = heal ? Healing.Heal(Tokenizer, prefix) : new HealedPrompt(prefix, "");
            int[] start = [.. Tokenizer.EncodeWithSpecials("<|file_sep|>A.cs\n<|fim_prefix|>"), .. healed.Tokens];
            return new GenerationRequest
            {
                Prompt = [.. start, .. Tokenizer.EncodeWithSpecials("<|fim_suffix|>;\n}\n<|fim_middle|>")],
                PrefixEnd = start.Length,
                Typed = healed.Typed,
                MaxTokens = 24,
                GuideLimit = Timeout.InfiniteTimeSpan,
            };
        }

        public Generation Complete(string before, Func<GenerationRequest, GenerationRequest>? with = null) =>
            Generate(with is null ? Request(before) : with(Request(before)));

        public Generation Generate(GenerationRequest request)
        {
            Decoder.TakeBack(0);
            return new Generator(Decoder, Tokenizer).Generate(request, Cancellation);
        }

        public void Dispose() => Decoder.Dispose();
    }

    private sealed class Drafts(Func<int, IEnumerable<int>> propose) : IDraftSource
    {
        public IReadOnlyList<int> Propose(IReadOnlyList<int> ids) => [.. propose(ids.Count)];

        public void Written(IReadOnlyList<int> ids, int prompt) { }
    }

    private sealed class Names(Guidance guidance) : IGuide
    {
        public Guidance? Next(string written) => guidance;
    }
}
