using CodeComplete.Engine;
using CodeComplete.Server.Protocol;
using CodeComplete.Server.Transport;
using Microsoft.Extensions.Logging;

namespace CodeComplete.Server.Features.Completion;

/// <summary><c>textDocument/completion</c>: the list.</summary>
internal sealed class CompletionHandler(Session session)
{
    private static readonly CompletionList Nothing = new(IsIncomplete: false, []);

    [LspMethod("textDocument/completion")]
    public async Task<CompletionList> CompleteAsync(CompletionParams parameters, CancellationToken cancellation)
    {
        if (session.Documents.Find(parameters.TextDocument.Uri) is not { } key)
        {
            return Nothing;
        }

        var places = session.Documents.PlacesOf(key);
        var position = places.ToEngine(parameters.Position);
        var request = new ListRequest(key, position, TriggerOf(parameters.Context), Snippets: session.Profile.Snippets);

        // The engine is called before anything is awaited: it takes its snapshot here, in the client's order.
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, session.Ending);
        var answering = session.Engine.CompleteListAsync(request, either.Token);

        // A long list takes a while to write, even one that is there at once; the next message's handler need not wait for that.
        await Task.Yield();
        var answer = await answering;
        session.Log.LogDebug(
            "List of {Document} in {Milliseconds:0} ms: {Count} items, {Starred} starred{Incomplete}",
            key,
            answer.Timings.Total,
            answer.Items.Count,
            answer.Items.Count(item => item.Starred),
            answer.IsIncomplete ? ", incomplete" : ""
        );
        return new CompletionListWriter(session.Profile, places, answer, position, parameters.TextDocument.Uri).Write();
    }

    private static char? TriggerOf(CompletionContext? context) =>
        context is { TriggerKind: CompletionTriggerKind.TriggerCharacter, TriggerCharacter: { Length: 1 } character } ? character[0] : null;
}
