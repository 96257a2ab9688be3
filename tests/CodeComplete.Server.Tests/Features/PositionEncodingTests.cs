using System.Text.Json.Nodes;
using CodeComplete.Engine;
using CodeComplete.Server.Tests.Harness;

namespace CodeComplete.Server.Tests.Features;

/// <summary>Which positions are agreed on, and that all of them are counted so.</summary>
public sealed class PositionEncodingTests
{
    private const string Uri = "file:///w/a.cs";

    [Theory]
    [InlineData("null", "utf-16")]
    [InlineData("[]", "utf-16")]
    [InlineData("""["utf-16"]""", "utf-16")]
    [InlineData("""["utf-8","utf-16","utf-32"]""", "utf-16")]
    [InlineData("""["utf-8","utf-32"]""", "utf-8")]
    [InlineData("""["utf-32"]""", "utf-32")]
    [InlineData("""["ebcdic",1]""", "utf-16")]
    [InlineData("\"utf-8\"", "utf-16")]
    public async Task Utf16_is_agreed_on_wherever_the_client_has_it(string offered, string agreed)
    {
        await using var client = TestClient.Start();
        var answer = await client.InitializeAsync(Offering(offered));
        Assert.Equal(agreed, answer.GetProperty("capabilities").GetProperty("positionEncoding").GetString());
    }

    [Fact]
    public async Task A_client_that_counts_bytes_is_understood_and_answered_in_bytes()
    {
        await using var client = await TestClient.StartInitializedAsync(Offering("""["utf-8"]"""));
        client.Open(Uri, "/* 😀 */ é.\r\nx");

        // Two edits in one message: the second one's places are those after the first.
        client.Notify(
            "textDocument/didChange",
            JsonNode.Parse(
                """
                {
                  "textDocument": { "uri": "file:///w/a.cs", "version": 2 },
                  "contentChanges": [
                    { "range": { "start": { "line": 1, "character": 0 }, "end": { "line": 1, "character": 1 } }, "text": "ü.\n€" },
                    { "range": { "start": { "line": 1, "character": 2 }, "end": { "line": 2, "character": 3 } }, "text": "!" }
                  ]
                }
                """
            )
        );
        client.Engine.List = (request, _) =>
            Task.FromResult(
                new CompletionAnswer([Entry()], false, new TextRange(new Position(0, 10), request.Position), new StageTimings())
            );
        client.Engine.Ghost = (request, _) =>
            Task.FromResult(
                new GhostAnswer(
                    new GhostText
                    {
                        Id = "1",
                        Text = "b",
                        Range = new TextRange(new Position(0, 10), new Position(0, 11)),
                        Verified = true,
                        Probability = 1,
                    },
                    new StageTimings()
                )
            );
        client.Engine.Resolve = _ =>
            Task.FromResult<ItemDetail?>(
                new ItemDetail(
                    "",
                    "",
                    InsertText: null,
                    [new AdditionalEdit(new TextRange(new Position(1, 1), new Position(1, 2)), "using X;")]
                )
            );

        var list = await client.ResultAsync("textDocument/completion", TestClient.At(Uri, 0, 14));
        var ghost = await client.ResultAsync("textDocument/inlineCompletion", TestClient.InlineAt(Uri, 0, 14));
        var resolved = await client.ResultAsync("completionItem/resolve", JsonNode.Parse(list.GetProperty("items")[0].GetRawText()));

        Assert.Equal(
            [
                "open /w/a.cs 1 /* 😀 */ é.\r\nx",
                "change /w/a.cs 2 [1:0-1:1=ü.\n€] [1:1-2:1=!]",
                "list /w/a.cs@2 0:11",
                "ghost /w/a.cs@2 0:11",
            ],
            client.Engine.Calls.Take(4)
        );
        var text = list.GetProperty("items")[0].GetProperty("textEdit").GetProperty("range");
        CompletionTests.AssertJson("""{"start":{"line":0,"character":13},"end":{"line":0,"character":14}}""", text);
        CompletionTests.AssertJson(
            """{"start":{"line":0,"character":13},"end":{"line":0,"character":14}}""",
            ghost.GetProperty("items")[0].GetProperty("range")
        );
        CompletionTests.AssertJson(
            """[{"range":{"start":{"line":1,"character":2},"end":{"line":1,"character":3}},"newText":"using X;"}]""",
            resolved.GetProperty("additionalTextEdits")
        );
    }

    private static CompletionEntry Entry() =>
        new()
        {
            Key = new ItemKey(1, 0),
            Label = "a",
            Kind = ItemKind.Field,
            FilterText = "a",
            SortText = "a",
            InsertText = "a",
        };

    private static JsonObject Offering(string encodings) =>
        new() { ["general"] = new JsonObject { ["positionEncodings"] = JsonNode.Parse(encodings) } };
}
