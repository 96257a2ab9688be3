using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace CodeComplete.Transformer;

/// <summary>
/// One buffer a tensor, as long as the capacity, bound as past and present at once: a call writes the new rows behind the old ones, and
/// nothing is copied. On a GPU the buffer lies in the device's memory.
/// </summary>
internal sealed class KeyValueBuffer : KeyValueCache
{
    private readonly List<OrtValue> _values = [];
    private readonly OrtAllocator? _allocator;

    /// <param name="memories">Names of the device's memory, the first that exists is taken; none for the CPU.</param>
    public KeyValueBuffer(
        InferenceSession session,
        OrtIoBinding binding,
        IReadOnlyList<CacheTensors> caches,
        TensorElementType element,
        int capacity,
        IReadOnlyList<string> memories
    )
    {
        try
        {
            _allocator = memories.Count > 0 ? DeviceAllocator(session, memories) : null;
            var start = _allocator is null ? Allocate(caches.Sum(Stride)) : 0;
            foreach (var cache in caches)
            {
                long[] shape = [1, cache.Heads, capacity, cache.Size];
                var value = _allocator is null
                    ? Tensor(element, shape, start)
                    : OrtValue.CreateAllocatedTensorValue(_allocator, element, shape);
                _values.Add(value);
                start += (nint)Stride(cache);
                binding.BindInput(cache.Past, value);
                binding.BindOutput(cache.Present, value);
            }
        }
        catch
        {
            Dispose();
            throw;
        }

        long Stride(CacheTensors cache) =>
            ((long)cache.Heads * capacity * cache.Size * BytesOf(element) + Alignment - 1) / Alignment * Alignment;
    }

    public override void Begin(int past, int total)
    {
        // The mask's length says how many positions count.
    }

    public override void Succeeded(int total)
    {
        // It has written where it belongs.
    }

    public override void Dispose()
    {
        foreach (var value in _values)
        {
            value.Dispose();
        }

        _values.Clear();
        _allocator?.Dispose();
        base.Dispose();
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
}
