using CodeComplete.Analysis;
using CodeComplete.Transformer;

namespace CodeComplete.Engine.Inline;

/// <summary>A line that may be shown.</summary>
/// <param name="Probability">The mean of its tokens', 0 to 1.</param>
/// <param name="Lowest">The least of them.</param>
internal readonly record struct WrittenLine(Verdict Verdict, double Probability, double Lowest);

/// <summary>What the model wrote at one place and the compiler left of it.</summary>
/// <param name="Lines">The likeliest first, none the beginning of another; empty where nothing of what was written compiles.</param>
/// <param name="Likeliest">The likeliest line as the model wrote it, whether it compiles or not; empty where it wrote none.</param>
/// <param name="Reason">Why the last line that was written ends.</param>
/// <param name="Refused">What the compiler has against the likeliest line, where nothing of that compiles.</param>
/// <param name="Timings">Prefill, decode and verification.</param>
/// <param name="Counts">Over all lines.</param>
internal sealed record WrittenLines(
    IReadOnlyList<WrittenLine> Lines,
    string Likeliest,
    EndReason Reason,
    string? Refused,
    StageTimings Timings,
    DecodingCounts Counts
)
{
    /// <summary>What was written after this from the same prompt: its lines count, where there are any; the costs are those of both.</summary>
    public WrittenLines Then(WrittenLines later) => (later.Lines.Count > 0 ? later : this).AtCostsOf(this, later);

    /// <summary>
    /// What was written after this from another prompt: its lines, and before them the likeliest of these where the model trusted that more. The costs are
    /// those of both.
    /// </summary>
    /// <param name="most">So many lines at most.</param>
    public WrittenLines OrLikelier(WrittenLines later, int most) =>
        IsLikelierThan(later)
            ? (this with { Lines = Different([Lines[0], .. later.Lines, .. Lines.Skip(1)], most) }).AtCostsOf(this, later)
            : Then(later);

    /// <summary>Is its first line the one to show, and not that of <paramref name="other"/>, which was written from another prompt?</summary>
    public bool IsLikelierThan(WrittenLines other) =>
        Lines is [var mine, ..] && (other.Lines is not [var theirs, ..] || mine.Probability > theirs.Probability);

    /// <summary>The first of the lines none of which is the beginning of another.</summary>
    /// <param name="most">So many lines at most.</param>
    public static IReadOnlyList<WrittenLine> Different(IEnumerable<WrittenLine> lines, int most)
    {
        var different = new List<WrittenLine>();
        foreach (var line in lines)
        {
            if (different.Count < most && !different.Exists(other => BeginsOther(other.Verdict.Text, line.Verdict.Text)))
            {
                different.Add(line);
            }
        }

        return different;
    }

    private WrittenLines AtCostsOf(WrittenLines one, WrittenLines other) =>
        this with
        {
            Timings = new StageTimings
            {
                Prefill = one.Timings.Prefill + other.Timings.Prefill,
                Decode = one.Timings.Decode + other.Timings.Decode,
                Verify = one.Timings.Verify + other.Timings.Verify,
            },
            Counts = new DecodingCounts
            {
                Prompt = one.Counts.Prompt + other.Counts.Prompt,
                Reused = one.Counts.Reused + other.Counts.Reused,
                Written = one.Counts.Written + other.Counts.Written,
                Drafted = one.Counts.Drafted + other.Counts.Drafted,
                Calls = one.Counts.Calls + other.Counts.Calls,
            },
        };

    private static bool BeginsOther(string one, string other) =>
        one.StartsWith(other, StringComparison.Ordinal) || other.StartsWith(one, StringComparison.Ordinal);
}
