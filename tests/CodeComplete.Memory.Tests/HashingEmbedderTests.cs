using System.Numerics.Tensors;
using CodeComplete.Memory.Vectors;

namespace CodeComplete.Memory.Tests;

public sealed class HashingEmbedderTests
{
    private readonly HashingEmbedder _embedder = new();

    [Fact]
    public void Vectors_have_length_one_and_those_of_nothing_are_zero()
    {
        var vectors = Embed(Samples.Discounts, "", "{ } // a comment with many words", "void static return;");

        Assert.Equal(1, TensorPrimitives.Norm<float>(vectors[0]), 1e-5);
        Assert.All(vectors[1..], vector => Assert.All(vector, component => Assert.Equal(0, component)));
    }

    [Fact]
    public void A_text_has_the_same_vector_alone_and_among_others()
    {
        var alone = Embed("invoice.AddLine(product, quantity);")[0];
        var among = Embed(Samples.Discounts, "invoice.AddLine(product, quantity);", "order.Ship();")[1];

        Assert.Equal(alone, among);
    }

    [Fact]
    public void Code_about_the_same_things_is_nearest()
    {
        var vectors = Embed(
            "var total = invoice.Lines.Sum(line => line.UnitPrice * line.Quantity);",
            "foreach (var line in invoice.Lines) { subtotal += line.UnitPrice * line.Quantity; }",
            "public decimal InvoiceTotal(Invoice customerInvoice) => customerInvoice.InvoiceLines.Sum(unitPrice);",
            "await socket.ConnectAsync(endpoint); await socket.SendAsync(packet, cancellation);"
        );

        var same = TensorPrimitives.Dot<float>(vectors[0], vectors[1]);
        var related = TensorPrimitives.Dot<float>(vectors[0], vectors[2]);
        var other = TensorPrimitives.Dot<float>(vectors[0], vectors[3]);
        Assert.True(
            same > related && related > other + 0.1,
            $"{same} for the same names, {related} for their parts, {other} for other code"
        );
        Assert.InRange(Math.Abs(other), 0, 0.2);
    }

    [Fact]
    public void A_snippet_is_found_by_what_stands_around_it_in_the_same_file()
    {
        string[] texts = [Samples.Discounts, .. Enumerable.Range(0, 20).Select(i => Samples.Synthetic(i, members: 6))];
        var store = new VectorStore(_embedder.Dimensions);
        for (var i = 0; i < texts.Length; i++)
        {
            store.Put($"F{i}.cs", Quantized(texts[i]));
        }

        for (var i = 0; i < texts.Length; i++)
        {
            // Half of its lines stand for what is being written.
            var half = string.Join('\n', texts[i].Split('\n').Where((_, line) => line % 2 == 0));
            Assert.Equal($"F{i}.cs", store.Search(Quantized(half), 1)[0].Path);
        }
    }

    [Fact]
    public void Embedding_stops_when_asked()
    {
        Assert.Throws<OperationCanceledException>(() =>
            _embedder.Embed(
                [Samples.Discounts],
                EmbeddedKind.Snippet,
                new float[_embedder.Dimensions],
                new CancellationToken(canceled: true)
            )
        );
    }

    private sbyte[] Quantized(string text)
    {
        var quantized = new sbyte[_embedder.Dimensions];
        VectorQuantizer.Quantize(Embed(text)[0], quantized);
        return quantized;
    }

    private float[][] Embed(params string[] texts)
    {
        var vectors = new float[texts.Length * _embedder.Dimensions];
        _embedder.Embed(texts, EmbeddedKind.Snippet, vectors, TestContext.Current.CancellationToken);
        return [.. vectors.Chunk(_embedder.Dimensions)];
    }
}
