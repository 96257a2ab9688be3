namespace CodeComplete.Memory;

/// <summary>Makes vectors of code, so that code about the same things lies near each other.</summary>
public interface IEmbedder
{
    /// <summary>Names the way the vectors are made, version included. Vectors of different ids are not compared.</summary>
    string Id { get; }

    /// <summary>The length of a vector; a multiple of 32.</summary>
    int Dimensions { get; }

    /// <summary>
    /// Whether near means no more than having words in common, which is what BM25 says already: such vectors have a smaller vote in recall.
    /// </summary>
    bool IsLexical { get; }

    /// <summary>Embeds some texts at once. Called from any threads, also from several at once.</summary>
    /// <param name="texts">Pieces of code.</param>
    /// <param name="kind">What they all are.</param>
    /// <param name="vectors">
    /// Filled: <c>texts.Count x Dimensions</c>, row by row. Each row has length one, or is all zeros where the text has nothing to go by.
    /// </param>
    /// <exception cref="OperationCanceledException">Cancelled; what is in <paramref name="vectors"/> then means nothing.</exception>
    void Embed(IReadOnlyList<string> texts, EmbeddedKind kind, Span<float> vectors, CancellationToken cancellation);
}

/// <summary>What a vector is made for: the two kinds are compared with each other.</summary>
public enum EmbeddedKind
{
    /// <summary>Whole lines of a file, to be found.</summary>
    Snippet,

    /// <summary>The code before a cursor, to find with; its end counts the most.</summary>
    Query,
}
