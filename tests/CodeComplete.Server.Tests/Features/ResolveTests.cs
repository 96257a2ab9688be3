using System.Text.Json.Nodes;
using CodeComplete.Engine;
using CodeComplete.Server.Tests.Harness;

namespace CodeComplete.Server.Tests.Features;

/// <summary>What is worked out for one item.</summary>
public sealed class ResolveTests
{
    private static readonly TextRange Top = new(new Position(0, 0), new Position(0, 0));

    private static readonly ItemDetail Detail = new(
        "void List<int>.Add(int item)",
        "Adds *one* to a List<int>.\nSee [docs] & `more`.",
        null,
        [new AdditionalEdit(Top, "using System;\n")]
    );

    [Fact]
    public async Task Markdown_shows_the_text_as_it_is_written()
    {
        await using var client = await StartAsync(Capabilities.VsCode, Detail);
        var item = await client.ResultAsync("completionItem/resolve", JsonNode.Parse("""{"label":"Add","data":{"list":9,"index":4}}"""));
        CompletionTests.AssertJson(
            """
            {
              "label": "Add", "data": { "list": 9, "index": 4 },
              "detail": "void List<int>.Add(int item)",
              "documentation": { "kind": "markdown", "value": "Adds \\*one\\* to a List\\<int\\>.  \nSee \\[docs\\] \\& \\`more\\`." },
              "additionalTextEdits": [{ "range": { "start": { "line": 0, "character": 0 }, "end": { "line": 0, "character": 0 } }, "newText": "using System;\n" }]
            }
            """,
            item
        );
        Assert.Contains("resolve 9/4", client.Engine.Calls);
    }

    [Theory]
    [InlineData("""["plaintext","markdown"]""", """{"kind":"plaintext","value":"Adds *one* to a List<int>.\nSee [docs] & `more`."}""")]
    [InlineData("null", "\"Adds *one* to a List<int>.\\nSee [docs] & `more`.\"")]
    public async Task Other_clients_get_the_text_plain(string formats, string documentation)
    {
        var capabilities = JsonNode
            .Parse("""{"textDocument":{"completion":{"completionItem":{"documentationFormat":FORMATS}}}}""".Replace("FORMATS", formats))!
            .AsObject();
        await using var client = await StartAsync(capabilities, Detail);
        var item = await client.ResultAsync("completionItem/resolve", JsonNode.Parse("""{"label":"Add","data":{"list":9,"index":4}}"""));
        CompletionTests.AssertJson(documentation, item.GetProperty("documentation"));
    }

    [Fact]
    public async Task A_signature_of_several_lines_is_written_out_above_the_text()
    {
        await using var client = await StartAsync(Capabilities.VsCode, new ItemDetail("void F(\r\n  int x)\r\n", "Does it.", null, []));
        var item = await client.ResultAsync("completionItem/resolve", JsonNode.Parse("""{"label":"F","data":{"list":1,"index":0}}"""));
        Assert.Equal("void F(", item.GetProperty("detail").GetString());
        Assert.Equal("```csharp\nvoid F(\n  int x)\n```\n\nDoes it.", item.GetProperty("documentation").GetProperty("value").GetString());
        Assert.False(item.TryGetProperty("additionalTextEdits", out _));
    }

    [Fact]
    public async Task Where_there_is_nothing_to_say_nothing_is_said()
    {
        await using var client = await StartAsync(Capabilities.VsCode, new ItemDetail("", " ", null, []));
        var item = await client.ResultAsync("completionItem/resolve", JsonNode.Parse("""{"label":"F","data":{"list":1,"index":0}}"""));
        CompletionTests.AssertJson("""{"label":"F","data":{"list":1,"index":0}}""", item);
    }

    [Theory]
    [InlineData("""{"label":"Add"}""")]
    [InlineData("""{"label":"Add","data":null}""")]
    [InlineData("""{"label":"Add","data":"lost"}""")]
    [InlineData("""{"label":"Add","data":{"list":"9","index":4}}""")]
    [InlineData("""{"label":"Add","data":{"list":9}}""")]
    [InlineData("""{"label":"Add","mine":[1,{"a":null}],"data":{"list":9,"index":1e30}}""")]
    public async Task An_item_without_our_data_comes_back_unchanged(string item)
    {
        await using var client = await StartAsync(Capabilities.VsCode, Detail);
        CompletionTests.AssertJson(item, await client.ResultAsync("completionItem/resolve", JsonNode.Parse(item)));
        Assert.Empty(client.Engine.Calls);
    }

    [Fact]
    public async Task An_item_the_engine_has_forgotten_comes_back_unchanged()
    {
        await using var client = await StartAsync(Capabilities.VsCode, null);
        const string Item = """{"label":"Add","detail":"kept","data":{"list":9,"index":4}}""";
        CompletionTests.AssertJson(Item, await client.ResultAsync("completionItem/resolve", JsonNode.Parse(Item)));
    }

    [Theory]
    [InlineData("""{"label":"F","textEdit":{"newText":"F","range":{}},"data":{"list":1,"index":0}}""", "textEdit.newText")]
    [InlineData("""{"label":"F","textEditText":"F","data":{"list":1,"index":0}}""", "textEditText")]
    public async Task A_text_that_was_worked_out_late_goes_where_the_client_looks(string item, string place)
    {
        await using var client = await StartAsync(Capabilities.VsCode, new ItemDetail("", "", "override void F()", []));
        var resolved = await client.ResultAsync("completionItem/resolve", JsonNode.Parse(item));
        foreach (var name in place.Split('.'))
        {
            resolved = resolved.GetProperty(name);
        }

        Assert.Equal("override void F()", resolved.GetString());
    }

    private static Task<TestClient> StartAsync(JsonObject capabilities, ItemDetail? detail) =>
        TestClient.StartInitializedAsync(capabilities, new FakeEngine { Resolve = _ => Task.FromResult(detail) });
}
