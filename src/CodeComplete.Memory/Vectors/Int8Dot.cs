using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace CodeComplete.Memory.Vectors;

/// <summary>
/// The exact dot product of int8 vectors. <see cref="TensorPrimitives.Dot{T}"/> multiplies and adds in the vectors' own type, which overflows
/// for bytes, and has no form that widens; so the query is widened once, and the stored bytes as they are read.
/// </summary>
internal static class Int8Dot
{
    /// <summary>A vector's length is a multiple of this.</summary>
    public const int Step = 32;

    /// <param name="query">Widened; -127 to 127.</param>
    /// <param name="vector">As long; -127 to 127.</param>
    public static int Dot(ReadOnlySpan<short> query, ReadOnlySpan<sbyte> vector)
    {
        if (Avx512BW.IsSupported)
        {
            return Avx512(query, vector);
        }

        return Avx2.IsSupported ? Avx256(query, vector) : Portable(query, vector);
    }

    /// <summary>What the others are checked against.</summary>
    public static int Reference(ReadOnlySpan<short> query, ReadOnlySpan<sbyte> vector)
    {
        var (left, right) = (new int[query.Length], new int[vector.Length]);
        TensorPrimitives.ConvertTruncating<short, int>(query, left);
        TensorPrimitives.ConvertTruncating<sbyte, int>(vector, right);
        return TensorPrimitives.Dot<int>(left, right);
    }

    public static int Avx512(ReadOnlySpan<short> query, ReadOnlySpan<sbyte> vector)
    {
        ref var q = ref MemoryMarshal.GetReference(query);
        ref var v = ref MemoryMarshal.GetReference(vector);
        var sum = Vector512<int>.Zero;
        for (nuint i = 0; i < (nuint)vector.Length; i += Step)
        {
            var wide = Avx512BW.ConvertToVector512Int16(Vector256.LoadUnsafe(ref v, i));
            sum += Avx512BW.MultiplyAddAdjacent(wide, Vector512.LoadUnsafe(ref q, i));
        }

        return Vector512.Sum(sum);
    }

    public static int Avx256(ReadOnlySpan<short> query, ReadOnlySpan<sbyte> vector)
    {
        ref var q = ref MemoryMarshal.GetReference(query);
        ref var v = ref MemoryMarshal.GetReference(vector);
        Vector256<int> even = default,
            odd = default;
        for (nuint i = 0; i < (nuint)vector.Length; i += Step)
        {
            var low = Avx2.ConvertToVector256Int16(Vector128.LoadUnsafe(ref v, i));
            var high = Avx2.ConvertToVector256Int16(Vector128.LoadUnsafe(ref v, i + 16));
            even += Avx2.MultiplyAddAdjacent(low, Vector256.LoadUnsafe(ref q, i));
            odd += Avx2.MultiplyAddAdjacent(high, Vector256.LoadUnsafe(ref q, i + 16));
        }

        return Vector256.Sum(even + odd);
    }

    /// <summary>For any processor. Two products of at most 127 x 127 fit into 16 bits; then they are widened.</summary>
    public static int Portable(ReadOnlySpan<short> query, ReadOnlySpan<sbyte> vector)
    {
        ref var q = ref MemoryMarshal.GetReference(query);
        ref var v = ref MemoryMarshal.GetReference(vector);
        var sum = Vector128<int>.Zero;
        for (nuint i = 0; i < (nuint)vector.Length; i += 16)
        {
            var (low, high) = Vector128.Widen(Vector128.LoadUnsafe(ref v, i));
            var pairs = low * Vector128.LoadUnsafe(ref q, i) + high * Vector128.LoadUnsafe(ref q, i + 8);
            var (left, right) = Vector128.Widen(pairs);
            sum += left + right;
        }

        return Vector128.Sum(sum);
    }
}
