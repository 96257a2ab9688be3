using CodeComplete.Analysis;
using CodeComplete.Engine.Chain;
using CodeComplete.Engine.Inline;
using CodeComplete.Engine.Learning;
using CodeComplete.Engine.Startup;
using CodeComplete.Memory;
using CodeComplete.Transformer;

namespace CodeComplete.Engine.Explaining;

/// <summary>
/// Says what the stages saw at a place, and what each piece of the prompt does for the suggestion: it is left out, and the prompt read again.
/// It asks the stages as a request does, and keeps nothing.
/// </summary>
internal sealed class Explainer(MemorySet memories, LoadedModel model)
{
    private const int Alternatives = 3;

    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled.</exception>
    public async Task<Explanation> ExplainAsync(
        DocumentSnapshot snapshot,
        GhostRequest request,
        int offset,
        ExplainOptions options,
        CancellationToken cancellation
    ) => Shaded(await LookAsync(snapshot, request, offset, options.WithLines, cancellation), options.Layers);

    /// <summary>All that there is to tell, before layers are chosen.</summary>
    /// <param name="withLines">As <see cref="ExplainOptions.WithLines"/>.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled.</exception>
    public async Task<Looked> LookAsync(
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
        var (place, answer) = Ask(snapshot.Path, cursor, cursor);
        var prompt = place.Build(prompts);
        var written = await WriteAsync(prompt);
        string? recalledWith = null;
        if (model.Scorer is not null && SecondRecall.LineOf(written) is { } line)
        {
            var second = Ask(snapshot.Path, cursor, await SecondRecall.BehindAsync(snapshot, cursor, line, cancellation));
            var prompt2 = second.Place.Build(prompts);
            var again = await WriteAsync(prompt2);
            if (again.Lines.Count > 0 && !written.IsLikelierThan(again))
            {
                (place, answer) = second;
                (prompt, written, recalledWith) = (prompt2, again, line);
            }
        }

        var snippets = answer?.Snippets ?? [];
        var suggestion = written.Lines is [var first, ..] ? first.Verdict.Text : null;
        var explanation = new Explanation
        {
            Place = InWords.Of(context.Kind.ToString()),
            ReceiverType = context.ReceiverType,
            ExpectedType = context.ExpectedType,
            EnclosingMember = context.EnclosingMember,
            Recalled = [.. snippets.Select(s => InWords.Of(s) with { Tokens = prompts.CostOf(new PromptSnippet(s.Path, s.Text)) })],
            RecalledWith = recalledWith,
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
        };
        if (suggestion is null)
        {
            return new Looked(explanation, prompt, []);
        }

        if (model.Scorer is null)
        {
            return None(
                "A server runs the model, so it cannot be told what a piece of the prompt does for the suggestion, nor where the model looks."
            );
        }

        explanation = explanation with { Prompt = await PartsAsync(place, snippets, suggestion, withLines, cancellation) };
        try
        {
            return new Looked(explanation, prompt, await AttentionAsync(prompt, suggestion, cancellation));
        }
        catch (ModelException e)
        {
            return None($"Where the model looks cannot be told: {e.Message}");
        }

        Task<WrittenLines> WriteAsync(Prompt read) =>
            LineWriter.WriteAsync(model, cursor, read, drafts: null, request with { Lines = Alternatives }, reach: null, cancellation);

        Looked None(string why) => new(explanation with { NoAttention = why }, prompt, []);
    }

    private Explanation Shaded(Looked looked, LayerRange? asked)
    {
        var (explanation, prompt, layers) = looked;
        if (layers.Count == 0)
        {
            return explanation;
        }

        var range = asked ?? new LayerRange((layers.Count / 3) + 1, 2 * layers.Count / 3);
        if (range.First < 1 || range.First > range.Last || range.Last > layers.Count)
        {
            return explanation with
            {
                NoAttention =
                    $"Where the model looks is not shown: it has the layers 1 to {layers.Count}, and {range.First} to {range.Last} were asked for.",
            };
        }

        var chosen = layers.Skip(range.First - 1).Take(range.Last - range.First + 1).ToList();
        return explanation with { Prompt = new AttentionShares(model.Tokenizer, prompt, chosen).Shade(explanation.Prompt), Layers = range };
    }

    private Task<IReadOnlyList<float[]>> AttentionAsync(Prompt prompt, string text, CancellationToken cancellation) =>
        model.Queue.RunAsync(
            () =>
            {
                using var reader = model.LoadAttention!();
                return reader.Read(prompt.Tokens, prompt.Typed, text, cancellation);
            },
            cancellation
        );

