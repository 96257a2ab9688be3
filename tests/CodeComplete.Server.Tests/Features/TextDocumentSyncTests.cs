using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using CodeComplete.Engine;
using CodeComplete.Server.Tests.Harness;

namespace CodeComplete.Server.Tests.Features;

/// <summary>Documents open, change and close in the client's order (invariants 2 and 7).</summary>
public sealed class TextDocumentSyncTests
{
    private const string Document = "file:///a.cs";

    [Fact]
    public async Task Edits_reach_the_engine_as_they_were_sent()
    {
        await using var client = await TestClient.StartInitializedAsync();
        client.Open(Document, "one", 3);
        client.Notify(
            "textDocument/didChange",
            JsonNode.Parse(
                """
                {
                  "textDocument": { "uri": "file:///a.cs", "version": 4 },
                  "contentChanges": [
                    { "range": { "start": { "line": 0, "character": 1 }, "end": { "line": 0, "character": 2 } }, "rangeLength": 1, "text": "N" },
                    { "range": { "start": { "line": -1, "character": 0 }, "end": { "line": 4294967295, "character": 0 } }, "text": "" },
                    { "text": "whole" }
                  ]
                }
                """
            )
        );
        client.Notify("textDocument/didClose", JsonNode.Parse("""{"textDocument":{"uri":"file:///a.cs"}}"""));
        await client.SettleAsync();
        Assert.Equal(["open /a.cs 3 one", "change /a.cs 4 [0:1-0:2=N] [0:0-2147483647:0=] [=whole]", "close /a.cs"], client.Engine.Calls);
    }

    [Fact]
    public async Task Opening_twice_replaces()
    {
        await using var client = await TestClient.StartInitializedAsync();
        client.Open(Document, "one", 1);
        client.Open(Document, "two", 7);
        client.Change(Document, 8, "three");
        await client.SettleAsync();
        Assert.Equal(["open /a.cs 1 one", "open /a.cs 7 two", "change /a.cs 8 [=three]"], client.Engine.Calls);
    }

    [Fact]
    public async Task Where_the_cursor_rests_reaches_the_engine_in_order_and_in_its_units()
    {
        await using var client = await TestClient.StartInitializedAsync(
            new JsonObject { ["general"] = new JsonObject { ["positionEncodings"] = new JsonArray("utf-8") } }
        );
        client.Notify("codecomplete/cursor", At("file:///other.cs", 0, 0));
        client.Open(Document, "/* é */ one", 1);
        client.Notify("codecomplete/cursor", At(Document, 0, 12));
        client.Change(Document, 2, "two");
        client.Notify("codecomplete/cursor", At(Document, 0, 3));
        await client.SettleAsync();
        Assert.Equal(["open /a.cs 1 /* é */ one", "rests /a.cs@1 0:11", "change /a.cs 2 [=two]", "rests /a.cs@2 0:3"], client.Engine.Calls);

        static JsonNode At(string uri, int line, int character) =>
            new JsonObject
            {
                ["textDocument"] = new JsonObject { ["uri"] = uri },
                ["position"] = new JsonObject { ["line"] = line, ["character"] = character },
            };
    }

    [Fact]
    public async Task Closing_what_is_not_open_is_ignored()
    {
        await using var client = await TestClient.StartInitializedAsync();
        client.Notify("textDocument/didClose", JsonNode.Parse("""{"textDocument":{"uri":"file:///a.cs"}}"""));
        await client.SettleAsync();
        Assert.Empty(client.Engine.Calls);
    }

    [Fact]
    public async Task Changing_what_is_not_open_is_ignored_with_one_line_in_the_log()
    {
        await using var client = await TestClient.StartInitializedAsync();
        client.Change(Document, 2, "x");
        client.Change(Document, 3, "y");
        await client.SettleAsync();
        Assert.Empty(client.Engine.Calls);
        Assert.Equal(
            "Warning: Ignored a change of /a.cs: the client has not opened it.",
            Assert.Single(client.Logs.Lines, line => line.StartsWith("Warning", StringComparison.Ordinal))
        );
    }

    [Fact]
    public async Task A_version_of_null_counts_on()
    {
        await using var client = await TestClient.StartInitializedAsync();
        client.Open(Document, "", 5);
        client.Notify(
            "textDocument/didChange",
            JsonNode.Parse("""{"textDocument":{"uri":"file:///a.cs","version":null},"contentChanges":[{"text":"x"}]}""")
        );
        await client.SettleAsync();
        Assert.Contains("change /a.cs 6 [=x]", client.Engine.Calls);
    }

