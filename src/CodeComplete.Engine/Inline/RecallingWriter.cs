using System.Diagnostics;
using CodeComplete.Analysis;
using CodeComplete.Engine.Chain;
using CodeComplete.Engine.Learning;
using CodeComplete.Engine.Startup;
using CodeComplete.Memory;
using CodeComplete.Transformer;

namespace CodeComplete.Engine.Inline;

/// <summary>What was written at one place.</summary>
/// <param name="Timings">From recall to verification.</param>
/// <param name="MayImprove">The model is unsure of its line, and the memory was not asked again with it.</param>
internal sealed record RecalledLines(WrittenLines Written, StageTimings Timings, bool MayImprove);

/// <summary>
/// Recall, prompt, decode and verify: the model writes with what the memory recalls at the cursor; and where that may take longer and the model is unsure,
/// once more with what the memory recalls then (<see cref="SecondRecall"/>).
/// </summary>
/// <param name="drafts">For a document, what guesses the next tokens of its suggestions.</param>
internal sealed class RecallingWriter(Recaller recaller, Func<string, IDraftSource?> drafts)
{
    /// <param name="snapshot">In which <paramref name="cursor"/> stands.</param>
    /// <param name="reach">How far beyond its line the likeliest one may go; <see langword="null"/>: no line goes on.</param>
    /// <exception cref="RemoteException">The server that runs the model does not answer.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled.</exception>
    public async Task<RecalledLines> WriteAsync(
        LoadedModel model,
        DocumentSnapshot snapshot,
        CursorAnalysis cursor,
        GhostRequest request,
        Reach? reach,
        CancellationToken cancellation
    )
    {
        var parts = request.Parts;
        var prompts = model.PromptsOf(parts);
        var timings = new StageTimings();
        var mark = Stopwatch.GetTimestamp();
        var recalled = parts.Recall
            ? recaller.Recall(request.Document, cursor.Text, cursor.Context, prompts, parts.Query)
            : new Recalled([], IsSecond: false);
        timings = timings with { Recall = Since(mark) };
        cancellation.ThrowIfCancellationRequested();

        var prompt = PromptWith(recalled.Snippets);
        // A server would be asked, and paid, twice.
        var mayAskAgain = parts is { Recall: true, SecondRecall: true } && !recalled.IsSecond && model.Scorer is not null;
        // Of several lines the likeliest is enough to ask again with.
        var written = await LinesAsync(request.Thorough && mayAskAgain ? request with { Lines = 1 } : request);
        var unsure = mayAskAgain ? SecondRecall.LineOf(written) : null;
        if (!request.Thorough || !mayAskAgain)
        {
            return new RecalledLines(written, WithWriting(), MayImprove: unsure is not null);
        }

        if (unsure is not null)
        {
            mark = Stopwatch.GetTimestamp();
            var behind = await SecondRecall.BehindAsync(snapshot, cursor, unsure, cancellation);
            var second = recaller.RecallWith(request.Document, behind, cursor, prompts, parts.Query);
            timings = timings with { Recall = timings.Recall + Since(mark) };
            if (second is not null)
            {
                prompt = PromptWith(second);
                written = written.OrLikelier(await LinesAsync(request), request.Lines);
                return new RecalledLines(written, WithWriting(), MayImprove: false);
            }
        }

        if (request.Lines > 1)
        {
            written = written.Then(await LinesAsync(request));
        }

        return new RecalledLines(written, WithWriting(), MayImprove: false);

        Prompt PromptWith(IReadOnlyList<Snippet> snippets)
        {
            var started = Stopwatch.GetTimestamp();
            var built = recaller.PromptWith(snippets, cursor, request.Document, prompts);
            timings = timings with { Prompt = timings.Prompt + Since(started) };
            return built;
        }

        Task<WrittenLines> LinesAsync(GhostRequest asked) =>
            LineWriter.WriteAsync(model, cursor, prompt, parts.Drafts ? drafts(request.Document) : null, asked, reach, cancellation);

        StageTimings WithWriting() =>
            timings with
            {
                Prefill = written.Timings.Prefill,
                Decode = written.Timings.Decode,
                Verify = written.Timings.Verify,
            };
    }

    private static double Since(long mark) => Stopwatch.GetElapsedTime(mark).TotalMilliseconds;
}
