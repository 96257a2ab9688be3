using System.Diagnostics;
using CodeComplete.Analysis;
using CodeComplete.Engine.Chain;
using CodeComplete.Engine.Startup;
using CodeComplete.Transformer;

namespace CodeComplete.Engine.Inline;

/// <summary>
/// Decode and verify: writes the likeliest line under the guide; where nothing of it compiles, or several are wanted, the next likeliest. The prompt
/// is read already then, so a line costs its few tokens.
/// </summary>
internal static class LineWriter
{
    private const int MostTries = 8;

    // A token that likely was not meant: the guide took away those that were, and a turn further up may lead to a better line.
    private const double Unlikely = 0.05;

    // Of what the model thinks; little, since what is likelier does not compile: it is the likeliest of what may stand there.
    private const double LeastChance = 0.001;

    // Behind so many first lines more are written, until some compile.
    private const int MostGoingOn = 3;

    // Where several lines are wanted: for each that is; and who asks for a choice wants one even where the model is sure.
    private const int TriesOfLine = 3;
    private const double LeastChanceOfSeveral = 0.0005;

    /// <param name="reach">How far beyond its line the likeliest one may go; <see langword="null"/>: no line goes on.</param>
    /// <exception cref="RemoteException">The server that runs the model does not answer.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled.</exception>
    public static async Task<WrittenLines> WriteAsync(
        LoadedModel model,
        CursorAnalysis cursor,
        Prompt prompt,
        IDraftSource? drafts,
        GhostRequest request,
        Reach? reach,
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
        string? likeliest = null;
        // What the line begins with for the lines below to compile; tried once.
        var (begin, awaited) = ("", (string?)null);
        var startsStatement = cursor.Context is { Kind: PlaceKind.StatementStart, TypedName: "" };
        var (tries, goneOn) = (0, 0);
        Turn? turn = null;
        EndReason reason;
        do
        {
            var asked = new GenerationRequest
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
                GuideLimit = request.Invoked || request.IsEarly ? Timeout.InfiniteTimeSpan : GenerationRequest.DefaultGuideLimit,
            };
            var generation = await model.Generator.GenerateAsync(asked, cancellation);
            Count(generation);
            var text = begin + generation.Text;
            likeliest ??= text;
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
            var verifying = Stopwatch.GetElapsedTime(mark);
            if (
                reach is not null
                && lines.Count == 0
                && goneOn < MostGoingOn
                && reach.GoesOnBehind(text)
                && (!verdict.WasCut || !reach.Extent.IsWhole(text))
            )
            {
                goneOn++;
                var (whole, more) = await ExtentWriter.GoOnAsync(
                    model,
                    cursor,
                    reach,
                    asked,
                    generation,
                    begin,
                    request.Invoked,
                    cancellation
                );
                if (more is not null)
                {
                    Count(more with { Tokens = [.. more.Tokens.Skip(generation.Tokens.Count)] });
                }

                // The head of a statement whose body does not compile is none to be shown; one whose body was not written to its end may be, and a call
                // whose arguments are others than the model's.
                var isRefused =
                    reach.IsBody
                    || more is { Ended: true } && !reach.Extent.IsWhole(verdict.Text) && !reach.Extent.WantsElement(verdict.Text);
                verdict = whole.Text.Length > 0 || isRefused ? whole with { Awaited = verdict.Awaited } : verdict;
            }
            else if (reach is { IsBody: true })
            {
                // Braces would close behind it, and nobody has looked whether it is all that the body needs.
                verdict = verdict with
                {
                    Text = "",
                };
            }

            timings = timings with { Verify = timings.Verify + verifying.TotalMilliseconds };
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
        } while (
            WrittenLines.Different(lines, request.Lines).Count < request.Lines
            && ++tries < mostTries
            && (begin.Length > 0 || turn is not null)
        );

        return new WrittenLines(
            WrittenLines.Different([.. lines, .. guesses], request.Lines),
            likeliest ?? "",
            reason,
            refused,
            timings,
            counts
        );

        void Count(Generation one)
        {
            counts = new DecodingCounts
            {
                Prompt = one.PromptTokens,
                // Later lines find the prompt read.
                Reused = counts.Calls == 0 ? one.ReusedTokens : counts.Reused,
                Written = counts.Written + one.Tokens.Count,
                Drafted = counts.Drafted + one.DraftsTaken,
                Calls = counts.Calls + one.Calls,
            };
            timings = timings with
            {
                Prefill = timings.Prefill + one.PrefillMilliseconds,
                Decode = timings.Decode + one.DecodeMilliseconds,
            };
        }
    }
}
