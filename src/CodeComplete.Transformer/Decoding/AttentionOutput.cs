using System.Globalization;
using System.Numerics.Tensors;
using Microsoft.ML.OnnxRuntime;

namespace CodeComplete.Transformer;

/// <summary>Where a layer's attention is written to, call after call: [1, heads, rows, positions], after the softmax.</summary>
internal sealed class AttentionOutput(int layer, int heads) : IDisposable
{
    private float[] _weights = [];
    private OrtValue? _value;

    public string Name { get; } = NameOf(layer);

    public int Heads => heads;

    public static string NameOf(int layer) => string.Create(CultureInfo.InvariantCulture, $"attention.{layer}");

    /// <summary>Room for a call; what the call before left is gone.</summary>
    public OrtValue For(int rows, int positions)
    {
        var size = heads * rows * positions;
        if (_weights.Length < size)
        {
            _weights = new float[size];
        }

        _value?.Dispose();
        return _value = OrtValue.CreateTensorValueFromMemory(
            OrtMemoryInfo.DefaultInstance,
            _weights.AsMemory(0, size),
            [1, heads, rows, positions]
        );
    }

    /// <summary>Adds what all heads give from a row to the first positions.</summary>
    /// <param name="rows">Of the call, as in <see cref="For"/>.</param>
    /// <param name="positions">As in <see cref="For"/>.</param>
    /// <param name="sum">So many of the positions.</param>
    public void AddRow(int row, int rows, int positions, Span<float> sum)
    {
        for (var head = 0; head < heads; head++)
        {
            var from = _weights.AsSpan(((head * rows) + row) * positions, sum.Length);
            TensorPrimitives.Add(sum, from, sum);
        }
    }

    public void Dispose() => _value?.Dispose();
}
