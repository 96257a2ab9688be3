using System.Text.Json;
using System.Text.Json.Nodes;
using CodeComplete.Engine;
using CodeComplete.Server.Tests.Harness;

namespace CodeComplete.Server.Tests.Features;

/// <summary>Ghost text.</summary>
public sealed class InlineCompletionTests
{
    private const string Document = "file:///a.cs";

    private static readonly GhostAnswer Answer = new(
        new GhostText
        {
            Id = "g1",
            Text = "Console.WriteLine();",
            Range = new TextRange(new Position(2, 4), new Position(2, 7)),
            Verified = true,
            Probability = 0.9,
        },
        new StageTimings()
    );

    [Fact]
    public async Task Ghost_text_carries_its_range_and_the_command_that_says_it_was_taken()
    {
        await using var client = await StartAsync();
        var list = await client.ResultAsync("textDocument/inlineCompletion", TestClient.InlineAt(Document, 2, 7));
        CompletionTests.AssertJson(
            """
            {
              "items": [
                {
                  "insertText": "Console.WriteLine();",
                  "range": { "start": { "line": 2, "character": 4 }, "end": { "line": 2, "character": 7 } },
                  "command": { "title": "Accepted", "command": "codecomplete.accepted", "arguments": ["g1"] }
                }
              ]
            }
            """,
            list
        );

        var command = list.GetProperty("items")[0].GetProperty("command");
        var run = new JsonObject
        {
            ["command"] = command.GetProperty("command").GetString(),
            ["arguments"] = JsonNode.Parse(command.GetProperty("arguments").GetRawText()),
        };
        Assert.Equal(JsonValueKind.Null, (await client.ResultAsync("workspace/executeCommand", run)).ValueKind);
        Assert.Contains("accept g1", client.Engine.Calls);
    }

    [Theory]
    [InlineData(1, 3)]
    [InlineData(2, 1)]
    public async Task Who_asks_by_hand_gets_several_lines_to_choose_from(int triggerKind, int lines)
    {
        await using var client = await StartAsync();
        GhostRequest? asked = null;
        client.Engine.Ghost = (request, _) =>
        {
            asked = request;
            var ghosts = Enumerable.Range(1, request.Lines).Select(n => Answer.Ghost! with { Id = $"g{n}", Text = $"Line{n}();" }).ToList();
            return Task.FromResult(Answer with { Ghost = ghosts[0], Others = ghosts[1..] });
        };

        var list = await client.ResultAsync("textDocument/inlineCompletion", TestClient.InlineAt(Document, 2, 7, triggerKind));

        Assert.Equal(triggerKind == 1, asked!.Invoked);
        Assert.Equal(
            Enumerable.Range(1, lines).Select(n => $"Line{n}(); g{n}"),
            list.GetProperty("items")
                .EnumerateArray()
                .Select(item =>
                    $"{item.GetProperty("insertText").GetString()} {item.GetProperty("command").GetProperty("arguments")[0].GetString()}"
                )
        );
    }