    [Fact]
    public async Task A_document_whose_language_changes_is_closed()
    {
        await using var client = await TestClient.StartInitializedAsync();
        client.Open("untitled:Untitled-1", "x", 1);
        client.Open("untitled:Untitled-1", "x", 2, languageId: "markdown");
        await client.SettleAsync();
        Assert.Equal(["open untitled:Untitled-1 1 x", "close untitled:Untitled-1"], client.Engine.Calls);
    }

    [Theory]
    [InlineData("file:///a.cs", "csharp")]
    [InlineData("file:///a.cs", "cs")]
    [InlineData("file:///a.cs", "")]
    [InlineData("file:///A.CS", "plaintext")]
    [InlineData("untitled:Untitled-1", "csharp")]
    [InlineData("file:///script.csx", "csharp")]
    public async Task What_the_client_or_the_file_calls_CSharp_is_opened(string uri, string languageId)
    {
        await using var client = await TestClient.StartInitializedAsync();
        client.Open(uri, languageId: languageId);
        await client.SettleAsync();
        Assert.Single(client.Engine.Calls, call => call.StartsWith("open", StringComparison.Ordinal));
    }

    [Fact]
    public async Task One_document_under_differently_escaped_URIs_is_one()
    {
        await using var client = await TestClient.StartInitializedAsync();
        client.Open("file:///C%23/a%20b.cs", "", 1);
        client.Change("file:///C#/a b.cs", 2, "x");
        await client.SettleAsync();
        Assert.Equal(["open /C#/a b.cs 1 ", "change /C#/a b.cs 2 [=x]"], client.Engine.Calls);
    }

    [Fact]
    public async Task Half_a_surrogate_pair_does_not_lose_the_edit()
    {
        await using var client = await TestClient.StartInitializedAsync();
        client.Open(Document);
        client.SendBody(
            """{"jsonrpc":"2.0","method":"textDocument/didChange","params":{"textDocument":{"uri":"file:///a.cs","version":2},"contentChanges":[{"text":"\ud83d"}]}}"""
        );
        await client.SettleAsync();
        Assert.Contains("change /a.cs 2 [=\ud83d]", client.Engine.Calls);
    }

    [Fact]
    public async Task Each_request_is_answered_for_the_text_the_client_had_when_it_asked()
    {
        const int Rounds = 1000;
        var engine = new FakeEngine
        {
            // Yields, as the real one does, so that answers and later edits really interleave.
            List = async (request, _) =>
            {
                await Task.Yield();
                return new CompletionAnswer([], false, new TextRange(request.Position, request.Position), new StageTimings());
            },
            Ghost = async (_, _) =>
            {
                await Task.Yield();
                return new GhostAnswer(null, new StageTimings());
            },
        };
        await using var client = await TestClient.StartInitializedAsync(engine: engine);
        client.Open(Document);
        var expected = new List<string> { "open /a.cs 1 " };
        var answers = new List<Task<JsonElement>>();
        for (var version = 2; version < Rounds; version++)
        {
            var text = version.ToString(CultureInfo.InvariantCulture);
            client.Change(Document, version, text);
            answers.Add(client.RequestAsync("textDocument/completion", TestClient.At(Document, 0, version)));
            answers.Add(client.RequestAsync("textDocument/inlineCompletion", TestClient.InlineAt(Document, 0, version)));
            expected.Add($"change /a.cs {version} [={text}]");
            expected.Add($"list /a.cs@{version} 0:{version}");
            expected.Add($"ghost /a.cs@{version} 0:{version}");
        }

        foreach (var answer in await Task.WhenAll(answers))
        {
            Assert.True(answer.TryGetProperty("result", out _));
        }

        Assert.Equal(expected, engine.Calls);
    }

    [Fact]
    public async Task An_edit_is_not_blocked_by_a_completion_that_is_under_way()
    {
        var edited = new TaskCompletionSource();
        var engine = new FakeEngine();
        engine.Opened = document =>
        {
            if (document == "/b.cs")
            {
                edited.SetResult();
            }
        };
        engine.List = async (request, _) =>
        {
            // Ends only once a later message has been handled.
            await edited.Task;
            return new CompletionAnswer([], true, new TextRange(request.Position, request.Position), new StageTimings());
        };
        await using var client = await TestClient.StartInitializedAsync(engine: engine);
        client.Open(Document);
        var list = client.ResultAsync("textDocument/completion", TestClient.At(Document));
        client.Open("file:///b.cs");
        Assert.True((await list).GetProperty("isIncomplete").GetBoolean());
    }
}
