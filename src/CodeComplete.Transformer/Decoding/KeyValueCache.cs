using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace CodeComplete.Transformer;

/// <summary>
/// Keys and values of every layer, [1, heads, positions, head size] each, bound to a session's past and present. How they lie in memory is
/// the graph's affair: <see cref="KeyValueBuffer"/> where it writes behind what stands there, <see cref="GrowingKeyValueCache"/> where
/// not.
/// </summary>
internal abstract unsafe class KeyValueCache : IDisposable
{
    protected const int Alignment = 64;

    private readonly List<nint> _memory = [];

    /// <summary>Before a call that reads behind the first <paramref name="past"/> positions and leaves <paramref name="total"/>.</summary>
    /// <param name="past">No more than the last call that succeeded left.</param>
    public abstract void Begin(int past, int total);

    /// <summary>After a call that succeeded. One that did not leaves the first positions as they were.</summary>
    public abstract void Succeeded(int total);

    public virtual void Dispose()
    {
        foreach (var memory in _memory)
        {
            NativeMemory.Free((void*)memory);
        }

        _memory.Clear();
    }

    protected static int BytesOf(TensorElementType element) => element == TensorElementType.Float16 ? sizeof(ushort) : sizeof(float);

    /// <summary>Memory that begins at a multiple of <see cref="Alignment"/>. Zeroed pages cost nothing until they are written.</summary>
    protected nint Allocate(long bytes)
    {
        var memory = (nint)NativeMemory.AllocZeroed((nuint)(bytes + Alignment));
        _memory.Add(memory);
        return (memory + Alignment - 1) / Alignment * Alignment;
    }

    protected static OrtValue Tensor(TensorElementType element, long[] shape, nint memory) =>
        OrtValue.CreateTensorValueWithData(
            OrtMemoryInfo.DefaultInstance,
            element,
            shape,
            memory,
            shape.Aggregate(1L, (a, b) => a * b) * BytesOf(element)
        );
}
