using CodeComplete.Transformer;

namespace CodeComplete.Engine.Chain;

/// <summary>The decoder of this process, asked in turn: ghost text and the list's scores share its one key/value cache.</summary>
internal sealed class QueuedGenerator(Generator generator, DecoderQueue queue) : IGenerator
{
    public bool IsGuided => true;

    public Task<Generation> GenerateAsync(GenerationRequest request, CancellationToken cancellation) =>
        queue.RunAsync(() => generator.Generate(request, cancellation), cancellation);
}
