namespace CodeComplete.Memory;

/// <summary>Makes vectors of code, so that code about the same things lies near each other.</summary>
public interface IEmbedder
{
    /// <summary>Names the way the vectors are made, version included. Vectors of different ids are not compared.</summary>
    string Id { get; }

    /// <summary>The length of a vector; a multiple of 32.</summary>
    int Dimensions { get; }

    /// <summary>Embeds some texts at once. Called from background threads, one call at a time.</summary>
    /// <param name="texts">Pieces of code, whole lines each.</param>
    /// <param name="vectors">
    /// Filled: <c>texts.Count x Dimensions</c>, row by row. Each row has length one, or is all zeros where the text has nothing to go by.
    /// </param>
    /// <exception cref="OperationCanceledException">Cancelled; what is in <paramref name="vectors"/> then means nothing.</exception>
    void Embed(IReadOnlyList<string> texts, Span<float> vectors, CancellationToken cancellation);
}
