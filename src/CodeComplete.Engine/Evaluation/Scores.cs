using CodeComplete.Analysis;

namespace CodeComplete.Engine.Evaluation;

/// <summary>How near a prediction came to what was written: CrossCodeEval's four measures (arXiv 2310.11248).</summary>
/// <param name="ExactMatch">The whole rest of the line is right.</param>
/// <param name="EditSimilarity">0 to 1: rapidfuzz's <c>fuzz.ratio</c> / 100.</param>
/// <param name="IdentifierMatch">The identifiers are the same, in the same order.</param>
/// <param name="IdentifierF1">Of the sets of identifiers, 0 to 1.</param>
public sealed record Scores(bool ExactMatch, double EditSimilarity, bool IdentifierMatch, double IdentifierF1)
{
    /// <param name="typed">The beginning of an identifier that stands left of the cursor, so that whole names are compared.</param>
    public static Scores Of(string typed, string prediction, string groundtruth)
    {
        var (written, wanted) = (Identifiers.In(typed + prediction), Identifiers.In(typed + groundtruth));
        return new Scores(
            prediction == groundtruth,
            IndelRatio(prediction, groundtruth),
            written.SequenceEqual(wanted, StringComparer.Ordinal),
            F1([.. written], [.. wanted])
        );
    }

    /// <summary>Twice the longest common subsequence over the sum of the lengths, in code points; 1 for two empty texts.</summary>
    public static double IndelRatio(string one, string other)
    {
        int[] a = [.. one.EnumerateRunes().Select(rune => rune.Value)];
        int[] b = [.. other.EnumerateRunes().Select(rune => rune.Value)];
        if (a.Length + b.Length == 0)
        {
            return 1;
        }

        // Row by row: common[j] is the longest common subsequence of what is read of a, and of the first j of b.
        var common = new int[b.Length + 1];
        foreach (var unit in a)
        {
            var diagonal = 0;
            for (var j = 1; j <= b.Length; j++)
            {
                var above = common[j];
                common[j] = unit == b[j - 1] ? diagonal + 1 : Math.Max(above, common[j - 1]);
                diagonal = above;
            }
        }

        return 2.0 * common[^1] / (a.Length + b.Length);
    }

    private static double F1(HashSet<string> written, HashSet<string> wanted) =>
        written.Count + wanted.Count == 0 ? 1 : 2.0 * written.Count(wanted.Contains) / (written.Count + wanted.Count);
}
