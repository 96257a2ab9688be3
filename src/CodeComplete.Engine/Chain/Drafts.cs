using CodeComplete.Memory;
using CodeComplete.Transformer;

namespace CodeComplete.Engine.Chain;

/// <summary>
/// Guesses the next tokens of a suggestion: what the model itself wrote behind the same tokens a moment ago, as it does while somebody types; what followed
/// the last time when they stood in the prompt, which holds the document and the recalled snippets (prompt lookup decoding, as in LLMA, arXiv
/// 2304.04487); or else what mostly follows them in the project.
/// </summary>
/// <param name="project">The n-grams of the project, in the model's tokens; <see langword="null"/> where there are none.</param>
/// <param name="recent">What was written before, over all requests; <see langword="null"/> to forget it.</param>
internal sealed class Drafts(NgramStore? project, RecentWriting? recent = null) : IDraftSource
{
    /// <summary>The decoder looks at no more.</summary>
    internal const int Most = 8;

    /// <summary>So many tokens again in a row are no accident; one is, more often than what the project has counted.</summary>
    private const int ShortestSureRepeat = 2;

    public void Written(IReadOnlyList<int> ids, int prompt) => recent?.Add(ids, prompt);

    public IReadOnlyList<int> Propose(IReadOnlyList<int> ids)
    {
        var (next, length) = LongestRepeat(ids);
        if (recent?.Propose(ids, length) is { Count: > 0 } again)
        {
            return again;
        }

        if (length < ShortestSureRepeat && FromProject(ids) is { Length: > 0 } counted)
        {
            return counted;
        }

        // Each drafted token costs a little, so no more is drafted than was the same before. What runs into its own end goes round, as in LZ77.
        var drafted = new int[length];
        for (var i = 0; i < length; i++)
        {
            drafted[i] = next + i < ids.Count ? ids[next + i] : drafted[next + i - ids.Count];
        }

        return drafted;
    }

    /// <summary>
    /// Where the longest run of tokens that ends <paramref name="ids"/> stood before, up to eight of them; of equally long ones the last.
    /// </summary>
    /// <returns>The index behind it, and its length; 0 where the last token is a new one.</returns>
    private static (int Next, int Length) LongestRepeat(IReadOnlyList<int> ids)
    {
        var (next, longest) = (ids.Count, 0);
        for (var end = ids.Count - 1; end > 0 && longest < Most; end--)
        {
            var length = CommonEnd(ids, end, ids);
            if (length > longest)
            {
                (next, longest) = (end, length);
            }
        }

        return (next, longest);
    }

    /// <summary>With how many equal tokens, up to eight, the first <paramref name="end"/> of <paramref name="one"/> and all of <paramref name="other"/> end.</summary>
    internal static int CommonEnd(IReadOnlyList<int> one, int end, IReadOnlyList<int> other)
    {
        var length = 0;
        while (length < Most && length < end && length < other.Count && one[end - 1 - length] == other[other.Count - 1 - length])
        {
            length++;
        }

        return length;
    }

    private int[] FromProject(IReadOnlyList<int> ids)
    {
        if (project is null)
        {
            return [];
        }

        Span<int> last = stackalloc int[Math.Min(ids.Count, NgramStore.LongestContext)];
        for (var i = 0; i < last.Length; i++)
        {
            last[i] = ids[ids.Count - last.Length + i];
        }

        Span<int> proposed = stackalloc int[Most];
        return proposed[..project.Propose(last, proposed)].ToArray();
    }
}
