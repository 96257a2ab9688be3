using System.Numerics.Tensors;
using CodeComplete.Testing;

namespace CodeComplete.Transformer.Tests;

/// <summary>Where a model looks while it writes.</summary>
public sealed class AttentionTests(ModelFixture model) : IDisposable
{
    private const string Before = """
        public sealed class Basket
        {
            private readonly List<Item> _items = [];

            public int CountOfItems => _items.
        """;

    private static readonly DecoderOptions Options = new() { Provider = "cpu" };

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("if (all.Count())", "", "all.Count();")] // the first token is chosen from the prompt's last
    [InlineData("if (all", ".Co", "unt()")] // and the first of these only spells
    [InlineData(LongerThanACall, "", "all.Count();")]
    public void It_is_the_mean_of_the_heads_softmax_over_the_places_from_which_the_text_is_chosen(string prompt, string typed, string text)
    {
        var tiny = new TinyModel();
        tiny.Export(_folder.Path, new TinyExport { InPlace = true, Explain = true });
        var folder = ModelFolder.Open(_folder.Path);
        var tokenizer = CodeTokenizer.Load(folder);
        using var reader = AttentionReader.Load(folder, tokenizer, Options);
        var ids = tokenizer.Encode(prompt);
        var written = tokenizer.Encode(typed + text);

        var read = reader.Read(ids, typed, text, Cancellation);

        var spelled = typed.Length == 0 ? 0 : tokenizer.Encode(typed).Count;
        Assert.Equal(TinyModel.Layers, read.Count);
        for (var layer = 0; layer < TinyModel.Layers; layer++)
        {
            var rows = Enumerable
                .Range(spelled, written.Count - spelled)
                .SelectMany(before =>
                    Enumerable
                        .Range(0, TinyModel.Heads)
                        .Select(head => tiny.Attention(layer, head, [.. ids, .. written.Take(before)], new TinyExport().Padding))
                )
                .ToList();
            for (var token = 0; token < ids.Count; token++)
            {
                Assert.Equal(rows.Average(row => row[token]), read[layer][token], 1e-5);
            }
        }
    }

    [Fact]
    public void A_layer_shares_out_its_attention_and_much_of_it_goes_to_the_first_token()
    {
        using var reader = AttentionReader.Load(model.Folder, model.Tokenizer, Options);
        var prompt = model.Tokenizer.EncodeWithSpecials("<|file|>src/Basket.cs\n<|suffix|>\n}\n<|prefix|>" + Before);

        var layers = reader.Read(prompt, "", "Count", Cancellation);

        Assert.Single(model.Tokenizer.Encode("Count"));
        Assert.Equal(model.Folder.Layers, layers.Count);
        // Chosen from the prompt's last token, so nothing goes to the text itself.
        Assert.All(layers, layer => Assert.Equal(1, layer.Sum(), 1e-3));
        Assert.Contains(layers, static layer => layer[0] > 0.5);
    }

    [Fact]
    public void The_graph_computes_what_the_decoder_computes_on_this_processor()
    {
        var folder = model.Folder.WithExplainGraph();
        using var options = SessionLoader.Options(2, ExecutionProvider.OfCpu);
        using var session = new DecoderSession(folder, ModelFolder.ExplainGraph, options, [], capacity: 128, maxRows: 128);
        int[] prompt = [.. model.Prompt(Before).Tokens];

        var explained = session.Run(prompt, 0, prompt.Length, Cancellation).ToArray();
        model.Decoder.TakeBack(0);
        var decoded = model.Decoder.Read(prompt, prompt.Length, Cancellation);

        // Not to the bit: where attention is given out its sums are made in another order. With 8-bit sums that overflow, half of the rows are below 0.998.
        var width = model.Decoder.VocabularySize;
        var alike = new List<double>();
        for (var row = 0; row < prompt.Length; row++)
        {
            alike.Add(TensorPrimitives.CosineSimilarity(decoded[row], explained.AsSpan(row * width, width)));
        }

        Assert.InRange(alike.Order().ElementAt(alike.Count / 2), 0.999, 1 + 1e-6);
    }

    [Fact]
    public void A_prompt_longer_than_the_budget_is_refused_in_one_sentence()
    {
        using var reader = AttentionReader.Load(model.Folder, model.Tokenizer, Options with { MaxPositions = 32 });

        var e = Assert.Throws<InvalidOperationException>(() => reader.Read(new int[32], "", "var x", Cancellation));

        Assert.Contains("shorten the prompt", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_graph_that_is_missing_or_gives_no_attention_is_named()
    {
        new TinyModel().Export(_folder.Path, new TinyExport { InPlace = true });
        var folder = ModelFolder.Open(_folder.Path);

        Complains("model.explain.onnx' is missing");

        // A graph like any other, but without attention.
        File.Copy(Path.Combine(_folder.Path, "model.onnx"), Path.Combine(_folder.Path, "model.explain.onnx"));
        Complains("model.explain.onnx' does not fit its folder, its 'attention.0' is missing");

        void Complains(string how)
        {
            var e = Assert.Throws<ModelException>(() => AttentionReader.Load(folder, CodeTokenizer.Load(folder), Options));
            Assert.Contains(how, e.Message, StringComparison.Ordinal);
            Assert.EndsWith(".", e.Message, StringComparison.Ordinal);
        }
    }

    private const string LongerThanACall =
        "public int Length => all.Count() + 1; public int Size => 2; public int Width => all.Count(); // 0123456789 0123456789 0123456789 0123456";
}
