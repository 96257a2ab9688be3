using CodeComplete.Analysis;
using CodeComplete.Engine.Chain;
using CodeComplete.Engine.Startup;
using CodeComplete.Transformer;

namespace CodeComplete.Engine.Inline;

/// <summary>How far a suggestion may go behind its first line.</summary>
/// <param name="Extent">What the place asks for.</param>
/// <param name="IsBody">A closing brace is shown behind it, so what is written must be all that the body needs.</param>
internal sealed record Reach(CodeExtent Extent, bool IsBody)
{
    /// <summary>Whether more is wanted behind a first line.</summary>
    public bool GoesOnBehind(string line) => Extent.Kind != ExtentKind.Statement || !Extent.IsWhole(line);
}

/// <summary>Goes on behind a first line: the statement that it leaves open, the block that it begins, what a comment describes.</summary>
internal static class ExtentWriter
{
    // Who types waits for the first line no longer than for this; who asks by hand waits for all.
    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(700);

    // Twice what a line may take.
    private const int Rooms = 2;

    // A statement behind the first that the model is less sure of, in the mean of a line's tokens, is not worth reading, nor is what comes after it:
    // of 31 such lines none was what had stood there, of the others a third.
    private const double LeastSure = 0.9;

    private static readonly Verdict Nothing = new("", Verified: null, WasCut: true);

    /// <param name="first">The generation of the first line.</param>
    /// <param name="begin">What the first line was made to begin with.</param>
    /// <returns>The text from the cursor on, empty where nothing but the first line stands; and what was generated for it, if anything was.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled.</exception>
    public static async Task<(Verdict Verdict, Generation? Generation)> GoOnAsync(
        LoadedModel model,
        CursorAnalysis cursor,
        Reach reach,
        GenerationRequest request,
        Generation first,
        string begin,
        bool invoked,
        CancellationToken cancellation
    )
    {
        var line = begin + first.Text;
        var generation = first;
        if (first.Reason != EndReason.EndToken || !ExtentStop.IsHeard(reach.Extent, line))
        {
            List<TokenChoice> kept = [.. first.Reason == EndReason.EndToken ? first.Path.SkipLast(1) : first.Path];
            if (kept.Count == 0 || first.Reason is not (EndReason.EndToken or EndReason.Stop))
            {
                return (Nothing, null);
            }

            var typed = request.Typed.Length - begin.Length;
            generation = await model.Generator.GenerateAsync(
                request with
                {
                    Stop = new ExtentStop(reach.Extent, typed, invoked ? Timeout.InfiniteTimeSpan : Limit),
                    Turn = new Turn(kept, []),
                    MaxTokens = model.MiddleTokens * Rooms,
                },
                cancellation
            );
        }

        var more = generation == first ? null : generation;
        var text = begin + generation.Text;
        if (!text.StartsWith(line, StringComparison.Ordinal))
        {
            return (Nothing, more);
        }

        // What a statement needs to be whole is shown however sure the model is: the compiler has the last word.
        var sure = reach.Extent.Kind is ExtentKind.Block or ExtentKind.Described
            ? SureLength(text, generation.Tokens, begin.Length, line.Length)
            : text.Length;
        var ends = Ends(reach.Extent, text[..sure], isEnd: generation.Ended, reach.IsBody ? 0 : line.Length + 1);
        var isBlock = generation.Ended && reach.Extent.Kind == ExtentKind.Block;
        var verdict = Verifier.VerifyLines(
            cursor,
            text,
            ends.Select(end => (end, reach.IsBody || isBlock && end == text.Length)),
            cancellation
        );
        return (verdict with { Text = Indentation.Correct(cursor, verdict.Text) }, more);
    }

    /// <summary>Where the text may end: at lines behind which nothing is left open, the longest first.</summary>
    /// <param name="isEnd">The text's own end is a line's.</param>
    /// <param name="shortest">No end lies before.</param>
    private static List<int> Ends(CodeExtent extent, string text, bool isEnd, int shortest)
    {
        var ends = new List<int>();
        for (var end = text.Length; end >= shortest && end > 0; end = text.LastIndexOf('\n', end - 1))
        {
            var trimmed = text.AsSpan(0, end).TrimEnd().Length;
            if (trimmed >= shortest && (end < text.Length || isEnd) && extent.IsWhole(text[..trimmed]))
            {
                ends.Add(trimmed);
            }
        }

        return ends;
    }

    /// <summary>The length of the lines up to the first that the model is not sure of; the first line has been judged already.</summary>
    private static int SureLength(string text, IReadOnlyList<TokenChoice> tokens, int begin, int firstLine)
    {
        var (at, lineStart, sum, count) = (begin, 0, 0.0, 0);
        foreach (var token in tokens)
        {
            var end = at + token.Text.Length;
            if (!string.IsNullOrWhiteSpace(token.Text))
            {
                (sum, count) = (sum + token.Probability, count + 1);
            }

            var broken = token.Text.LastIndexOf('\n');
            if (broken >= 0 || end >= text.Length)
            {
                if (lineStart > firstLine && count > 0 && sum / count < LeastSure)
                {
                    return text.AsSpan(0, lineStart).TrimEnd().Length;
                }

                (sum, count) = (0, 0);
                lineStart = at + broken + 1;
            }

            at = end;
        }

        return text.Length;
    }
}
