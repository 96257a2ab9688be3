namespace CodeComplete.Transformer;

/// <summary>Writes text behind a prompt: a decoder in this process, or a server that the user names.</summary>
public interface IGenerator
{
    /// <summary>
    /// It heeds <see cref="GenerationRequest.Guide"/>. One that does not writes the same again however the guide has changed meanwhile.
    /// </summary>
    bool IsGuided { get; }

    /// <summary>Writes what comes after the prompt.</summary>
    /// <exception cref="InvalidOperationException">The prompt does not fit the decoder's buffer.</exception>
    /// <exception cref="RemoteException">The server does not answer, or not with a completion.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled.</exception>
    Task<Generation> GenerateAsync(GenerationRequest request, CancellationToken cancellation);
}
