namespace CodeComplete.Transformer;

/// <summary>Knows where what is written is complete.</summary>
public interface IStop
{
    /// <summary>
    /// <see langword="null"/> to go on; else how many characters of <paramref name="written"/> to keep. Asked after each token.
    /// </summary>
    /// <param name="written">What stands after the prompt: <see cref="GenerationRequest.Typed"/> and what the model has written behind it.</param>
    int? End(string written);

    /// <summary>
    /// Whether the model may say that it is done. Where not, it goes on with the likeliest of its other tokens, whose probabilities are then those
    /// among the others.
    /// </summary>
    /// <param name="written">As in <see cref="End"/>.</param>
    bool MayEnd(string written) => true;

    /// <summary>
    /// Texts of which each, once written, is the end anyway: what a server can be told, so that it does not write on in vain. Empty where
    /// there is none.
    /// </summary>
    IReadOnlyList<string> Texts => [];
}

/// <summary>Stops at the first line end after the typed text, and leaves it out.</summary>
public sealed class LineEndStop(string typed) : IStop
{
    public IReadOnlyList<string> Texts => ["\n"];

    public int? End(string written)
    {
        ArgumentNullException.ThrowIfNull(written);
        var from = Math.Min(typed.Length, written.Length);
        var at = written.AsSpan(from).IndexOfAny('\r', '\n');
        return at < 0 ? null : from + at;
    }
}

/// <summary>Never stops: the model's own end, or the number of tokens, does.</summary>
public sealed class NoStop : IStop
{
    public static NoStop Instance { get; } = new();

    private NoStop() { }

    public int? End(string written) => null;
}
