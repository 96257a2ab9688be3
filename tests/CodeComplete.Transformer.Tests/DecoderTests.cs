using CsCheck;

namespace CodeComplete.Transformer.Tests;

/// <summary>What the shared key/value buffer promises.</summary>
public sealed class DecoderTests(ModelFixture model)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private Decoder Empty
    {
        get
        {
            model.Decoder.TakeBack(0);
            return model.Decoder;
        }
    }

    /// <summary>Over two chunks of real prompt.</summary>
    private int[] Prompt { get; } = [.. Enumerable.Repeat(Golden.Read().Generations[1].PromptIds, 3).SelectMany(p => p)];

    [Fact]
    public void However_the_prompt_is_cut_its_logits_are_the_same_bit_for_bit()
    {
        var expected = Empty.Read(Prompt, 1, Cancellation).Last.ToArray();
        // Close neighbours too: a call of one token is a case of its own.
        var cuts = Gen.Int[1, Prompt.Length - 3]
            .List[0, 6]
            .Select(Gen.Int[0, 2], (c, more) => c.SelectMany(at => new[] { at, at + more }).Distinct().Order().ToList());

        cuts.Sample(
            c =>
            {
                var decoder = Empty;
                var from = 0;
                foreach (var to in c)
                {
                    decoder.Read(Prompt.AsSpan(from..to), 1, Cancellation);
                    from = to;
                }

                return decoder.Read(Prompt.AsSpan(from..), 1, Cancellation).Last.SequenceEqual(expected);
            },
            iter: 8,
            threads: 1
        );
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(Decoder.ChunkSize)]
    public void Rows_read_together_are_the_rows_read_one_by_one(int keep)
    {
        // 130 tokens: the last chunk alone would be shorter than what is kept.
        var ids = Prompt.AsSpan(0, Decoder.ChunkSize + 2);
        var decoder = Empty;
        var logits = decoder.Read(ids, keep, Cancellation);
        var rows = Enumerable.Range(0, keep).Select(_ => Array.Empty<float>()).ToArray();
        for (var i = 0; i < keep; i++)
        {
            rows[i] = logits[i].ToArray();
        }

        Assert.Equal(keep, logits.Count);
        decoder.TakeBack(ids.Length - keep);
        for (var i = 0; i < keep; i++)
        {
            Assert.True(decoder.Read(ids.Slice(ids.Length - keep + i, 1), 1, Cancellation).Last.SequenceEqual(rows[i]));
        }
    }

    [Fact]
    public void What_was_taken_back_leaves_no_trace()
    {
        var expected = Empty.Read(Prompt, 1, Cancellation).Last.ToArray();
        var decoder = Empty;
        decoder.Read(Prompt.AsSpan(0, 200), 1, Cancellation);
        decoder.Read(Enumerable.Range(100, 90).ToArray(), 1, Cancellation); // rejected tokens lie in the buffer now

        decoder.TakeBack(200);

        Assert.Equal(200, decoder.Length);
        Assert.True(decoder.Read(Prompt.AsSpan(200), 1, Cancellation).Last.SequenceEqual(expected));
    }

    [Fact]
    public void A_prompt_that_shares_its_beginning_reuses_it()
    {
        int[] other = [.. Prompt.AsSpan(0, 150), 33, 34, 35];
        var expected = Empty.Read(other, 1, Cancellation).Last.ToArray();
        var decoder = Empty;
        decoder.Read(Prompt, 1, Cancellation);

        Assert.Equal(150, decoder.Reuse(other));

        Assert.Equal(other[..150], decoder.Tokens);
        Assert.True(decoder.Read(other.AsSpan(150), 1, Cancellation).Last.SequenceEqual(expected));
    }

    [Fact]
    public void A_cancel_between_chunks_keeps_what_was_read()
    {
        var expected = Empty.Read(Prompt, 1, Cancellation).Last.ToArray();
        var decoder = Empty;
        using var source = new CancellationTokenSource();
        decoder.ChunkRead = _ => source.Cancel();
        try
        {
            Assert.Throws<OperationCanceledException>(() => decoder.Read(Prompt, 1, source.Token).Count);
        }
        finally
        {
            decoder.ChunkRead = null;
        }

        Assert.Equal(Decoder.ChunkSize, decoder.Length);
        Assert.Equal(Decoder.ChunkSize, decoder.Reuse(Prompt));
        Assert.True(decoder.Read(Prompt.AsSpan(Decoder.ChunkSize), 1, Cancellation).Last.SequenceEqual(expected));
    }

    [Fact]
    public async Task A_cancel_inside_a_chunk_ends_it_and_a_later_read_gets_the_same_logits()
    {
        var expected = Empty.Read(Prompt, 1, Cancellation).Last.ToArray();
        var decoder = Empty;
        var ended = 0;
        for (var attempt = 0; attempt < 20; attempt++)
        {
            // Each time the cancel falls somewhere else into the run.
            decoder.TakeBack(0);
            using var source = new CancellationTokenSource();
            Task? cancel = null;
            var iterations = attempt * 20_000;
            decoder.ChunkStarting = () => cancel ??= Task.Run(() => Spin(iterations, source), Cancellation);
            try
            {
                decoder.Read(Prompt, 1, source.Token);
            }
            catch (OperationCanceledException)
            {
                ended++;
            }
            finally
            {
                decoder.ChunkStarting = null;
            }

            await cancel!;
            var held = decoder.Reuse(Prompt);
            Assert.Equal(decoder.Length, held);
            decoder.TakeBack(Math.Min(held, Prompt.Length - 1));
            Assert.True(decoder.Read(Prompt.AsSpan(decoder.Length), 1, Cancellation).Last.SequenceEqual(expected));
        }

        Assert.True(ended > 0);

        static void Spin(int iterations, CancellationTokenSource source)
        {
            Thread.SpinWait(iterations);
            source.Cancel();
        }
    }

    [Fact]
    public void A_cancelled_token_reads_nothing()
    {
        var decoder = Empty;

        Assert.Throws<OperationCanceledException>(() => decoder.Read(Prompt, 1, new CancellationToken(canceled: true)).Count);

        Assert.Equal(0, decoder.Length);
    }

    [Fact]
    public void What_does_not_fit_is_refused_and_nothing_is_lost()
    {
        var decoder = Empty;
        decoder.Read(Prompt.AsSpan(0, 10), 1, Cancellation);

        var e = Assert.Throws<InvalidOperationException>(() => decoder.Read(new int[decoder.Capacity], 1, Cancellation).Count);

        Assert.Contains("shorten the prompt", e.Message, StringComparison.Ordinal);
        Assert.Equal(10, decoder.Length);
    }

    [Fact]
    public void The_buffer_can_be_filled_to_the_last_position()
    {
        using var small = Decoder.Load(model.Folder, model.Tokenizer, new DecoderOptions { Provider = "cpu", MaxPositions = 40 });
        small.Read(Prompt.AsSpan(0, 39), 1, Cancellation);

        var last = small.Read(Prompt.AsSpan(39, 1), 1, Cancellation).Last.ToArray();

        Assert.Equal(small.Capacity, small.Length);
        Assert.True(Empty.Read(Prompt.AsSpan(0, 40), 1, Cancellation).Last.SequenceEqual(last));
    }

    [Fact]
    public void An_id_that_the_model_does_not_have_is_refused()
    {
        var decoder = Empty;

        Assert.Throws<ArgumentOutOfRangeException>(() => decoder.Read([model.Folder.VocabularySize], 1, Cancellation).Count);
        Assert.Throws<ArgumentOutOfRangeException>(() => decoder.Read([-1], 1, Cancellation).Count);
        Assert.Throws<ArgumentOutOfRangeException>(() => decoder.Read([1, 2], 3, Cancellation).Count);
        Assert.Throws<ArgumentOutOfRangeException>(() => decoder.Read([], 1, Cancellation).Count);
        Assert.Throws<ArgumentOutOfRangeException>(() => decoder.TakeBack(decoder.Length + 1));
    }

    [Fact]
    public void A_second_caller_at_the_same_time_is_refused()
    {
        var decoder = Empty;
        Exception? refused = null;
        decoder.ChunkStarting = () =>
        {
            // A thread of its own: a task may be run by the one that waits for it.
            var other = new Thread(() => refused = Record.Exception(() => decoder.TakeBack(0)));
            other.Start();
            other.Join();
        };
        try
        {
            decoder.Read([1], 1, Cancellation);
        }
        finally
        {
            decoder.ChunkStarting = null;
        }

        Assert.IsType<InvalidOperationException>(refused);
        Assert.Contains("one caller at a time", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void After_disposal_a_call_is_refused()
    {
        var decoder = Decoder.Load(model.Folder, model.Tokenizer, new DecoderOptions { Provider = "cpu", MaxPositions = 16 });

        decoder.Dispose();
        decoder.Dispose();

        Assert.Throws<ObjectDisposedException>(() => decoder.Read([1], 1, Cancellation).Count);
    }

    [Fact]
    public void Warming_up_leaves_an_empty_buffer_and_a_used_one_alone()
    {
        var decoder = Empty;
        decoder.WarmUp();
        Assert.Equal(0, decoder.Length);

        decoder.Read([6, 7], 1, Cancellation);
        decoder.WarmUp();
        Assert.Equal([6, 7], decoder.Tokens);
    }
}
