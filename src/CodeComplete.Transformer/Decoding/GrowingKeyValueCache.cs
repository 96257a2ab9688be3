using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace CodeComplete.Transformer;

/// <summary>
/// For graphs that give past and new rows joined, in a tensor of its own that is longer than the past: two memories take turns, each call
/// reads one and writes the other. To take tokens back, each head's rows are moved together. In the processor's memory alone.
/// </summary>
internal sealed unsafe class GrowingKeyValueCache : KeyValueCache
{
    private readonly OrtIoBinding _binding;
    private readonly IReadOnlyList<CacheTensors> _caches;
    private readonly TensorElementType _element;
    private readonly List<OrtValue> _bound = [];
    private readonly nint[] _past;
    private readonly nint[] _present;
    private int _held;

    public GrowingKeyValueCache(OrtIoBinding binding, IReadOnlyList<CacheTensors> caches, TensorElementType element, int capacity)
    {
        _binding = binding;
        _caches = caches;
        _element = element;
        _past = [.. caches.Select(c => Allocate(RowBytes(c) * c.Heads * capacity))];
        _present = [.. caches.Select(c => Allocate(RowBytes(c) * c.Heads * capacity))];
    }

    public override void Begin(int past, int total)
    {
        Unbind();
        for (var i = 0; i < _caches.Count; i++)
        {
            var cache = _caches[i];
            Shorten(_past[i], cache, past);
            Bind(_binding.BindInput, cache.Past, [1, cache.Heads, past, cache.Size], _past[i]);
            Bind(_binding.BindOutput, cache.Present, [1, cache.Heads, total, cache.Size], _present[i]);
        }

        _held = past;
    }

    public override void Succeeded(int total)
    {
        for (var i = 0; i < _caches.Count; i++)
        {
            (_past[i], _present[i]) = (_present[i], _past[i]);
        }

        _held = total;
    }

    public override void Dispose()
    {
        Unbind();
        base.Dispose();
    }

    private void Bind(Action<string, OrtValue> bind, string name, long[] shape, nint memory)
    {
        var value = Tensor(_element, shape, memory);
        _bound.Add(value);
        bind(name, value);
    }

    private void Unbind()
    {
        foreach (var value in _bound)
        {
            value.Dispose();
        }

        _bound.Clear();
    }

    /// <summary>Moves the heads together, each with its first rows. What is written lies before what is still to be read.</summary>
    private void Shorten(nint memory, CacheTensors cache, int rows)
    {
        var row = RowBytes(cache);
        for (var head = 1; head < cache.Heads && rows < _held; head++)
        {
            var bytes = rows * row;
            Buffer.MemoryCopy((void*)(memory + head * _held * row), (void*)(memory + head * bytes), bytes, bytes);
        }
    }

    private long RowBytes(CacheTensors cache) => (long)cache.Size * BytesOf(_element);
}
