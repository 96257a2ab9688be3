namespace CodeComplete.Transformer;

/// <summary>
/// Knows which names may be written at a place, so that the model cannot invent one (monitor-guided decoding, arXiv 2306.10763). It
/// constrains characters, not one tokenisation.
/// </summary>
public interface IGuide
{
    /// <summary>
    /// The names of which one is being written at the end of <paramref name="written"/>, or is about to begin there;
    /// <see langword="null"/> where anything goes. The answer depends on <paramref name="written"/> alone. It is asked from one thread at a
    /// time, not always the same one.
    /// </summary>
    /// <param name="written">
    /// What stands after the prompt: <see cref="GenerationRequest.Typed"/> and what the model has written behind it, or would write with
    /// the token in question.
    /// </param>
    Guidance? Next(string written);
}

/// <summary>
/// From <paramref name="Start"/> on, a name out of <paramref name="Names"/> is being written: the characters from there on must begin
/// one of them, or be one and go on with what is no identifier character; the text does not end before one is whole.
/// </summary>
/// <param name="Start">
/// An index into the text asked about; negative where the name begins so many characters before it, in the prompt.
/// </param>
/// <param name="Names">
/// Whole names, as they are written, all that may stand there however much of one is written already. Not changed once handed over; to hand over the same collection again costs nothing, a new one is
/// sorted first.
/// </param>
public sealed record Guidance(int Start, IReadOnlyCollection<string> Names);
