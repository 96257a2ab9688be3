using System.Runtime.InteropServices;

namespace CodeComplete.Transformer;

/// <summary>
/// A model that has read some tokens. Reading more costs only the new ones; taking back costs nothing. A row's logits depend on the
/// tokens before it alone, bit for bit, however the reading was cut into calls. For one caller at a time: a second one at the same time
/// gets an <see cref="InvalidOperationException"/>.
/// </summary>
public sealed class Decoder : IDisposable
{
    /// <summary>Tokens a call: long enough for the matrix kernels, short enough that a cancel takes effect soon.</summary>
    public const int ChunkSize = 128;

    /// <summary>The self-test's prompts must fit.</summary>
    private const int SmallestCapacity = 32;

    private readonly DecoderSession _session;
    private readonly List<int> _tokens = [];
    private readonly Lock _gate = new();
    private bool _disposed;

    private Decoder(LoadedSession loaded)
    {
        _session = loaded.Session;
        Provider = loaded.Provider;
        Message = loaded.Message;
    }

    /// <summary>The provider that computes: directml, webgpu, cuda or cpu.</summary>
    public string Provider { get; }

    /// <summary>The file name of the graph in use.</summary>
    public string Graph => _session.Graph;

    /// <summary>One line where the asked provider did not load or failed its self-test, so that the CPU is used.</summary>
    public string? Message { get; }

    /// <summary>Tokens in the buffer.</summary>
    public int Length => _tokens.Count;

    /// <summary>Tokens for which the buffer has room.</summary>
    public int Capacity => _session.Capacity;

    /// <summary>Logits a row.</summary>
    public int VocabularySize => _session.Vocabulary;

    /// <summary>The ids in the buffer. A view: it changes with the next call.</summary>
    public IReadOnlyList<int> Tokens => _tokens;

    /// <summary>For tests: told after each chunk how many tokens the buffer holds.</summary>
    internal Action<int>? ChunkRead { get; set; }

    /// <summary>For tests: told before each chunk.</summary>
    internal Action? ChunkStarting { get; set; }

    /// <exception cref="ModelException">The model does not load.</exception>
    public static Decoder Load(ModelFolder model, CodeTokenizer tokenizer, DecoderOptions options)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentNullException.ThrowIfNull(options);
        return new Decoder(SessionLoader.Load(model, tokenizer, options, CapacityOf(model, options)));
    }

    /// <summary>Positions that a session of a model is made for.</summary>
    internal static int CapacityOf(ModelFolder model, DecoderOptions options)
    {
        var wanted = options.MaxPositions > 0 ? Math.Max(options.MaxPositions, SmallestCapacity) : model.Prompt.MaxTokens;
        return Math.Min(wanted, model.MaxPositions);
    }

    /// <summary>
    /// Reads <paramref name="ids"/> behind what the buffer holds and returns the logits of the last <paramref name="keep"/> of them.
    /// </summary>
    /// <param name="keep">1 to <see cref="ChunkSize"/>, and no more than there are ids.</param>
    /// <exception cref="InvalidOperationException">The buffer has no room for them, or another caller is reading.</exception>
    /// <exception cref="OperationCanceledException">
    /// Cancelled: the buffer then holds the chunks that were read before, and <see cref="Length"/> counts them.
    /// </exception>
    public Logits Read(scoped ReadOnlySpan<int> ids, int keep, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(keep, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(keep, Math.Min(ids.Length, ChunkSize));
        Enter();
        try
        {
            if (Length + ids.Length > Capacity)
            {
                throw new InvalidOperationException(
                    $"The buffer holds {Length} of {Capacity} tokens, so {ids.Length} more do not fit: shorten the prompt."
                );
            }

            foreach (var id in ids)
            {
                ArgumentOutOfRangeException.ThrowIfNegative(id, nameof(ids));
                ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(id, _session.Vocabulary, nameof(ids));
            }

            while (true)
            {
                // The rows to keep must all be in the last chunk.
                var last = ids.Length <= ChunkSize;
                var chunk = last ? ids : ids[..Math.Min(ChunkSize, ids.Length - keep)];
                ChunkStarting?.Invoke();
                var logits = Run(chunk, last ? keep : 1, cancellation);
                _tokens.AddRange(chunk);
                ChunkRead?.Invoke(Length);
                if (last)
                {
                    return new Logits(logits, _session.Vocabulary);
                }

                ids = ids[chunk.Length..];
            }
        }
        finally
        {
            _gate.Exit();
        }
    }

    /// <summary>Keeps the first <paramref name="length"/> tokens. The buffer is not touched: what comes next writes over the rest.</summary>
    public void TakeBack(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Enter();
        try
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Length);
            CollectionsMarshal.SetCount(_tokens, length);
        }
        finally
        {
            _gate.Exit();
        }
    }

    /// <summary>Keeps what the buffer shares with the beginning of <paramref name="prompt"/>; returns how many tokens that are.</summary>
    public int Reuse(ReadOnlySpan<int> prompt)
    {
        Enter();
        try
        {
            var common = CollectionsMarshal.AsSpan(_tokens).CommonPrefixLength(prompt);
            CollectionsMarshal.SetCount(_tokens, common);
            return common;
        }
        finally
        {
            _gate.Exit();
        }
    }

    /// <summary>Runs a chunk and a single token, so that the first request does not pay for the runtime's first allocations.</summary>
    public void WarmUp()
    {
        if (Length > 0)
        {
            return; // it has worked already
        }

        Read(new int[Math.Min(ChunkSize, Capacity - 1)], 1, CancellationToken.None);
        Read([0], 1, CancellationToken.None);
        TakeBack(0);
    }

    /// <summary>Waits for a call under way, then frees the model.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (!_disposed)
            {
                _disposed = true;
                _session.Dispose();
            }
        }
    }

    /// <summary>
    /// ONNX Runtime computes a row alone with other kernels than rows together, whose sums round differently, and where activations are
    /// 8-bit one rounding may move a logit by 1. So a single token is read together with the one before it, which writes the same keys and
    /// values again: some 4 % slower, and a drafted token's logits are those of the same token written without a draft.
    /// </summary>
    private ReadOnlySpan<float> Run(scoped ReadOnlySpan<int> ids, int keep, CancellationToken cancellation)
    {
        if (ids.Length > 1)
        {
            return _session.Run(ids, Length, keep, cancellation);
        }

        return Length > 0
            ? _session.Run([_tokens[^1], ids[0]], Length - 1, keep: 1, cancellation)
            : _session.Run([ids[0], ids[0]], 0, keep: 2, cancellation)[.._session.Vocabulary];
    }

    private void Enter()
    {
        if (!_gate.TryEnter())
        {
            throw new InvalidOperationException(
                "A decoder serves one caller at a time: wait for the other call, or load a second decoder."
            );
        }

        if (_disposed)
        {
            _gate.Exit();
            throw new ObjectDisposedException(nameof(Decoder));
        }
    }
}
