using System.Text.Json.Nodes;
using CodeComplete.Engine;
using CodeComplete.Server.Tests.Harness;

namespace CodeComplete.Server.Tests.Features;

/// <summary><c>$/cancelRequest</c>.</summary>
public sealed class CancellationTests
{
    private const string Document = "file:///a.cs";

    [Theory]
    [InlineData("textDocument/completion")]
    [InlineData("textDocument/inlineCompletion")]
    public async Task A_cancelled_request_ends_with_minus_32800_and_the_engine_stops(string method)
    {
        var engine = new FakeEngine
        {
            List = (_, token) => Until<CompletionAnswer>(token),
            Ghost = (_, token) => Until<GhostAnswer>(token),
        };
        await using var client = await TestClient.StartInitializedAsync(engine: engine);
        client.Open(Document);
        var (id, answer) = client.Request(method, TestClient.InlineAt(Document));
        await client.SettleAsync();
        client.Notify("$/cancelRequest", new JsonObject { ["id"] = id });
        Assert.Equal(-32800, TestClient.ErrorOf(await answer).Code);
        await client.SettleAsync();
    }

    [Fact]
    public async Task A_cancellation_overtakes_a_handler_that_has_not_run_yet()
    {
        var release = new ManualResetEventSlim();
        var engine = new FakeEngine
        {
            // Blocks the handlers' turn, as a slow edit would.
            Opened = _ => release.Wait(TestContext.Current.CancellationToken),
            // Ends by the cancellation alone, whether it arrives before the handler runs or just after.
            List = (_, token) => Until<CompletionAnswer>(token),
        };
        await using var client = await TestClient.StartInitializedAsync(engine: engine);
        client.Open(Document);
        var (id, answer) = client.Request("textDocument/completion", TestClient.At(Document));
        client.Notify("$/cancelRequest", new JsonObject { ["id"] = id });

        // Answered where messages are read, so the cancellation before it has been read too.
        await client.ErrorAsync("no/suchMethod", null);
        release.Set();
        Assert.Equal(-32800, TestClient.ErrorOf(await answer).Code);
    }

    [Fact]
    public async Task Cancelling_what_has_been_answered_does_nothing()
    {
        await using var client = await TestClient.StartInitializedAsync();
        var (id, answer) = client.Request("completionItem/resolve", new JsonObject { ["label"] = "x" });
        await answer;
        client.Notify("$/cancelRequest", new JsonObject { ["id"] = id });
        await client.SettleAsync();
    }

    [Fact]
    public async Task Shutdown_ends_what_is_under_way()
    {
        await using var client = await TestClient.StartInitializedAsync(
            engine: new FakeEngine { List = (_, token) => Until<CompletionAnswer>(token) }
        );
        client.Open(Document);
        var answer = client.RequestAsync("textDocument/completion", TestClient.At(Document));
        await client.ResultAsync("shutdown", null);
        Assert.Equal(-32800, TestClient.ErrorOf(await answer).Code);
    }

    /// <summary>Ends when it is cancelled, and only then.</summary>
    private static Task<T> Until<T>(CancellationToken token)
    {
        var cancelled = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        token.Register(() => cancelled.TrySetCanceled(token));
        return cancelled.Task;
    }
}
