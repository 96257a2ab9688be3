using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace CodeComplete.Transformer;

/// <summary>
/// One graph loaded with one provider, and its key/value cache. It runs single calls; what the buffer means is <see cref="Decoder"/>'s
/// affair.
/// </summary>
internal sealed class DecoderSession : IDisposable
{
    private readonly InferenceSession _session;
    private readonly OrtIoBinding _binding;
    private readonly KeyValueCache _cache;
    private readonly bool _halfLogitsComeOut;
    private readonly bool _takesPositions;
    private readonly long[] _ids;
    private readonly long[] _ones;
    private readonly long[] _positions;
    private readonly long[] _keep = [1];
    private readonly OrtValue? _keepValue;
    private float[] _logits;
    private Float16[] _halfLogits = [];

    /// <param name="memories">Names of the device's memory, the first that exists is taken; none for the CPU.</param>
    /// <param name="maxRows">The most tokens in one call.</param>
    /// <exception cref="OnnxRuntimeException">The graph does not load, or the device has no room for it.</exception>
    /// <exception cref="ProviderException">The graph's keys and values cannot lie in the device's memory.</exception>
    public DecoderSession(
        ModelFolder model,
        string graph,
        SessionOptions options,
        IReadOnlyList<string> memories,
        int capacity,
        int maxRows
    )
    {
        Graph = graph;
        Capacity = capacity;
        Vocabulary = model.VocabularySize;
        _session = new InferenceSession(Path.Combine(model.Path, graph), options);
        try
        {
            var caches = model.CachesOf(graph);
            var element = _session.InputMetadata[caches[0].Past].ElementDataType;
            _halfLogitsComeOut = _session.OutputMetadata[ModelFolder.LogitsOutput].ElementDataType == TensorElementType.Float16;
            _takesPositions = _session.InputMetadata.ContainsKey(ModelFolder.Positions);
            _binding = _session.CreateIoBinding();
            var about = model.Graphs[graph];
            if (caches.All(c => about.WritesInPlace(c.Past, c.Present)))
            {
                _cache = new KeyValueBuffer(_session, _binding, caches, element, capacity, memories);
            }
            else if (memories.Count == 0)
            {
                _cache = new GrowingKeyValueCache(_binding, caches, element, capacity);
            }
            else
            {
                throw new ProviderException($"{graph} does not keep its keys and values in one buffer");
            }
        }
        catch
        {
            _binding?.Dispose();
            _session.Dispose();
            throw;
        }

        _ids = new long[maxRows];
        _ones = new long[capacity];
        Array.Fill(_ones, 1);
        _positions = [.. Enumerable.Range(0, capacity).Select(i => (long)i)];
        _logits = new float[Vocabulary];
        if (_session.InputMetadata.ContainsKey(ModelFolder.RowsToKeep))
        {
            _keepValue = OrtValue.CreateTensorValueFromMemory(_keep, [1]);
        }
    }

    public string Graph { get; }

    public int Capacity { get; }

    public int Vocabulary { get; }

    /// <summary>
    /// Reads <paramref name="ids"/> behind the <paramref name="past"/> tokens that the buffer holds; returns the last
    /// <paramref name="keep"/> rows of logits.
    /// </summary>
    /// <exception cref="OperationCanceledException">The call was cut off; the buffer's first <paramref name="past"/> tokens are as before.</exception>
    public ReadOnlySpan<float> Run(scoped ReadOnlySpan<int> ids, int past, int keep, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        for (var i = 0; i < ids.Length; i++)
        {
            _ids[i] = ids[i];
        }

        _keep[0] = keep;
        var rows = _keepValue is null ? ids.Length : keep;
        var total = past + ids.Length;
        using var idValue = OrtValue.CreateTensorValueFromMemory(
            OrtMemoryInfo.DefaultInstance,
            _ids.AsMemory(0, ids.Length),
            [1, ids.Length]
        );
        using var maskValue = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, _ones.AsMemory(0, total), [1, total]);
        using var positionValue = OrtValue.CreateTensorValueFromMemory(
            OrtMemoryInfo.DefaultInstance,
            _positions.AsMemory(past, ids.Length),
            [1, ids.Length]
        );
        using var logitsValue = LogitsValue(rows * Vocabulary, [1, rows, Vocabulary]);
        _binding.BindInput(ModelFolder.Ids, idValue);
        _binding.BindInput(ModelFolder.Mask, maskValue);
        if (_takesPositions)
        {
            _binding.BindInput(ModelFolder.Positions, positionValue);
        }

        if (_keepValue is not null)
        {
            _binding.BindInput(ModelFolder.RowsToKeep, _keepValue);
        }

        _binding.BindOutput(ModelFolder.LogitsOutput, logitsValue);
        _cache.Begin(past, total);

        // A RunOptions once terminated stays so: a fresh one a call.
        using var options = new RunOptions();
        using (cancellation.Register(static o => ((RunOptions)o!).Terminate = true, options))
        {
            try
            {
                _session.RunWithBinding(options, _binding);
            }
            catch (OnnxRuntimeException) when (cancellation.IsCancellationRequested)
            {
                throw new OperationCanceledException(cancellation);
            }
        }

        _cache.Succeeded(total);
        var first = (rows - keep) * Vocabulary;
        var size = keep * Vocabulary;
        if (_halfLogitsComeOut)
        {
            TensorPrimitives.ConvertToSingle(
                MemoryMarshal.Cast<Float16, Half>(_halfLogits.AsSpan(first, size)),
                _logits.AsSpan(first, size)
            );
        }

        return _logits.AsSpan(first, size);
    }

    /// <summary>Has the next call write one more output of the graph, of the call's own shape.</summary>
    public void BindOutput(string name, OrtValue value) => _binding.BindOutput(name, value);

    public void Dispose()
    {
        _keepValue?.Dispose();
        _binding.Dispose();
        _cache.Dispose();
        _session.Dispose();
    }

    /// <summary>Binding the logits to memory of our own spares a copy and an allocation a call.</summary>
    private OrtValue LogitsValue(int size, long[] shape)
    {
        if (_logits.Length < size)
        {
            _logits = new float[size];
        }

        if (!_halfLogitsComeOut)
        {
            return OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, _logits.AsMemory(0, size), shape);
        }

        if (_halfLogits.Length < size)
        {
            _halfLogits = new Float16[size];
        }

        return OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, _halfLogits.AsMemory(0, size), shape);
    }
}
