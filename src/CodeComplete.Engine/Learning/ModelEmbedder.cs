using CodeComplete.Engine.Startup;
using CodeComplete.Memory;
using CodeComplete.Transformer;
using Microsoft.Extensions.Logging;

namespace CodeComplete.Engine.Learning;

/// <summary>The model folder's encoder, for the memory.</summary>
internal sealed class ModelEmbedder : IEmbedder, IDisposable
{
    private readonly Encoder _encoder;
    private readonly ILogger _log;
    private int _failed;

    private ModelEmbedder(Encoder encoder, ILogger log) => (_encoder, _log) = (encoder, log);

    // With the encoder's own hash: another one's vectors mean something else, and only they are made again.
    public string Id => "encoder-" + _encoder.Id;

    public int Dimensions => _encoder.Width;

    public bool IsLexical => false;

    /// <summary>The encoder of the model folder; where it has none, or one that does not load, what makes vectors of the words alone.</summary>
    /// <param name="notice">Told in one line what is wrong with an encoder that is there.</param>
    public static IEmbedder Of(EngineSettings settings, Action<Notice> notice, ILogger log)
    {
        try
        {
            var path = ModelLocator.Find(settings.Model);
            if (!Encoder.IsIn(path))
            {
                return new HashingEmbedder();
            }

            var folder = PromptFolder.Open(path);
            try
            {
                return new ModelEmbedder(Encoder.Load(folder, CodeTokenizer.Load(folder)), log);
            }
            catch (ModelException e)
            {
                log.LogWarning(e, "The encoder did not load");
                notice(new Notice(NoticeLevel.Warning, $"{e.Message} Until then code that is alike is found by its words alone."));
            }
        }
        catch (ModelException e)
        {
            // Whoever loads the model says what is wrong with its folder.
            log.LogInformation(e, "There is no encoder");
        }

        return new HashingEmbedder();
    }

    public void Embed(IReadOnlyList<string> texts, EmbeddedKind kind, Span<float> vectors, CancellationToken cancellation)
    {
        try
        {
            _encoder.Embed(texts, kind == EmbeddedKind.Query, vectors, cancellation);
        }
        catch (Exception e) when (kind == EmbeddedKind.Query && e is ModelException or ObjectDisposedException)
        {
            // A query without a vector finds nothing by it, and what the other sources find is recalled. (A request may outlive the engine.)
            if (Interlocked.Exchange(ref _failed, 1) == 0)
            {
                _log.LogWarning(e, "A query could not be embedded");
            }

            vectors.Clear();
        }
    }

    public void Dispose() => _encoder.Dispose();
}
