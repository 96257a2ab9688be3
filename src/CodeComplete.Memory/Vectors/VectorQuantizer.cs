using System.Numerics.Tensors;

namespace CodeComplete.Memory.Vectors;

/// <summary>One byte a dimension instead of four; the order of neighbours hardly changes.</summary>
internal static class VectorQuantizer
{
    /// <summary>What 1 becomes. -128 is never used, so that two products fit into 16 bits (<see cref="Int8Dot"/>).</summary>
    public const sbyte Scale = 127;

    /// <summary>Components of unit vectors, -1 to 1, to -127 to 127; what lies outside is cut off, and what is no number becomes 0.</summary>
    /// <param name="quantized">As long as <paramref name="vectors"/>.</param>
    public static void Quantize(ReadOnlySpan<float> vectors, Span<sbyte> quantized)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(quantized.Length, vectors.Length, nameof(quantized));
        Span<float> scaled = stackalloc float[256];
        for (var at = 0; at < vectors.Length; at += scaled.Length)
        {
            var part = scaled[..Math.Min(scaled.Length, vectors.Length - at)];
            TensorPrimitives.Multiply(vectors.Slice(at, part.Length), Scale, part);
            TensorPrimitives.Round(part, part);
            TensorPrimitives.Clamp(part, -Scale, Scale, part);
            TensorPrimitives.ConvertSaturating<float, sbyte>(part, quantized.Slice(at, part.Length));
        }
    }
}
