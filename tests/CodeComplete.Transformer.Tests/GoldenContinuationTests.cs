using System.Numerics.Tensors;
using Microsoft.ML.OnnxRuntime;

namespace CodeComplete.Transformer.Tests;

/// <summary>
/// The model continues as the reference did: exactly where the CPU has VNNI and the calls are the reference's, elsewhere wherever the
/// first two choices are over 1.0 apart.
/// </summary>
public sealed class GoldenContinuationTests(ModelFixture model)
{
    private const float Sure = 1.0f;

    public static TheoryData<int> Indexes => [.. Enumerable.Range(0, Golden.Read().Generations.Count)];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Indexes))]
    public void Called_as_the_reference_was_the_graph_continues_as_it_did(int index)
    {
        var all = Golden.Read();
        var golden = all.Generations[index];
        using var session = LoadGraph(model.CpuGraph);

        // The first token in a call of its own, then the prompt, then token by token.
        session.Run(golden.PromptIds.AsSpan(0, 1), 0, 1, Cancellation);
        var row = session.Run(golden.PromptIds.AsSpan(1), 1, 1, Cancellation).ToArray();
        var past = golden.PromptIds.Length;
        foreach (var expected in golden.GreedyIds)
        {
            if (all.IsExactHere || Margin(row) > Sure)
            {
                Assert.Equal(expected, TensorPrimitives.IndexOfMax<float>(row));
            }

            row = session.Run([expected], past++, 1, Cancellation).ToArray();
        }
    }

    [Theory]
    [MemberData(nameof(Indexes))]
    public void Wherever_the_first_two_choices_are_apart_the_decoder_continues_as_the_reference_did(int index)
    {
        // The decoder reads no row alone, so that drafts change nothing; that may tip what is nearly a tie.
        var golden = Golden.Read().Generations[index];
        var decoder = model.Decoder;
        decoder.TakeBack(0);
        var row = decoder.Read(golden.PromptIds, 1, Cancellation).Last.ToArray();
        var sure = 0;
        foreach (var expected in golden.GreedyIds)
        {
            if (Margin(row) > Sure)
            {
                Assert.Equal(expected, TensorPrimitives.IndexOfMax<float>(row));
                sure++;
            }

            row = decoder.Read([expected], 1, Cancellation).Last.ToArray();
        }

        Assert.True(sure > golden.GreedyIds.Length / 2);
    }

    [Theory]
    [MemberData(nameof(Indexes))]
    public void First_logits_are_the_golden_ones(int index)
    {
        var all = Golden.Read();
        var golden = all.Generations[index];
        model.Decoder.TakeBack(0);

        var row = model.Decoder.Read(golden.PromptIds, 1, Cancellation).Last.ToArray();

        // Without VNNI the block-quantised products are rounded otherwise, which moves a logit by up to 1.6.
        var tolerance = all.IsExactHere ? 0.001 : 2.0;
        Assert.All(golden.FirstTop5, top => Assert.Equal(top[1], row[(int)top[0]], tolerance));
    }

    [Theory]
    [MemberData(nameof(Indexes))]
    public void The_generator_writes_what_the_likeliest_tokens_spell(int index)
    {
        var golden = Golden.Read().Generations[index];
        var decoder = model.Decoder;
        decoder.TakeBack(0);
        var expected = new List<int>();
        var row = decoder.Read(golden.PromptIds, 1, Cancellation).Last.ToArray();
        while (
            expected.Count < golden.GreedyIds.Length
            && TensorPrimitives.IndexOfMax<float>(row) is var best
            && best != model.Tokenizer.EndToken
        )
        {
            expected.Add(best);
            row = decoder.Read([best], 1, Cancellation).Last.ToArray();
        }

        var generation = model
            .NewGenerator()
            .Generate(new GenerationRequest { Prompt = golden.PromptIds, MaxTokens = golden.GreedyIds.Length }, Cancellation);

        Assert.Equal(expected, generation.Tokens.Select(t => t.Id));
        Assert.Equal(model.Tokenizer.Decode(expected), generation.Text);
        Assert.Equal(expected.Count < golden.GreedyIds.Length, generation.Ended);
    }

    [Fact]
    public void The_graph_for_cpus_without_vnni_agrees_wherever_the_first_two_choices_are_apart()
    {
        // Both graphs run on any CPU; only the speed, and the overflow, differ.
        using var session = LoadGraph(ModelFolder.Avx2Graph);
        foreach (var golden in Golden.Read().Generations)
        {
            var row = session.Run(golden.PromptIds, 0, 1, Cancellation).ToArray();
            if (golden.FirstTop5[0][1] - golden.FirstTop5[1][1] > Sure)
            {
                Assert.Equal((int)golden.FirstTop5[0][0], TensorPrimitives.IndexOfMax<float>(row));
            }
        }
    }

    [Fact]
    public void The_golden_numbers_are_made_again_where_a_file_is_named()
    {
        // For a new model: CODECOMPLETE_WRITE_GOLDEN=FILE, on a CPU with VNNI if one is at hand; then FILE takes the place of golden.json.
        var file = Environment.GetEnvironmentVariable("CODECOMPLETE_WRITE_GOLDEN");
        Assert.SkipWhen(string.IsNullOrEmpty(file), "CODECOMPLETE_WRITE_GOLDEN names no file.");
        using var session = LoadGraph(model.CpuGraph);
        var golden = Golden.Read();

        (
            golden with
            {
                Generations = [.. golden.Generations.Select(g => ContinueAgain(session, g))],
                Note =
                    $"greedy, first token in a call of its own, {model.CpuGraph}, ONNX Runtime {OrtEnv.Instance().GetVersionString()}; "
                    + "another CPU may differ at near ties",
                Vnni = CpuFeatures.Has8BitDotProducts,
            }
        ).Write(file);
    }

    private Golden.Continuation ContinueAgain(DecoderSession session, Golden.Continuation golden)
    {
        const int Most = 24;
        session.Run(golden.PromptIds.AsSpan(0, 1), 0, 1, Cancellation);
        var row = session.Run(golden.PromptIds.AsSpan(1), 1, 1, Cancellation).ToArray();
        double[][] top5 =
        [
            .. row.Index().OrderByDescending(l => l.Item).Take(5).Select(l => new[] { l.Index, Math.Round((double)l.Item, 3) }),
        ];
        var ids = new List<int>();
        do
        {
            ids.Add(TensorPrimitives.IndexOfMax<float>(row));
            row = session.Run([ids[^1]], golden.PromptIds.Length + ids.Count - 1, 1, Cancellation).ToArray();
        } while (ids.Count < Most && ids[^1] != model.Tokenizer.EndToken);
        return golden with { GreedyIds = [.. ids], GreedyText = model.Tokenizer.Decode(ids), FirstTop5 = top5 };
    }

    private static float Margin(float[] row)
    {
        var top = row.OrderDescending().Take(2).ToArray();
        return top[0] - top[1];
    }

    private DecoderSession LoadGraph(string graph)
    {
        using var options = new SessionOptions();
        return new DecoderSession(model.Folder, graph, options, [], 256, 256);
    }
}