    [Fact]
    public async Task What_a_client_says_of_its_ghost_text_reaches_the_engine()
    {
        await using var client = await StartAsync();
        var item = (await client.ResultAsync("textDocument/inlineCompletion", TestClient.InlineAt(Document, 2, 7))).GetProperty("items")[0];

        client.Notify("textDocument/didShowCompletion", new JsonObject { ["item"] = Copy() });
        client.Notify("textDocument/didPartiallyAcceptCompletion", new JsonObject { ["item"] = Copy(), ["acceptedLength"] = 7 });
        await client.SettleAsync();

        Assert.Equal(["shown g1", "accept g1 7"], client.Engine.Calls.Where(call => call.Contains("g1", StringComparison.Ordinal)));

        JsonNode Copy() => JsonNode.Parse(item.GetRawText())!;
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""[]""")]
    [InlineData("""{"item":null,"acceptedLength":1}""")]
    [InlineData("""{"item":{"command":{"arguments":[]}},"acceptedLength":1}""")]
    [InlineData("""{"item":{"command":{"arguments":[1]}},"acceptedLength":1}""")]
    [InlineData("""{"item":{"command":{"arguments":"g1"}},"acceptedLength":1}""")]
    public async Task What_is_said_in_another_shape_is_ignored(string parameters)
    {
        await using var client = await StartAsync();

        client.Notify("textDocument/didShowCompletion", JsonNode.Parse(parameters));
        client.Notify("textDocument/didPartiallyAcceptCompletion", JsonNode.Parse(parameters));
        await client.SettleAsync();

        Assert.DoesNotContain(client.Engine.Calls, call => call.StartsWith("shown", StringComparison.Ordinal));
        Assert.DoesNotContain(client.Engine.Calls, call => call.StartsWith("accept", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("1e30")]
    [InlineData("\"1\"")]
    [InlineData("null")]
    public async Task A_part_without_a_length_is_ignored(string length)
    {
        await using var client = await StartAsync();

        var parameters = """{"item":{"command":{"arguments":["g1"]}},"acceptedLength":0}""".Replace("0", length, StringComparison.Ordinal);
        client.Notify("textDocument/didPartiallyAcceptCompletion", JsonNode.Parse(parameters));
        await client.SettleAsync();

        Assert.DoesNotContain(client.Engine.Calls, call => call.StartsWith("accept", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nothing_offered_is_an_empty_list()
    {
        await using var client = await TestClient.StartInitializedAsync();
        client.Open(Document);
        Assert.Equal(
            0,
            (await client.ResultAsync("textDocument/inlineCompletion", TestClient.InlineAt(Document))).GetProperty("items").GetArrayLength()
        );
    }

    [Fact]
    public async Task The_engine_hears_who_asked_and_what_is_selected_in_the_list()
    {
        await using var client = await StartAsync();
        var context = JsonNode.Parse(
            """
            {
              "triggerKind": 1,
              "selectedCompletionInfo": { "text": "WriteLine", "range": { "start": { "line": 2, "character": 5 }, "end": { "line": 2, "character": 7 } } }
            }
            """
        )!;
        await client.ResultAsync("textDocument/inlineCompletion", TestClient.At(Document, 2, 7, context.AsObject()));
        await client.ResultAsync("textDocument/inlineCompletion", TestClient.InlineAt(Document, 2, 7, triggerKind: 2));
        Assert.Equal(
            [
                new GhostRequest("/a.cs", new Position(2, 7), true, "WriteLine", new TextRange(new Position(2, 5), new Position(2, 7)))
                {
                    Lines = 3,
                    Thorough = true,
                },
                new GhostRequest("/a.cs", new Position(2, 7), false),
            ],
            client.Engine.GhostRequests
        );
    }

    [Theory]
    [InlineData("textDocument/didChange", """{"textDocument":{"uri":"file:///a.cs","version":2},"contentChanges":[{"text":"x"}]}""")]
    [InlineData("textDocument/didClose", """{"textDocument":{"uri":"file:///a.cs"}}""")]
    public async Task Ghost_text_for_an_older_version_is_not_sent(string method, string parameters)
    {
        var written = new TaskCompletionSource<GhostAnswer>();
        await using var client = await StartAsync((_, _) => written.Task);
        var answer = client.ResultAsync("textDocument/inlineCompletion", TestClient.InlineAt(Document));
        client.Notify(method, JsonNode.Parse(parameters));
        await client.SettleAsync();
        written.SetResult(Answer);
        Assert.Equal(0, (await answer).GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task An_edit_of_another_document_leaves_ghost_text_alone()
    {
        var written = new TaskCompletionSource<GhostAnswer>();
        await using var client = await StartAsync((_, _) => written.Task);
        client.Open("file:///b.cs");
        var answer = client.ResultAsync("textDocument/inlineCompletion", TestClient.InlineAt(Document));
        client.Change("file:///b.cs", 2, "x");
        await client.SettleAsync();
        written.SetResult(Answer);
        Assert.Equal(1, (await answer).GetProperty("items").GetArrayLength());
    }

    private static async Task<TestClient> StartAsync(Func<GhostRequest, CancellationToken, Task<GhostAnswer>>? ghost = null)
    {
        var client = await TestClient.StartInitializedAsync(
            engine: new FakeEngine { Ghost = ghost ?? ((_, _) => Task.FromResult(Answer)) }
        );
        client.Open(Document);
        return client;
    }
}
