namespace CodeComplete.Transformer;

/// <summary>
/// Logits of the last rows that a <see cref="Decoder"/> read, one row a position, one number a token. Valid until the decoder reads
/// again.
/// </summary>
public readonly ref struct Logits
{
    private readonly ReadOnlySpan<float> _values;
    private readonly int _vocabulary;

    internal Logits(ReadOnlySpan<float> values, int vocabulary)
    {
        _values = values;
        _vocabulary = vocabulary;
    }

    /// <summary>How many rows there are.</summary>
    public int Count => _values.Length / _vocabulary;

    /// <summary>The logits after the row's token; the last row is that of the last token read.</summary>
    public ReadOnlySpan<float> this[int row] => _values.Slice(row * _vocabulary, _vocabulary);

    /// <summary>The logits after the last token read.</summary>
    public ReadOnlySpan<float> Last => _values[^_vocabulary..];
}
