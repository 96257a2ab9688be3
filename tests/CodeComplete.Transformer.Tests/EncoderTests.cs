using System.Numerics.Tensors;
using CodeComplete.Testing;

namespace CodeComplete.Transformer.Tests;

/// <summary>An encoder made by the tests: what is read of a text, what it counts, and what is said of files that do not fit.</summary>
public sealed class EncoderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TinyModel _model = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_snippet_is_the_sum_of_its_first_tokens_at_length_one()
    {
        using var encoder = Load(new TinyEncoder());

        var vector = Embed(encoder, areQueries: false, "bcdefghijkl")[0];

        Same(Sum(new TinyEncoder(), "bcdefghi", _ => 1), vector);
    }

    [Fact]
    public void A_query_is_the_sum_of_its_last_tokens_and_the_nearest_counts_the_most()
    {
        var tiny = new TinyEncoder { QueryWeights = [4, 3, 2, 1, 1, 1, 1, 1] };
        using var encoder = Load(tiny);

        Same(Sum(tiny, "efghijkl", away => tiny.QueryWeights[away]), Embed(encoder, areQueries: true, "bcdefghijkl")[0]);
        Same(Sum(tiny, "bc", away => tiny.QueryWeights[away]), Embed(encoder, areQueries: true, "bc")[0]);
    }

    [Fact]
    public void What_is_left_out_takes_no_room()
    {
        var tiny = new TinyEncoder { LeftOut = ['x', 'y'] };
        using var encoder = Load(tiny);

        Same(Sum(tiny, "bcdefghi", _ => 1), Embed(encoder, areQueries: false, "xxbyycxdxxxefghixxxj")[0]);
    }

    [Fact]
    public void Texts_of_any_length_have_the_same_vectors_alone_and_together()
    {
        using var encoder = Load(new TinyEncoder());
        string[] texts =
        [
            .. Enumerable.Range(0, 30).Select(i => string.Concat(Enumerable.Range(0, i % 11).Select(j => (char)('b' + (i + j) % 20)))),
        ];

        var together = Embed(encoder, areQueries: false, texts);

        for (var i = 0; i < texts.Length; i++)
        {
            Same(Embed(encoder, areQueries: false, texts[i])[0], together[i]);
        }
    }

    [Fact]
    public void A_text_without_a_word_has_zeros()
    {
        using var encoder = Load(new TinyEncoder { LeftOut = ['x'] });

        var vectors = Embed(encoder, areQueries: false, "", "bcd", "xx");

        Assert.All(vectors[0].Concat(vectors[2]), x => Assert.Equal(0, x));
        Assert.Equal(1, TensorPrimitives.Norm<float>(vectors[1]), 1e-5);
    }

    [Fact]
    public void Another_encoder_has_another_name_and_the_same_one_the_same()
    {
        using var one = Load(new TinyEncoder());
        using var same = Load(new TinyEncoder());
        using var weights = Load(new TinyEncoder { Seed = 2 });
        using var settings = Load(new TinyEncoder { LeftOut = [7] });

        Assert.Equal(one.Id, same.Id);
        Assert.Equal(3, new[] { one.Id, weights.Id, settings.Id }.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task It_serves_several_at_once_and_none_when_it_is_disposed()
    {
        var encoder = Load(new TinyEncoder());
        var expected = Embed(encoder, areQueries: false, "bcd")[0];

        await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => Task.Run(() => Same(expected, Embed(encoder, areQueries: false, "bcd")[0]), Cancellation))
        );

        encoder.Dispose();
        encoder.Dispose();
        Assert.Throws<ObjectDisposedException>(() => Embed(encoder, areQueries: false, "bcd"));
    }

    [Fact]
    public void A_cancelled_call_ends()
    {
        using var encoder = Load(new TinyEncoder());

        Assert.Throws<OperationCanceledException>(() =>
            encoder.Embed(["bcd"], areQueries: false, new float[TinyEncoder.Width], new CancellationToken(canceled: true))
        );
    }

    [Theory]
    [InlineData("encoder.json", "is missing")]
    [InlineData("encoder.onnx", "is missing")]
    public void A_missing_half_is_named(string name, string complaint)
    {
        Export(new TinyEncoder());
        File.Delete(Path.Combine(_folder.Path, name));

        Assert.True(Encoder.IsIn(_folder.Path));
        Complains(name, complaint, "copy the whole model folder again");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(-40)]
    public void A_truncated_graph_is_named(int length)
    {
        Export(new TinyEncoder());
        var path = Path.Combine(_folder.Path, "encoder.onnx");
        var bytes = File.ReadAllBytes(path);
        File.WriteAllBytes(path, bytes[..(length < 0 ? bytes.Length + length : length)]);

        Complains("encoder.onnx", "is damaged", "copy it again");
    }

    [Theory]
    [InlineData("\"tokens\":8", "\"tokens\":9", "'query_weights' are not 9 numbers")]
    [InlineData("\"tokens\":8", "\"tokens\":-1", "'tokens' must be positive")]
    [InlineData("\"left_out\":[]", "\"left_out\":[\"a\"]", "'left_out' is not a list of numbers")]
    [InlineData("\"left_out\"", "\"left\"", "'left_out' is missing")]
    public void A_damaged_description_is_named(string text, string other, string complaint)
    {
        Export(new TinyEncoder());
        Rewrite(text, other);

        Complains("encoder.json", complaint, "copy it again");
    }

    [Fact]
    public void An_encoder_of_another_width_does_not_fit()
    {
        Export(new TinyEncoder());
        Rewrite("\"width\":32", "\"width\":64");

        Complains("encoder.onnx", "does not fit its folder", "its 'embedding' is missing or not as encoder.json");
    }

    [Fact]
    public void The_decoder_in_its_place_does_not_fit()
    {
        Export(new TinyEncoder());
        File.Copy(Path.Combine(_folder.Path, "model.onnx"), Path.Combine(_folder.Path, "encoder.onnx"), overwrite: true);

        Complains("encoder.onnx", "does not fit its folder", "its 'weights' is missing");
    }

    [Fact]
    public void An_encoder_for_another_tokenizer_does_not_fit()
    {
        Export(new TinyEncoder());
        File.AppendAllText(Path.Combine(_folder.Path, "tokenizer.json"), "\n");

        Complains("encoder.json", "is of an encoder for another tokenizer", "tokenizer.json");
    }

    [Fact]
    public void Vectors_that_are_not_of_length_one_are_found_out()
    {
        Export(new TinyEncoder { Length = 3 });

        Complains("encoder.onnx", "its vectors are not of length one", "copy it again");
    }

    private void Export(TinyEncoder tiny)
    {
        _model.Export(_folder.Path, new TinyExport());
        tiny.Export(_folder.Path, _model);
    }

    private Encoder Load(TinyEncoder tiny)
    {
        Export(tiny);
        return Load();
    }

    private Encoder Load()
    {
        var folder = PromptFolder.Open(_folder.Path);
        return Encoder.Load(folder, CodeTokenizer.Load(folder));
    }

    private void Complains(string file, params string[] parts)
    {
        var e = Assert.Throws<ModelException>(Load);

        Assert.Contains($"'{Path.Combine(_folder.Path, file)}'", e.Message, StringComparison.Ordinal);
        Assert.All(parts, part => Assert.Contains(part, e.Message, StringComparison.Ordinal));
        Assert.DoesNotContain('\n', e.Message);
        Assert.EndsWith(".", e.Message, StringComparison.Ordinal);
    }

    private void Rewrite(string text, string other)
    {
        var path = Path.Combine(_folder.Path, "encoder.json");
        var original = File.ReadAllText(path);
        Assert.Contains(text, original, StringComparison.Ordinal);
        File.WriteAllText(path, original.Replace(text, other, StringComparison.Ordinal));
    }

    // Letters that no merge of the tiny tokenizer joins are a token each, their own byte.
    private static float[] Sum(TinyEncoder tiny, string letters, Func<int, float> weight)
    {
        var sum = new float[TinyEncoder.Width];
        for (var i = 0; i < letters.Length; i++)
        {
            TensorPrimitives.MultiplyAdd(tiny.Row(letters[i]), weight(letters.Length - 1 - i), sum, sum);
        }

        TensorPrimitives.Divide(sum, TensorPrimitives.Norm<float>(sum), sum);
        return sum;
    }

    private static float[][] Embed(Encoder encoder, bool areQueries, params string[] texts)
    {
        var vectors = new float[texts.Length * encoder.Width];
        encoder.Embed(texts, areQueries, vectors, Cancellation);
        return [.. vectors.Chunk(encoder.Width)];
    }

    private static void Same(float[] expected, float[] actual) =>
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
}
