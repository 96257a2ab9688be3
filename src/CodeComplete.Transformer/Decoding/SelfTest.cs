using System.Numerics.Tensors;

namespace CodeComplete.Transformer;

/// <summary>
/// Whether another provider computes what the CPU computes. Drivers exist that load, run, and answer nonsense; a few tokens on which the
/// CPU is sure tell them apart.
/// </summary>
internal static class SelfTest
{
    /// <summary>The least cosine between the two providers' logits.</summary>
    private const float LeastCosine = 0.99f;

    /// <summary>Code whose next token is beyond doubt.</summary>
    internal static readonly string[] Prompts =
    [
        "using System;\nusing System.Collections.Generic;\nusing System.Threading.",
        "for (int i = 0; i < items.Count; i",
        "public override string ToString()\n{\n    return base.",
    ];

    /// <summary>What is wrong with <paramref name="candidate"/>; <see langword="null"/> where it agrees with <paramref name="cpu"/>.</summary>
    public static string? Run(DecoderSession candidate, DecoderSession cpu, CodeTokenizer tokenizer)
    {
        foreach (var prompt in Prompts)
        {
            int[] ids = [.. tokenizer.Encode(prompt)];
            var expected = Logits(cpu, ids);
            var actual = Logits(candidate, ids);
            if (TensorPrimitives.IndexOfMax(expected) != TensorPrimitives.IndexOfMax(actual))
            {
                return $"it continues '{prompt[(prompt.LastIndexOf('\n') + 1)..].Trim()}' differently from the CPU";
            }

            var cosine = TensorPrimitives.CosineSimilarity(expected, actual);
            if (!(cosine >= LeastCosine)) // NaN fails too
            {
                return $"its logits have a cosine of {cosine:0.000} with the CPU's";
            }
        }

        return null;
    }

    /// <summary>In two calls, so that reading behind a past is tried as well.</summary>
    private static ReadOnlySpan<float> Logits(DecoderSession session, ReadOnlySpan<int> ids)
    {
        session.Run(ids[..^1], 0, 1, CancellationToken.None);
        return session.Run(ids[^1..], ids.Length - 1, 1, CancellationToken.None);
    }
}
