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

    /// <summary>What the CPU's logits of two tokens may be apart, at most, for either to be right.</summary>
    private const float NearTie = 1;

    /// <summary>Code whose next token is beyond doubt to the shipped model; another may have its doubts, which are borne.</summary>
    internal static readonly string[] Prompts =
    [
        "using System;\nusing System.Collections.Generic;\nusing System.Threading.",
        "if (value == null)\n{\n    throw new ArgumentNullException(nameof(",
        "using System;\nusing System.Collections.",
    ];

    /// <summary>What is wrong with <paramref name="candidate"/>; <see langword="null"/> where it agrees with <paramref name="cpu"/>.</summary>
    public static string? Run(DecoderSession candidate, DecoderSession cpu, CodeTokenizer tokenizer)
    {
        foreach (var prompt in Prompts)
        {
            int[] ids = [.. tokenizer.Encode(prompt)];
            var expected = Logits(cpu, ids);
            var actual = Logits(candidate, ids);
            if (TensorPrimitives.Max(expected) - expected[TensorPrimitives.IndexOfMax(actual)] > NearTie)
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
