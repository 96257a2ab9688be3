using System.Diagnostics;
using CodeComplete.Analysis;
using CodeComplete.Engine.Chain;
using CodeComplete.Engine.Startup;
using CodeComplete.Transformer;

namespace CodeComplete.Engine.Inline;

/// <summary>A line that may be shown.</summary>
/// <param name="Probability">The mean of its tokens', 0 to 1.</param>
/// <param name="Lowest">The least of them.</param>
internal readonly record struct WrittenLine(Verdict Verdict, double Probability, double Lowest);

/// <summary>What the model wrote at one place and the compiler left of it.</summary>
/// <param name="Lines">The likeliest first, none the beginning of another; empty where nothing of what was written compiles.</param>
/// <param name="Reason">Why the last line that was written ends.</param>
/// <param name="Refused">What the compiler has against the likeliest line, where nothing of that compiles.</param>
/// <param name="Timings">Prefill, decode and verification.</param>
/// <param name="Counts">Over all lines.</param>
internal sealed record WrittenLines(
    IReadOnlyList<WrittenLine> Lines,
    EndReason Reason,
    string? Refused,
    StageTimings Timings,
    DecodingCounts Counts
);

/// <summary>
/// Decode and verify: writes the likeliest line under the guide; where nothing of it compiles, or several are wanted, the next likeliest. The prompt
/// is read already then, so a line costs its few tokens.
/// </summary>
internal static class LineWriter
{
    private const int MostTries = 4;

    // A token that likely was not meant: the guide took away those that were, and a turn further up may lead to a better line.
    private const double Unlikely = 0.05;

    private const double LeastChance = 0.01;

    // Where several lines are wanted: for each that is; and who asks for a choice wants one even where the model is sure.
    private const int TriesOfLine = 3;
    private const double LeastChanceOfSeveral = 0.0005;

    /// <exception cref="RemoteException">The server that runs the model does not answer.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled.</exception>
    public static async Task<WrittenLines> WriteAsync(
        LoadedModel model,
        CursorAnalysis cursor,
        Prompt prompt,
        IDraftSource? drafts,
        GhostRequest request,
        CancellationToken cancellation
    )
    {
        var parts = request.Parts;
        var guide = new NameGuide(cursor, prompt.Typed);
        if (parts.Guides)
        {
            // The model reads the prompt meanwhile.
            _ = Task.Run(guide.Prepare, CancellationToken.None);
        }

        var mostTries = Math.Max(MostTries, request.Lines * TriesOfLine);
        var search = new LineSearch(request.Lines > 1 ? LeastChanceOfSeveral : LeastChance);
        var (lines, guesses) = (new List<WrittenLine>(), new List<WrittenLine>());
        var timings = new StageTimings();
        var counts = new DecodingCounts();
        string? refused = null;
        // What the line begins with for the lines below to compile; tried once.
        var (begin, awaited) = ("", (string?)null);
        var startsStatement = cursor.Context is { Kind: PlaceKind.StatementStart, TypedName: "" };
        var tries = 0;
        Turn? turn = null;
        EndReason reason;
        do
        {
            var generation = await model.Generator.GenerateAsync(
                new GenerationRequest
                {
                    Prompt = prompt.Tokens,
                    PrefixEnd = prompt.PrefixEnd,
                    Typed = prompt.Typed + begin,
                    Guide = parts.Guides ? guide : null,
                    Stop = new LineStop(prompt.Typed),
                    Drafts = drafts,
                    Turn = turn,
                    MaxTokens = model.MiddleTokens,
                    // Who asks by hand waits for the right name; who types does not.
                    GuideLimit = request.Invoked ? Timeout.InfiniteTimeSpan : GenerationRequest.DefaultGuideLimit,
                },
                cancellation
            );
            counts = new DecodingCounts
            {
                Prompt = generation.PromptTokens,
                // Later lines find the prompt read.
                Reused = tries == 0 ? generation.ReusedTokens : counts.Reused,
                Written = counts.Written + generation.Tokens.Count,
                Drafted = counts.Drafted + generation.DraftsTaken,
                Calls = counts.Calls + generation.Calls,
            };
            var text = begin + generation.Text;
            if (begin.Length == 0)
            {
                search.Add(generation, turn);
            }

            reason = generation.Reason;
            cancellation.ThrowIfCancellationRequested();

            var mark = Stopwatch.GetTimestamp();
            var verdict = parts.Verification
                ? Verifier.Verify(cursor, text, cancellation)
                : new Verdict(text.TrimEnd(), Verified: null, WasCut: false);
            timings = timings with
            {
                Prefill = timings.Prefill + generation.PrefillMilliseconds,
                Decode = timings.Decode + generation.DecodeMilliseconds,
                Verify = timings.Verify + Stopwatch.GetElapsedTime(mark).TotalMilliseconds,
            };
            if (verdict.Text.Length > 0)
            {
                var line = new WrittenLine(verdict, generation.MeanProbability, generation.LowestProbability);
                (line.Lowest < Unlikely ? guesses : lines).Add(line);
            }
            else if (lines.Count == 0 && text.Trim() is { Length: > 0 } written)
            {
                // Of several lines the first tells most: it was the likeliest.
                refused ??= $"nothing of what the model wrote compiles: {written} ({verdict.Error ?? "it says too little"})";
            }

            (begin, awaited) = startsStatement && awaited is null && verdict.Awaited is { } name ? ($"var {name} =", name) : ("", awaited);
            turn = begin.Length > 0 ? null : search.Next();
        } while (Different(lines, request.Lines).Count < request.Lines && ++tries < mostTries && (begin.Length > 0 || turn is not null));

        return new WrittenLines(Different([.. lines, .. guesses], request.Lines), reason, refused, timings, counts);
    }

    private static List<WrittenLine> Different(IReadOnlyList<WrittenLine> lines, int most)
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

    private static bool BeginsOther(string one, string other) =>
        one.StartsWith(other, StringComparison.Ordinal) || other.StartsWith(one, StringComparison.Ordinal);
}
