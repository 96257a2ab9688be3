using CodeComplete.Memory.Vectors;

namespace CodeComplete.Memory.Recalling;

/// <summary>Windows whose vectors are near the query's. For any number of threads.</summary>
/// <param name="spanOf">The hit for a file's snippet of this number; <see langword="null"/> where the file has changed since it was embedded.</param>
internal sealed class VectorSource(IEmbedder embedder, VectorStore store, Func<VectorMatch, Hit?> spanOf)
{
    private const int Most = 20;

    // What is embedded is a window; the query is the end of the code before the cursor, of about a window's size.
    private const int QueryLines = 12;

    // Ghost text and list ask at the same place, and a vector may take milliseconds.
    private volatile Embedded? _last;

    /// <returns>Nearest first.</returns>
    public List<Hit> Search(RecallQuery query)
    {
        if (store.Count == 0)
        {
            return [];
        }

        var lines = query.Text.Split('\n');
        var text = string.Join('\n', lines.TakeLast(QueryLines));
        return
        [
            .. store
                .Search(VectorOf(text), Most, query.Path)
                .Where(static match => match.Similarity > 0)
                .Select(match => spanOf(match) is { } hit ? hit with { Coverage = match.Similarity } : null)
                .OfType<Hit>(),
        ];
    }

    private sbyte[] VectorOf(string text)
    {
        if (_last is { } last && last.Text == text)
        {
            return last.Vector;
        }

        var vector = new float[embedder.Dimensions];
        embedder.Embed([text], EmbeddedKind.Query, vector, CancellationToken.None);
        var quantized = new sbyte[vector.Length];
        VectorQuantizer.Quantize(vector, quantized);
        _last = new Embedded(text, quantized);
        return quantized;
    }

    private sealed record Embedded(string Text, sbyte[] Vector);
}
