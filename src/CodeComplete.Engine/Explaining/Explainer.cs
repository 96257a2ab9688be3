using CodeComplete.Analysis;
using CodeComplete.Engine.Chain;
using CodeComplete.Engine.Learning;

namespace CodeComplete.Engine.Explaining;

/// <summary>Says what the stages before the decoder saw at a place. It asks them as a request does, and keeps nothing.</summary>
internal static class Explainer
{
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled.</exception>
    public static async Task<Explanation> ExplainAsync(
        DocumentSnapshot snapshot,
        int offset,
        MemorySet memories,
        PromptBuilder prompts,
        CancellationToken cancellation
    )
    {
        var cursor = await CursorAnalysis.AtAsync(snapshot, offset, cancellation);
        var context = cursor.Context;
        var path = memories.RelativePath(snapshot.Path);
        var answer = memories.For(snapshot.Path)?.Recall(RecallQueries.For(path, cursor.Text, context, prompts));
        return new Explanation
        {
            Place = InWords.Of(context.Kind.ToString()),
            ReceiverType = context.ReceiverType,
            ExpectedType = context.ExpectedType,
            EnclosingMember = context.EnclosingMember,
            Recalled =
            [
                .. (answer?.Snippets ?? []).Select(s => InWords.Of(s) with { Tokens = prompts.CostOf(new PromptSnippet(s.Path, s.Text)) }),
            ],
            RecallBudget = prompts.SnippetBudget,
            RecallMilliseconds = answer?.Elapsed.TotalMilliseconds ?? 0,
        };
    }
}
