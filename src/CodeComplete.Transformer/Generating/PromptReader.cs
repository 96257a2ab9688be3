namespace CodeComplete.Transformer;

/// <summary>
/// Brings a decoder to a prompt with as little reading as possible. The logits after the last prompt are kept, since the same prompt is
/// often asked about twice: once for the list, once for ghost text.
/// </summary>
internal sealed class PromptReader(Decoder decoder)
{
    private int[] _prompt = [];
    private float[] _last = [];
    private float[] _joined = [];

    /// <summary>How many of the last prompt's tokens the decoder still held.</summary>
    public int Reused { get; private set; }

    /// <summary>Whether the last prompt took a call of the model.</summary>
    public bool Called { get; private set; }

    /// <summary>
    /// Reads <paramref name="prompt"/> and <paramref name="behind"/> it a few tokens; returns a row after the prompt and one after each of
    /// those.
    /// </summary>
    public Logits Read(IReadOnlyList<int> prompt, IReadOnlyList<int> behind, CancellationToken cancellation)
    {
        int[] ids = [.. prompt];
        Reused = decoder.Reuse(ids);
        var known = Reused == ids.Length && ids.AsSpan().SequenceEqual(_prompt);
        Called = !known || behind.Count > 0;
        if (known)
        {
            return Called ? Joined(decoder.Read([.. behind], behind.Count, cancellation)) : new Logits(_last, decoder.VocabularySize);
        }

        if (Reused == ids.Length)
        {
            decoder.TakeBack(--Reused); // its logits are gone
        }

        var logits = decoder.Read([.. ids.AsSpan(Reused), .. behind], 1 + behind.Count, cancellation);
        _last = logits[0].ToArray();
        _prompt = ids;
        return logits;
    }

    private Logits Joined(scoped Logits behind)
    {
        var width = decoder.VocabularySize;
        var size = (1 + behind.Count) * width;
        if (_joined.Length < size)
        {
            _joined = new float[size];
        }

        _last.CopyTo(_joined, 0);
        for (var row = 0; row < behind.Count; row++)
        {
            behind[row].CopyTo(_joined.AsSpan((1 + row) * width));
        }

        return new Logits(_joined.AsSpan(0, size), width);
    }
}
