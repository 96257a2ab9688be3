using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace CodeComplete.Transformer;

/// <summary>
/// One graph loaded with one provider, and its key/value buffer. It runs single calls; what the buffer means is <see cref="Decoder"/>'s
/// affair.
/// </summary>
internal sealed class DecoderSession : IDisposable
{
    private readonly InferenceSession _session;
    private readonly OrtIoBinding _binding;
    private readonly KeyValueBuffer _buffer;
    private readonly bool _half;
    private readonly long[] _ids;
    private readonly long[] _ones;
    private readonly long[] _keep = [1];
    private readonly OrtValue _keepValue;
    private float[] _logits;
    private Float16[] _halfLogits = [];

    /// <param name="memories">Names of the device's memory, the first that exists is taken; none for the CPU.</param>
    /// <param name="maxRows">The most tokens in one call.</param>
    /// <exception cref="OnnxRuntimeException">The graph does not load, or the device has no room for it.</exception>
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
            _half = _session.InputMetadata["past_key_values.0.key"].ElementDataType == TensorElementType.Float16;
            _binding = _session.CreateIoBinding();
            var element = _half ? TensorElementType.Float16 : TensorElementType.Float;
            _buffer = new KeyValueBuffer(_session, _binding, model, element, capacity, memories);
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
        _logits = new float[Vocabulary];
        _keepValue = OrtValue.CreateTensorValueFromMemory(_keep, [1]);
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
        var size = keep * Vocabulary;
        var total = past + ids.Length;
        using var idValue = OrtValue.CreateTensorValueFromMemory(
            OrtMemoryInfo.DefaultInstance,
            _ids.AsMemory(0, ids.Length),
            [1, ids.Length]
        );
        using var maskValue = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, _ones.AsMemory(0, total), [1, total]);
        using var logitsValue = LogitsValue(size, [1, keep, Vocabulary]);
        _binding.BindInput("input_ids", idValue);
        _binding.BindInput("attention_mask", maskValue);
        _binding.BindInput("num_logits_to_keep", _keepValue);
        _binding.BindOutput("logits", logitsValue);

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

        if (_half)
        {
            TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<Float16, Half>(_halfLogits.AsSpan(0, size)), _logits);
        }

        return _logits.AsSpan(0, size);
    }

    public void Dispose()
    {
        _keepValue.Dispose();
        _binding.Dispose();
        _buffer.Dispose();
        _session.Dispose();
    }

    /// <summary>Binding the logits to memory of our own spares a copy and an allocation a call.</summary>
    private OrtValue LogitsValue(int size, long[] shape)
    {
        if (_logits.Length < size)
        {
            _logits = new float[size];
        }

        if (!_half)
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
