using System.Diagnostics;
using System.Globalization;
using CodeComplete.Analysis;
using CodeComplete.Engine.Documents;
using CodeComplete.Engine.Learning;
using CodeComplete.Engine.Listing;
using CodeComplete.Engine.Ranking;
using CodeComplete.Engine.Startup;
using CodeComplete.Transformer;

namespace CodeComplete.Engine.Inline;

/// <summary>Ghost text: context, recall, prompt, decode, verify, in this order, each timed and each cancellable.</summary>
internal sealed class InlineCompleter(RecallingWriter writer, ShownSuggestions shown, ListScorer scorer, Learner learner)
{
    /// <param name="snapshot">The document as it was when the request came.</param>
    /// <param name="loading">The model, which is waited for when it is needed: right after the start the compiler looks at the place meanwhile.</param>
    /// <exception cref="RemoteException">The server that runs the model does not answer.</exception>
    /// <exception cref="OperationCanceledException">Cancelled by the client or ended by an edit.</exception>
    public async Task<GhostAnswer> CompleteAsync(
        DocumentSnapshot snapshot,
        GhostRequest request,
        Task<LoadedModel?> loading,
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
        if (request.SelectedText is { Length: > 0 } insert && request.SelectedRange is { } selection)
        {
            if (
                snapshot.OffsetOf(selection.Start) is not { } from
                || snapshot.OffsetOf(selection.End) is not { } to
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

        var parts = request.Parts;
        var isMultiline = settings.GhostMultiline && parts is { Multiline: true, Verification: true };
        var scaffold = isMultiline && selected.Length == 0 ? BodyScaffold.At(cursor) : null;
        var scaffolded = snapshot;
        if (scaffold is not null)
        {
            // The body of a signature is written as if its braces stood there, and shown with them.
            scaffolded = snapshot.With(offset, offset, scaffold.Open + scaffold.Close);
            cursor = await CursorAnalysis.AtAsync(scaffolded, offset + scaffold.Open.Length, cancellation);
        }

        if (await loading.WaitAsync(cancellation) is not { } model)
        {
            return Nothing("there is no model");
        }

        var extent = isMultiline ? CodeExtent.Of(cursor) : null;
        var reach = extent is null ? null : new Reach(extent, IsBody: scaffold is not null);
        var (written, writing, mayImprove) = await writer.WriteAsync(model, scaffolded, cursor, request, reach, cancellation);
        timings = writing with { Context = timings.Context, Total = Since(began) };
        if (written.Lines.Count == 0)
        {
            return new GhostAnswer(null, timings, written.Refused ?? $"the model writes nothing here ({Described(written.Reason)})")
            {
                Decoding = written.Counts,
                MayImprove = mayImprove,
            };
        }

        place = place with
        {
            ReceiverType = cursor.Context.ReceiverType,
            EnclosingMember = cursor.Context.EnclosingMember,
            Kind = cursor.Context.Kind.ToString(),
        };
        var range = selected.Length == 0 ? snapshot.RangeOf(offset, offset) : request.SelectedRange!.Value;
        var (before, after) = (TextPrint.Of(text.AsSpan(0, replaceStart)), TextPrint.Of(text.AsSpan(offset)));
        var offered = new List<GhostText>();
        string? hidden = null;
        foreach (var (verdict, probability, lowest) in written.Lines)
        {
            if (verdict.Verified is null && parts.Verification && settings.Unverified == UnverifiedMode.Hide)
            {
                hidden ??= "the compiler could not judge it, and the setting 'unverified' is 'hide'";
                continue;
            }

            // The gate has been taught by single lines: of several it judges the first.
            var firstLine = verdict.Text.AsSpan().IndexOf('\n') is > 0 and var end ? verdict.Text[..end] : verdict.Text;
            var features = new GateFeatures(
                probability,
                lowest,
                firstLine.Length,
                GateFeatures.PlaceOf(
                    cursor.Context,
                    cursor.Text.AsSpan(0, cursor.Context.Offset)[LineStart(cursor.Text, cursor.Context.Offset)..]
                )
            );
            var shownText = scaffold?.Open + InLineEndsOf(text, verdict.Text) + scaffold?.Close;
            var (score, whyHidden) = learner.Gate(
                request.Document,
                place,
                selected + shownText,
                probability,
                Unsure(model.Gate, features, firstLine)
            );
            if (whyHidden is not null && !request.Invoked)
            {
                hidden ??= whyHidden;
                continue;
            }

            offered.Add(
                new GhostText
                {
                    Id = shown.NextId(),
                    Text = selected + shownText,
                    Range = range,
                    Verified = verdict.Verified,
                    Probability = probability,
                    LowestProbability = lowest,
                    Gate = score,
                }
            );
        }

        // The first is what the editor shows: it is noted last, as the one that is followed; of the others only the editor's own word counts.
        foreach (var ghost in Enumerable.Reverse(offered))
        {
            var suggested = new ShownSuggestion(request.Document, replaceStart, before, after, place, ghost);
            shown.Add(suggested);
            Follow(suggested, from: 0);
        }

        return offered is [var first, .. var others]
            ? new GhostAnswer(first, timings)
            {
                Others = others,
                Decoding = written.Counts,
                MayImprove = mayImprove,
            }
            : new GhostAnswer(null, timings, hidden) { Decoding = written.Counts, MayImprove = mayImprove };

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

    private static string? Unsure(ModelGate? gate, in GateFeatures features, string text)
    {
        // Some servers do not tell how likely their tokens are.
        if (gate is null || features.Probability == 0 || gate.Score(features) is var score && score >= gate.Threshold)
        {
            return null;
        }

        return string.Create(
            CultureInfo.InvariantCulture,
            $"hidden, since the model is too unsure of it ({score:0.000}, shown from {gate.Threshold:0.000}): {text.Trim()}"
        );
    }

    private static string Described(EndReason reason) =>
        reason switch
        {
            EndReason.EndToken or EndReason.Stop => "for it the line is complete",
            EndReason.Forbidden => "it knows no name that the compiler allows",
            _ => "there is no room left in its context",
        };

    /// <summary>The model knows line feeds alone.</summary>
    private static string InLineEndsOf(string document, string text) =>
        document.Contains("\r\n", StringComparison.Ordinal) ? text.ReplaceLineEndings("\r\n") : text;

    private static int LineStart(string text, int offset) => text.AsSpan(0, offset).LastIndexOfAny('\r', '\n') + 1;

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
