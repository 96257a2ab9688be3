using System.Numerics.Tensors;

namespace CodeComplete.Transformer;

/// <summary>Probabilities from logits, without overflow.</summary>
internal static class Softmax
{
    /// <summary>The logarithm of the sum of the logits' exponentials: a logit less this is a log-probability.</summary>
    /// <param name="scratch">Room for as many numbers.</param>
    public static double LogSum(ReadOnlySpan<float> logits, Span<float> scratch)
    {
        var max = TensorPrimitives.Max(logits);
        var exponentials = scratch[..logits.Length];
        TensorPrimitives.Subtract(logits, max, exponentials);
        TensorPrimitives.Exp(exponentials, exponentials);
        return max + Math.Log(TensorPrimitives.Sum(exponentials));
    }

    /// <summary>The same over some of the logits alone; negative infinity for none.</summary>
    public static double LogSum(ReadOnlySpan<float> logits, List<int> ids)
    {
        var max = float.NegativeInfinity;
        foreach (var id in ids)
        {
            max = Math.Max(max, logits[id]);
        }

        var sum = 0.0;
        foreach (var id in ids)
        {
            sum += Math.Exp(logits[id] - max);
        }

        return ids.Count == 0 ? double.NegativeInfinity : max + Math.Log(sum);
    }
}
