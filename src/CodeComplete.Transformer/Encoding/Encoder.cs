using Microsoft.ML.OnnxRuntime;

namespace CodeComplete.Transformer;

/// <summary>
/// Code to vectors, so that code which helps to go on lies near what it helps (trained by InfoNCE, arXiv 1807.03748; <c>models/training</c>). A snippet
/// is read from its beginning; a query, which is the code before a cursor, from its end, and what stands near the cursor counts more. For any
/// number of threads, until it is disposed.
/// </summary>
public sealed class Encoder : IDisposable
{
    /// <summary>Texts a call: a cancel takes effect between two, and one of eight costs no more a text than one of sixty-four.</summary>
    private const int BatchSize = 8;

    private readonly EncoderFolder _folder;
    private readonly CodeTokenizer _tokenizer;
    private readonly InferenceSession _session;

    // Run may be called by many at once, Dispose only when none is inside.
    private readonly ReaderWriterLockSlim _use = new();
    private bool _disposed;

    private Encoder(EncoderFolder folder, CodeTokenizer tokenizer, InferenceSession session) =>
        (_folder, _tokenizer, _session) = (folder, tokenizer, session);

    /// <summary>Names the vectors: another encoder's, or another version's, are not comparable. 16 hexadecimal digits.</summary>
    public string Id => _folder.Id;

    /// <summary>Numbers in a vector.</summary>
    public int Width => _folder.Width;

    /// <summary>Whether a model folder has an encoder, whole or not.</summary>
    public static bool IsIn(string folder) =>
        File.Exists(Path.Combine(folder, EncoderFolder.Graph)) || File.Exists(Path.Combine(folder, EncoderFolder.About));

    /// <summary>Loads the folder's encoder for the CPU, with one thread, and tries it.</summary>
    /// <param name="tokenizer">The folder's own.</param>
    /// <exception cref="ModelException">A file of the encoder is missing, broken, or does not fit the others.</exception>
    public static Encoder Load(PromptFolder folder, CodeTokenizer tokenizer)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(tokenizer);
        var files = EncoderFolder.Open(folder);
        var session = SessionLoader.LoadOnCpu(
            files.Path,
            static path =>
            {
                using var options = SessionLoader.Options(threads: 1, ExecutionProvider.OfCpu);
                return new InferenceSession(path, options);
            }
        );
        var encoder = new Encoder(files, tokenizer, session);
        try
        {
            // The first call makes what the later ones use; and a graph that computes nonsense is found out here.
            var tried = new float[files.Width];
            encoder.Embed(["public int Count => _items.Count;"], areQueries: false, tried, CancellationToken.None);
            return Math.Abs(tried.Sum(static x => x * x) - 1) < 1e-2
                ? encoder
                : throw new ModelException($"'{files.Path}' is damaged, its vectors are not of length one: copy it again.");
        }
        catch
        {
            encoder.Dispose();
            throw;
        }
    }

    /// <summary>Embeds texts; each one's vector is the same alone and among others, up to rounding.</summary>
    /// <param name="areQueries">They are code before a cursor, and not snippets of files.</param>
    /// <param name="vectors"><c>texts.Count x</c> <see cref="Width"/>, row by row: length one, or zeros where a text has no word.</param>
    /// <exception cref="ModelException">The graph does not run.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled.</exception>
    public void Embed(IReadOnlyList<string> texts, bool areQueries, Span<float> vectors, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(texts);
        ArgumentOutOfRangeException.ThrowIfNotEqual(vectors.Length, texts.Count * Width, nameof(vectors));
        var read = texts.Select((text, at) => (At: at, Ids: Read(text, areQueries))).ToList();

        // Texts of about the same length go together: a row costs as much as the longest one beside it.
        read.Sort(static (x, y) => x.Ids.Length.CompareTo(y.Ids.Length));
        foreach (var batch in read.Chunk(BatchSize))
        {
            cancellation.ThrowIfCancellationRequested();
            Embed(batch, areQueries, vectors);
        }
    }

    /// <summary>Waits for calls under way, then frees the model.</summary>
    public void Dispose()
    {
        _use.EnterWriteLock();
        try
        {
            if (!_disposed)
            {
                _disposed = true;
                _session.Dispose();
            }
        }
        finally
        {
            _use.ExitWriteLock();
        }
    }

    private int[] Read(string text, bool isQuery)
    {
        int[] ids = [.. _tokenizer.Encode(text).Where(id => !_folder.LeftOut.Contains(id))];
        return ids.Length <= _folder.Tokens ? ids
            : isQuery ? ids[^_folder.Tokens..]
            : ids[.._folder.Tokens];
    }

    private void Embed((int At, int[] Ids)[] batch, bool areQueries, Span<float> vectors)
    {
        var longest = batch[^1].Ids.Length;
        if (longest == 0)
        {
            foreach (var (at, _) in batch)
            {
                vectors.Slice(at * Width, Width).Clear();
            }

            return;
        }

        var ids = new long[batch.Length * longest];
        var weights = new float[ids.Length];
        for (var row = 0; row < batch.Length; row++)
        {
            var read = batch[row].Ids;
            for (var i = 0; i < read.Length; i++)
            {
                ids[(row * longest) + i] = read[i];
                weights[(row * longest) + i] = areQueries ? _folder.QueryWeights[read.Length - 1 - i] : 1;
            }
        }

        var made = Run(ids, weights, [batch.Length, longest]);
        for (var row = 0; row < batch.Length; row++)
        {
            made.AsSpan(row * Width, Width).CopyTo(vectors.Slice(batch[row].At * Width, Width));
        }
    }

    private float[] Run(long[] ids, float[] weights, long[] shape)
    {
        var made = new float[(int)shape[0] * Width];
        _use.EnterReadLock();
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            using var idValue = OrtValue.CreateTensorValueFromMemory(ids, shape);
            using var weightValue = OrtValue.CreateTensorValueFromMemory(weights, shape);
            using var vectorValue = OrtValue.CreateTensorValueFromMemory(made, [shape[0], Width]);
            using var options = new RunOptions();
            _session.Run(
                options,
                [EncoderFolder.Ids, EncoderFolder.Weights],
                [idValue, weightValue],
                [EncoderFolder.Embedding],
                [vectorValue]
            );
            return made;
        }
        catch (OnnxRuntimeException e)
        {
            throw new ModelException(
                $"'{_folder.Path}' does not run ({SessionLoader.OneLine(e.Message)}): copy the whole model folder again.",
                e
            );
        }
        finally
        {
            _use.ExitReadLock();
        }
    }
}