    /// <summary>What each recalled snippet does for texts that are given, not written: what evaluation asks.</summary>
    /// <param name="texts">Behind the cursor; none is empty.</param>
    /// <returns>In recall's order, the best one first.</returns>
    /// <exception cref="InvalidOperationException">A server runs the model, and scores no text.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled.</exception>
    public async Task<IReadOnlyList<SnippetFall>> SnippetFallsAsync(
        DocumentSnapshot snapshot,
        int offset,
        IReadOnlyList<string> texts,
        CancellationToken cancellation
    )
    {
        var cursor = await CursorAnalysis.AtAsync(snapshot, offset, cancellation);
        var (place, answer) = Ask(snapshot.Path, cursor, cursor);
        var whole = await LogProbabilitiesAsync(place, texts, cancellation);
        var falls = new List<SnippetFall>();
        foreach (var (at, snippet) in (answer?.Snippets ?? []).Index())
        {
            var without = await LogProbabilitiesAsync(place.Without(at), texts, cancellation);
            falls.Add(new SnippetFall(snippet, [.. whole.Zip(without, static (w, o) => w - o)]));
        }

        return falls;
    }

    /// <param name="recalling">The cursor as the memory is to see it.</param>
    private (Asked Place, RecallAnswer? Recalled) Ask(string document, CursorAnalysis cursor, CursorAnalysis recalling)
    {
        var path = memories.RelativePath(document);
        var answer = memories.For(document)?.Recall(RecallQueries.For(path, recalling.Text, recalling.Context, model.Prompts));
        var snippets = Recaller.ForPrompt(answer?.Snippets ?? []);
        return (new Asked(path, cursor.Text, cursor.Context.Offset, cursor.Context.OnlyClosersFollow, snippets), answer);
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
            parts.Add(
                new ExplainedPart(
                    ExplainedPartKind.Snippet,
                    $"{snippet.Path}:{snippet.StartLine + 1}",
                    snippet.Text,
                    whole - await LogProbabilityAsync(place.Without(at), suggestion, cancellation)
                )
            );
        }

        var shown = model.Prompts.ShownLines(place.Text, place.Cursor);
        var lines = place.Text.Split('\n');
        var row = place.Text.AsSpan(0, place.Cursor).Count('\n');
        // As the model reads it: closers right of the cursor may be left out, and the last line may be cut.
        var prompt = place.Build(model.Prompts);
        var suffix = prompt.Pieces.FirstOrDefault(static piece => piece.Content == PromptContent.Suffix);
        var below = suffix is null ? "" : model.Tokenizer.Decode(prompt.Tokens.Take(suffix.Start..suffix.End));
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

    private async Task<double> LogProbabilityAsync(Asked place, string suggestion, CancellationToken cancellation) =>
        (await LogProbabilitiesAsync(place, [suggestion], cancellation))[0];

    private Task<double[]> LogProbabilitiesAsync(Asked place, IReadOnlyList<string> texts, CancellationToken cancellation)
    {
        var scorer = model.Scorer ?? throw new InvalidOperationException("A server runs the model, and scores no text.");
        var prompt = place.Build(model.Prompts);
        return model.Queue.RunAsync<double[]>(
            () => [.. texts.Select(text => scorer.LogProbability(prompt.Tokens, prompt.Typed, text, cancellation))],
            cancellation
        );
    }

    /// <summary>All that a prompt is made of.</summary>
    private sealed record Asked(string Path, string Text, int Cursor, bool OnlyClosersFollow, IReadOnlyList<PromptSnippet> Snippets)
    {
        public Prompt Build(PromptBuilder prompts) => prompts.Build(Path, Text, Cursor, OnlyClosersFollow, Snippets);

        public Asked Without(int snippet) => this with { Snippets = [.. Snippets.Where((_, at) => at != snippet)] };
    }
}

/// <summary>An explanation without attention, and that of each layer to each token of the prompt.</summary>
/// <param name="Layers">As <see cref="AttentionReader.Read"/> gives them; empty where they are not to be had, or nothing is suggested.</param>
internal sealed record Looked(Explanation Explanation, Prompt Prompt, IReadOnlyList<float[]> Layers);

/// <summary>What a recalled snippet does for texts at a place.</summary>
/// <param name="Falls">By how much the natural logarithm of each text's probability falls without it; below 0 where it rises.</param>
internal sealed record SnippetFall(Snippet Snippet, IReadOnlyList<double> Falls);
