using CodeComplete.Engine;
using CodeComplete.Server.Documents;
using CodeComplete.Server.Features.ExecuteCommand;
using CodeComplete.Server.Protocol;
using CodeComplete.Server.Transport;
using Microsoft.Extensions.Logging;

namespace CodeComplete.Server.Features.InlineCompletion;

/// <summary><c>textDocument/inlineCompletion</c>: ghost text.</summary>
internal sealed class InlineCompletionHandler(Session session)
{
    // Not null, which LSP allows as well: Neovim 0.12 then keeps the ghost text of the answer before, and its Tab inserts that at the old place.
    private static readonly InlineCompletionList Nothing = new([]);

    /// <summary>Who asks by hand wants to choose.</summary>
    private const int LinesInvoked = 3;

    [LspMethod("textDocument/inlineCompletion")]
    public async Task<InlineCompletionList> CompleteAsync(InlineCompletionParams parameters, CancellationToken cancellation)
    {
        if (session.Documents.Find(parameters.TextDocument.Uri) is not { } key)
        {
            return Nothing;
        }

        var version = session.Documents.VersionOf(key);
        var places = session.Documents.PlacesOf(key);
        var selected = parameters.Context.SelectedCompletionInfo;
        var isInvoked = parameters.Context.TriggerKind == InlineCompletionTriggerKind.Invoked;
        var request = new GhostRequest(
            key,
            places.ToEngine(parameters.Position),
            isInvoked,
            selected?.Text,
            selected is null ? null : places.ToEngine(selected.Range)
        )
        {
            Lines = isInvoked ? LinesInvoked : 1,
            Thorough = isInvoked,
        };

        // The engine is called before anything is awaited: it takes its snapshot here, in the client's order.
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, session.Ending);
        var answer = await session.Engine.CompleteInlineAsync(request, either.Token);
        if (answer.Ghost is not { } ghost)
        {
            session.Log.LogDebug("No ghost text of {Document} (ms: {Timings})", key, answer.Timings);

            // It may repeat what the model wrote.
            session.Log.LogTrace("No ghost text: {Why}", answer.Why);
            return Nothing;
        }

        session.Log.LogDebug(
            "Ghost text of {Document} (ms: {Timings}): {Length} characters, probability {Probability:0.00}",
            key,
            answer.Timings,
            ghost.Text.Length,
            ghost.Probability
        );

        // The engine withdraws what an edit has made stale; this closes the gap between its answer and ours.
        return session.Documents.VersionOf(key) == version
            ? new InlineCompletionList([.. answer.Others.Prepend(ghost).Select(text => ItemFor(text, places))])
            : Nothing;
    }

    private static InlineCompletionItem ItemFor(GhostText ghost, Places places) =>
        new(ghost.Text, places.ToLsp(ghost.Range), new Command("Accepted", ExecuteCommandHandler.Accepted, [ghost.Id]));
}
