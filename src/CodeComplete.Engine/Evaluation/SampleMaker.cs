using CodeComplete.Analysis;
using CodeComplete.Engine.Learning;
using CodeComplete.Engine.Startup;
using CodeComplete.Memory.Snippets;

namespace CodeComplete.Engine.Evaluation;

/// <summary>Makes of a case what the decoder would read there, and what it should write. One case at a time.</summary>
internal sealed class SampleMaker(CompletionEngine engine, CaseRunner runner, LoadedModel model)
{
    /// <returns><see langword="null"/> where the case makes no sample (<see cref="DatasetCounts"/>).</returns>
    /// <exception cref="CaseException">The case does not fit its file, or the engine did not get ready.</exception>
    public async Task<TrainingSample?> MakeAsync(EvaluationCase made, CancellationToken cancellation)
    {
        var (path, whole) = await runner.ReadyAsync(made, cancellation);
        made.Check(whole);
        if (WithoutSecrets(made, whole) is not { } clean)
        {
            return null;
        }

        await using var blanking = await runner.BlankAsync(clean.Case, path, clean.Text, cancellation);
        var cursor = await CursorAnalysis.AtAsync(engine.Workspace.Take(path)!, clean.Case.Offset, cancellation);
        var snippets = Recaller.ForPrompt(engine.Recaller.Recall(path, cursor.Text, cursor.Context, model.Prompts).Snippets);
        var prompt = model.Prompts.Build(
            engine.Recaller.RelativePath(path),
            cursor.Text,
            clean.Case.Offset,
            cursor.Context.OnlyClosersFollow,
            snippets
        );
        // The model writes to the line's end, whatever closes there already; what is doubled is taken out later.
        var text = prompt.Typed + clean.Case.Groundtruth;
        IReadOnlyList<int> middle = [.. model.Tokenizer.Encode(text), model.Tokenizer.EndToken];
        return middle.Count <= model.MiddleTokens
            ? new TrainingSample(
                made.Id,
                made.Kind,
                made.File,
                prompt.Tokens,
                middle,
                text,
                prompt.Typed.Length,
                prompt.Tokens.Count(token => token == model.Tokenizer.SnippetToken)
            )
            : null;
    }

    /// <returns>The case in its file's text as it may be given away; <see langword="null"/> where its own line looks secret.</returns>
    internal static (EvaluationCase Case, string Text)? WithoutSecrets(EvaluationCase made, string text)
    {
        var clean = SecretRedactor.Redact(text);
        if (clean == text)
        {
            return (made, text);
        }

        // Lines keep their numbers, not their places.
        var start = Lines.StartOf(text, made.Offset);
        var number = text.AsSpan(0, start).Count('\n');
        var there = 0;
        for (; number > 0; number--)
        {
            there = clean.IndexOf('\n', there) + 1;
        }

        return Lines.At(clean, there) == Lines.At(text, made.Offset) ? (made with { Offset = there + made.Offset - start }, clean) : null;
    }
}
