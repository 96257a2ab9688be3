using System.Diagnostics;
using CodeComplete.Analysis;
using CodeComplete.Engine.Chain;
using CodeComplete.Engine.Documents;
using CodeComplete.Engine.Learning;
using CodeComplete.Engine.Listing;
using CodeComplete.Engine.Startup;
using CodeComplete.Transformer;

namespace CodeComplete.Engine.Inline;

/// <summary>Ghost text: context, recall, prompt, decode, verify, in this order, each timed and each cancellable.</summary>
/// <param name="drafts">For a document, what guesses the next tokens of its suggestions.</param>
internal sealed class InlineCompleter(
    Recaller recaller,
    ShownSuggestions shown,
    ListScorer scorer,
    Learner learner,
    Func<string, IDraftSource?> drafts
)
{
    // Where nothing of the likeliest line compiles, the next likeliest is tried; the prompt is read already, so a try costs its few tokens.
    private const int MostTries = 4;

    /// <param name="snapshot">The document as it was when the request came.</param>
    /// <param name="model">The model, or why there is none.</param>
    /// <exception cref="RemoteException">The server that runs the model does not answer.</exception>
    /// <exception cref="OperationCanceledException">Cancelled by the client or ended by an edit.</exception>
    public async Task<GhostAnswer> CompleteAsync(
        DocumentSnapshot snapshot,
        GhostRequest request,
        LoadedModel model,
        EngineSettings settings,
        CancellationToken cancellation
    )
    {
        var began = Stopwatch.GetTimestamp();
        if (snapshot.OffsetOf(request.Position) is not { } offset)
        {
            return Nothing("the position is outside the file");
        }

        var text = snapshot.TextOf();
        if (shown.Continued(request.Document, text, offset) is { } continued && request.SelectedText is null)
        {
            var (suggestion, typed) = continued;
            Follow(suggestion, typed);
            var rest = suggestion.Ghost with { Text = suggestion.Ghost.Text[typed..], Range = snapshot.RangeOf(offset, offset) };
            return new GhostAnswer(rest, new StageTimings { Total = Since(began) });
        }

        // What the open list would insert is taken as typed: the suggestion goes on from there.
        var replaceStart = offset;
        var selected = "";
        var place = SuggestionPlace.At(text, offset, offset);
        if (request.SelectedText is { Length: > 0 } insert && request.SelectedRange is { } range)
        {
            if (
                snapshot.OffsetOf(range.Start) is not { } from
                || snapshot.OffsetOf(range.End) is not { } to
                || from > offset
                || to < offset
            )
            {
                return Nothing("the selected item's range does not hold the cursor");
            }

            place = SuggestionPlace.At(text, from, to);
            snapshot = snapshot.With(from, to, insert);
            (replaceStart, selected, offset) = (from, insert, from + insert.Length);
            text = snapshot.TextOf();
        }

        scorer.MakeWay(request.Document, WordStart(text, offset));
        var timings = new StageTimings();
        var mark = Stopwatch.GetTimestamp();
        var cursor = await CursorAnalysis.AtAsync(snapshot, offset, cancellation);
        timings = timings with { Context = Since(mark) };
        if (WhyNotHere(cursor.Context) is { } why)
        {
            return Nothing(why);
        }

        mark = Stopwatch.GetTimestamp();
        var parts = request.Parts;
        var prompts = model.PromptsOf(parts);
        var snippets = parts.Recall ? recaller.Recall(request.Document, text, cursor.Context, prompts, parts.Query) : [];
        timings = timings with { Recall = Since(mark) };
        cancellation.ThrowIfCancellationRequested();

        mark = Stopwatch.GetTimestamp();
        var prompt = prompts.Build(
            recaller.RelativePath(request.Document),
            text,
            offset,
            cursor.Context.OnlyClosersFollow,
            Recaller.ForPrompt(snippets)
        );
        timings = timings with { Prompt = Since(mark) };

        var guide = new NameGuide(cursor, prompt.Typed);
        var search = new LineSearch();
        Turn? turn = null;
        Generation generation;
        Verdict verdict;
        string? refused = null;
        var tries = 0;
        do
        {
            generation = await model.Generator.GenerateAsync(
                new GenerationRequest
                {
                    Prompt = prompt.Tokens,
                    PrefixEnd = prompt.PrefixEnd,
                    Typed = prompt.Typed,
                    Guide = parts.Guides ? guide : null,
                    Stop = new LineStop(prompt.Typed),
                    Drafts = drafts(request.Document),
                    Turn = turn,
                    MaxTokens = model.MiddleTokens,
                    // Who asks by hand waits for the right name; who types does not.
                    GuideLimit = request.Invoked ? Timeout.InfiniteTimeSpan : GenerationRequest.DefaultGuideLimit,
                },
                cancellation
            );
            search.Add(generation, turn);
            timings = timings with
            {
                Prefill = timings.Prefill + generation.PrefillMilliseconds,
                Decode = timings.Decode + generation.DecodeMilliseconds,
            };
            cancellation.ThrowIfCancellationRequested();

            mark = Stopwatch.GetTimestamp();
            verdict = parts.Verification
                ? Verifier.Verify(cursor, generation.Text, cancellation)
                : new Verdict(generation.Text.TrimEnd(), Verified: null, WasCut: false);
            timings = timings with { Verify = timings.Verify + Since(mark), Total = Since(began) };
            if (verdict.Text.Length == 0 && generation.Text.Trim() is { Length: > 0 } written)
            {
                // Of several lines the first tells most: it was the likeliest.
                refused ??= $"nothing of what the model wrote compiles: {written} ({verdict.Error ?? "it says too little"})";
            }
        } while (verdict.Text.Length == 0 && ++tries < MostTries && (turn = search.Next()) is not null);

        if (verdict.Text.Length == 0)
        {
            return new GhostAnswer(null, timings, refused ?? $"the model writes nothing here ({Described(generation.Reason)})");
        }

        if (verdict.Verified is null && parts.Verification && settings.Unverified == UnverifiedMode.Hide)
        {
            return new GhostAnswer(null, timings, "the compiler could not judge it, and the setting 'unverified' is 'hide'");
        }

        place = place with
        {
            ReceiverType = cursor.Context.ReceiverType,
            EnclosingMember = cursor.Context.EnclosingMember,
            Kind = cursor.Context.Kind.ToString(),
        };
        var (score, whyHidden) = learner.Gate(request.Document, place, selected + verdict.Text, generation.MeanProbability);
        if (whyHidden is not null && !request.Invoked)
        {
            return new GhostAnswer(null, timings, whyHidden);
        }

        var ghost = new GhostText
        {
            Id = shown.NextId(),
            Text = selected + verdict.Text,
            Range = selected.Length == 0 ? snapshot.RangeOf(offset, offset) : request.SelectedRange!.Value,
            Verified = verdict.Verified,
            Probability = generation.MeanProbability,
            Gate = score,
        };
        var suggested = new ShownSuggestion(
            request.Document,
            replaceStart,
            TextPrint.Of(text.AsSpan(0, replaceStart)),
            TextPrint.Of(text.AsSpan(offset)),
            place,
            ghost
        );
        shown.Add(suggested);
        Follow(suggested, from: 0);
        return new GhostAnswer(ghost, timings);

        void Follow(ShownSuggestion suggestion, int from)
        {
            // Where an edit has come in between, the client will not show it, and its place may have moved already.
            if (learner.Shown(suggestion, from) && cancellation.IsCancellationRequested)
            {
                learner.Withdraw(suggestion);
            }
        }

        GhostAnswer Nothing(string reason) => new(null, new StageTimings { Total = Since(began) }, reason);
    }

    private static string? WhyNotHere(CursorContext context) =>
        context switch
        {
            { Kind: PlaceKind.DisabledCode } => "this code is switched off by #if",
            { Kind: PlaceKind.Directive } => "this is a preprocessor directive",
            { RestOfLine: [var next, ..] } when char.IsLetterOrDigit(next) || next == '_' => "the cursor stands inside a word",
            _ => null,
        };

    private static string Described(EndReason reason) =>
        reason switch
        {
            EndReason.EndToken or EndReason.Stop => "for it the line is complete",
            EndReason.Forbidden => "it knows no name that the compiler allows",
            _ => "there is no room left in its context",
        };

    private static int WordStart(string text, int offset)
    {
        while (offset > 0 && (char.IsLetterOrDigit(text[offset - 1]) || text[offset - 1] == '_'))
        {
            offset--;
        }

        return offset;
    }

    private static double Since(long mark) => Stopwatch.GetElapsedTime(mark).TotalMilliseconds;
}
