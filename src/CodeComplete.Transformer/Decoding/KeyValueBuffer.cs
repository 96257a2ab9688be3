using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace CodeComplete.Transformer;

/// <summary>
/// Keys and values of every layer, [1, heads, capacity, head size] each, bound as past and present at once: a call writes the new rows
/// behind the old ones, and nothing is copied. On a GPU the buffer lies in the device's memory.
/// </summary>
internal sealed unsafe class KeyValueBuffer : IDisposable
{
    private const int Alignment = 64;

    private readonly List<OrtValue> _values = [];
    private readonly OrtAllocator? _allocator;
    private void* _memory;

    /// <param name="memories">Names of the device's memory, the first that exists is taken; none for the CPU.</param>
    public KeyValueBuffer(
        InferenceSession session,
        OrtIoBinding binding,
        ModelFolder model,
        TensorElementType element,
        int capacity,
        IReadOnlyList<string> memories
    )
    {
        long[] shape = [1, model.KeyValueHeads, capacity, model.HeadSize];
        var bytes = shape.Aggregate(1L, (a, b) => a * b) * (element == TensorElementType.Float16 ? sizeof(ushort) : sizeof(float));
        var stride = (bytes + Alignment - 1) / Alignment * Alignment;
        try
        {
            if (memories.Count == 0)
            {
                // Zeroed pages cost no memory until they are written, so an empty buffer is free however large it may grow.
                _memory = NativeMemory.AllocZeroed((nuint)(stride * 2 * model.Layers + Alignment));
            }
            else
            {
                _allocator = DeviceAllocator(session, memories);
            }

            var start = ((nint)_memory + Alignment - 1) / Alignment * Alignment;
            for (var i = 0; i < 2 * model.Layers; i++)
            {
                var value = _allocator is null
                    ? OrtValue.CreateTensorValueWithData(OrtMemoryInfo.DefaultInstance, element, shape, (nint)(start + i * stride), bytes)
                    : OrtValue.CreateAllocatedTensorValue(_allocator, element, shape);
                _values.Add(value);
                var part = i % 2 == 0 ? "key" : "value";
                binding.BindInput($"past_key_values.{i / 2}.{part}", value);
                binding.BindOutput($"present.{i / 2}.{part}", value);
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    private static OrtAllocator DeviceAllocator(InferenceSession session, IReadOnlyList<string> memories)
    {
        for (var i = 0; ; i++)
        {
            try
            {
                using var memory = new OrtMemoryInfo(memories[i], OrtAllocatorType.DeviceAllocator, 0, OrtMemType.Default);
                return new OrtAllocator(session, memory);
            }
            catch (OnnxRuntimeException) when (i + 1 < memories.Count)
            {
                // A name of another version; try the next.
            }
        }
    }

    public void Dispose()
    {
        foreach (var value in _values)
        {
            value.Dispose();
        }

        _values.Clear();
        _allocator?.Dispose();
        NativeMemory.Free(_memory);
        _memory = null;
    }
}
