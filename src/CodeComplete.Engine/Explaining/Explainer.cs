using CodeComplete.Analysis;
using CodeComplete.Engine.Chain;
using CodeComplete.Engine.Inline;
using CodeComplete.Engine.Learning;
using CodeComplete.Engine.Startup;
using CodeComplete.Memory;

namespace CodeComplete.Engine.Explaining;

/// <summary>
/// Says what the stages saw at a place, and what each piece of the prompt does for the suggestion: it is left out, and the prompt read again.
/// It asks the stages as a request does, and keeps nothing.
/// </summary>
internal sealed class Explainer(MemorySet memories, LoadedModel model)
{
    private const int Alternatives = 3;

    /// <param name="withLines">Each line of the document is left out as well, which takes a reading of the prompt a line.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled.</exception>
    public async Task<Explanation> ExplainAsync(
        DocumentSnapshot snapshot,
        GhostRequest request,
        int offset,
        bool withLines,
        CancellationToken cancellation
    )
    {
        var cursor = await CursorAnalysis.AtAsync(snapshot, offset, cancellation);
        var context = cursor.Context;
        var prompts = model.Prompts;
        var path = memories.RelativePath(snapshot.Path);
        var answer = memories.For(snapshot.Path)?.Recall(RecallQueries.For(path, cursor.Text, context, prompts));
        var snippets = answer?.Snippets ?? [];
        var place = new Asked(path, cursor.Text, offset, context.OnlyClosersFollow, [.. Recaller.ForPrompt(snippets)]);
        var prompt = place.Build(prompts);
        var written = await LineWriter.WriteAsync(
            model,
            cursor,
            prompt,
            drafts: null,
            request with
            {
                Lines = Alternatives,
            },
            reach: null,
            cancellation
        );
        var suggestion = written.Lines is [var first, ..] ? first.Verdict.Text : null;
        return new Explanation
        {
            Place = InWords.Of(context.Kind.ToString()),
            ReceiverType = context.ReceiverType,
            ExpectedType = context.ExpectedType,
            EnclosingMember = context.EnclosingMember,
            Recalled = [.. snippets.Select(s => InWords.Of(s) with { Tokens = prompts.CostOf(new PromptSnippet(s.Path, s.Text)) })],
            RecallBudget = prompts.SnippetBudget,
            RecallMilliseconds = answer?.Elapsed.TotalMilliseconds ?? 0,
            Names = cursor.NamesAfter("")?.Names.Order(StringComparer.Ordinal).ToList(),
            Lines =
            [
                .. written.Lines.Select(static line => new ExplainedLine(
                    line.Verdict.Text,
                    line.Verdict.Verified,
                    line.Probability,
                    line.Lowest
                )),
            ],
            Objection = written.Refused ?? (written.Lines is [{ Verdict: { WasCut: true, Error: var error } }, ..] ? error : null),
            Prompt =
                suggestion is null || model.Scorer is null ? [] : await PartsAsync(place, snippets, suggestion, withLines, cancellation),
        };
    }

    private async Task<IReadOnlyList<ExplainedPart>> PartsAsync(
        Asked place,
        IReadOnlyList<Snippet> snippets,
        string suggestion,
        bool withLines,
        CancellationToken cancellation
    )
    {
        var whole = await LogProbabilityAsync(place, suggestion, cancellation);
        var parts = new List<ExplainedPart>();
        foreach (var (at, snippet) in snippets.Index().Reverse())
        {
            var without = place with { Snippets = [.. place.Snippets.Where((_, other) => other != at)] };
            parts.Add(
                new ExplainedPart(
                    ExplainedPartKind.Snippet,
                    $"{snippet.Path}:{snippet.StartLine + 1}",
                    snippet.Text,
                    whole - await LogProbabilityAsync(without, suggestion, cancellation)
                )
            );
        }

        var shown = model.Prompts.ShownLines(place.Text, place.Cursor);
        var lines = place.Text.Split('\n');
        var row = place.Text.AsSpan(0, place.Cursor).Count('\n');
        var below = string.Join('\n', lines.Take(shown.End).Skip(row + 1));
        parts.Add(
            new ExplainedPart(
                ExplainedPartKind.Suffix,
                "",
                below,
                withLines
                    ? whole - await LogProbabilityAsync(place with { Text = place.Text[..place.Cursor] }, suggestion, cancellation)
                    : null
            )
        );
        var start = lines.Take(shown.First).Sum(static line => line.Length + 1);
        for (var line = shown.First; line <= row; line++)
        {
            var text = line < row ? lines[line] : place.Text[start..place.Cursor];
            double? fall = null;
            if (withLines && line < row && !string.IsNullOrWhiteSpace(text))
            {
                // Its line end stays, so that the prompt begins where it began.
                var without = place with
                {
                    Text = place.Text.Remove(start, text.Length),
                    Cursor = place.Cursor - text.Length,
                };
                fall = whole - await LogProbabilityAsync(without, suggestion, cancellation);
            }

            parts.Add(new ExplainedPart(ExplainedPartKind.Line, "", text.TrimEnd('\r'), fall));
            start += lines[line].Length + 1;
        }

        return parts;
    }

    private Task<double> LogProbabilityAsync(Asked place, string suggestion, CancellationToken cancellation)
    {
        var prompt = place.Build(model.Prompts);
        return model.Queue.RunAsync(
            () => model.Scorer!.LogProbability(prompt.Tokens, prompt.Typed, suggestion, cancellation),
            cancellation
        );
    }

    /// <summary>All that a prompt is made of.</summary>
    private sealed record Asked(string Path, string Text, int Cursor, bool OnlyClosersFollow, IReadOnlyList<PromptSnippet> Snippets)
    {
        public Prompt Build(PromptBuilder prompts) => prompts.Build(Path, Text, Cursor, OnlyClosersFollow, Snippets);
    }
}
