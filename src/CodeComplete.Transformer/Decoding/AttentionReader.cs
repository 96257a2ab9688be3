using System.Numerics.Tensors;
using Microsoft.ML.OnnxRuntime;

namespace CodeComplete.Transformer;

/// <summary>
/// Where the model looks while it writes a text behind a prompt: read with <c>model.explain.onnx</c>, which shares the other graphs' weight files and gives
/// the attention of every layer besides. A second session of the model, so for the one who asks why, on the CPU, and disposed when that is told.
/// </summary>
public sealed class AttentionReader : IDisposable
{
    /// <summary>The graph gives the attention of all its layers, [heads, rows, positions] each, whether they are asked for or not: few rows, little memory.</summary>
    private const int Rows = 32;

    private readonly DecoderSession _session;
    private readonly CodeTokenizer _tokenizer;
    private readonly List<AttentionOutput> _layers;

    private AttentionReader(DecoderSession session, CodeTokenizer tokenizer, List<AttentionOutput> layers) =>
        (_session, _tokenizer, _layers) = (session, tokenizer, layers);

    /// <exception cref="ModelException">The graph is missing, broken, or does not fit its folder.</exception>
    public static AttentionReader Load(ModelFolder model, CodeTokenizer tokenizer, DecoderOptions options)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentNullException.ThrowIfNull(options);
        var folder = model.WithExplainGraph();
        var session = SessionLoader.LoadOnCpu(
            Path.Combine(model.Path, ModelFolder.ExplainGraph),
            _ =>
            {
                using var session = SessionLoader.Options(options.ThreadsOrDefault, ExecutionProvider.OfCpu);
                return new DecoderSession(folder, ModelFolder.ExplainGraph, session, [], Decoder.CapacityOf(model, options), Rows);
            }
        );
        return new AttentionReader(
            session,
            tokenizer,
            [.. folder.AttentionHeads.Index().Select(static l => new AttentionOutput(l.Index, l.Item))]
        );
    }

    /// <summary>
    /// The attention of each layer to each token of the prompt: the mean over the layer's heads and over the places from which the text's tokens are chosen,
    /// each of which sees what is before it alone: the prompt's last token for the first, the text's tokens but the last for the others. Tokens that spell
    /// what was typed alone choose nothing. A layer's numbers and what goes to the text's own tokens, which is left out, add up to 1.
    /// </summary>
    /// <param name="typed">As in <see cref="GenerationRequest.Typed"/>.</param>
    /// <param name="text">Not empty.</param>
    /// <returns>By layer, from the first, then by token of the prompt.</returns>
    /// <exception cref="InvalidOperationException">Prompt and text have more tokens than the model's budget.</exception>
    /// <exception cref="ModelException">The graph does not run.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled.</exception>
    public IReadOnlyList<float[]> Read(IReadOnlyList<int> prompt, string typed, string text, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        ArgumentNullException.ThrowIfNull(typed);
        ArgumentException.ThrowIfNullOrEmpty(text);
        ArgumentOutOfRangeException.ThrowIfZero(prompt.Count, nameof(prompt));
        var written = _tokenizer.Encode(typed + text);
        int[] ids = [.. prompt, .. written.Take(written.Count - 1)];
        if (ids.Length > _session.Capacity)
        {
            throw new InvalidOperationException(
                $"Prompt and text have {ids.Length} tokens, and the buffer holds {_session.Capacity}: shorten the prompt."
            );
        }

        var first = prompt.Count - 1 + Spelled(written, typed);
        var sums = _layers.Select(_ => new float[prompt.Count]).ToList();
        for (var read = 0; read < ids.Length; )
        {
            // A row alone is computed with other kernels than rows together (Decoder).
            var rows = Math.Min(Rows, ids.Length - read);
            rows = ids.Length - read - rows == 1 ? rows - 1 : rows;
            Run(ids.AsSpan(read, rows), read, cancellation);
            foreach (var (layer, sum) in _layers.Zip(sums))
            {
                for (var row = Math.Max(first, read); row < read + rows; row++)
                {
                    layer.AddRow(row - read, rows, read + rows, sum);
                }
            }

            read += rows;
        }

        foreach (var (layer, sum) in _layers.Zip(sums))
        {
            TensorPrimitives.Divide(sum, layer.Heads * (ids.Length - first), sum);
        }

        return sums;
    }

    public void Dispose()
    {
        _session.Dispose();
        foreach (var layer in _layers)
        {
            layer.Dispose();
        }
    }

    private void Run(ReadOnlySpan<int> ids, int past, CancellationToken cancellation)
    {
        foreach (var layer in _layers)
        {
            _session.BindOutput(layer.Name, layer.For(ids.Length, past + ids.Length));
        }

        try
        {
            _session.Run(ids, past, keep: 1, cancellation);
        }
        catch (OnnxRuntimeException e)
        {
            throw new ModelException(
                $"'{_session.Graph}' does not run ({SessionLoader.OneLine(e.Message)}): copy the whole model folder again.",
                e
            );
        }
    }

    /// <summary>How many of the tokens spell typed text alone.</summary>
    private int Spelled(IReadOnlyList<int> tokens, string typed)
    {
        var left = System.Text.Encoding.UTF8.GetByteCount(typed);
        var count = 0;
        while (count < tokens.Count - 1 && left >= _tokenizer.BytesOf(tokens[count]).Length)
        {
            left -= _tokenizer.BytesOf(tokens[count]).Length;
            count++;
        }

        return count;
    }
}
