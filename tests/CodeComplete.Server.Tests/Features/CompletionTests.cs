using System.Text.Json;
using System.Text.Json.Nodes;
using CodeComplete.Engine;
using CodeComplete.Server.Tests.Harness;

namespace CodeComplete.Server.Tests.Features;

/// <summary>The list, as each kind of client gets it.</summary>
public sealed class CompletionTests
{
    private const string Document = "file:///a.cs";

    /// <summary>The word at 0:4 to 0:7.</summary>
    private static readonly TextRange Word = new(new Position(0, 4), new Position(0, 7));

    private static readonly CompletionEntry Starred = new()
    {
        Key = new ItemKey(9, 0),
        Label = "Add",
        Kind = ItemKind.Method,
        FilterText = "Add",
        SortText = "Add",
        InsertText = "Add",
        Starred = true,
        Preselected = true,
        LabelDetail = "<T>",
        Description = "MyApp",
    };

    private static readonly CompletionEntry Old = new()
    {
        Key = new ItemKey(9, 1),
        Label = "Abs",
        Kind = ItemKind.TypeParameter,
        FilterText = "Abs",
        SortText = "Abs",
        InsertText = "@Abs",
        Deprecated = true,
    };

    [Fact]
    public async Task VsCode_gets_the_range_once_and_label_details()
    {
        await using var client = await StartAsync(Capabilities.VsCode);
        var list = await client.ResultAsync("textDocument/completion", TestClient.At(Document, 0, 7));
        AssertJson(
            """
            {
              "isIncomplete": true,
              "items": [
                {
                  "label": "★ Add", "labelDetails": { "detail": "<T>", "description": "MyApp" }, "kind": 2, "preselect": true,
                  "sortText": "!Add", "filterText": "Add", "textEditText": "Add", "data": { "list": 9, "index": 0 }
                },
                { "label": "Abs", "kind": 25, "tags": [1], "sortText": "Abs", "textEditText": "@Abs", "data": { "list": 9, "index": 1 } }
              ],
              "itemDefaults": { "editRange": { "start": { "line": 0, "character": 4 }, "end": { "line": 0, "character": 7 } } }
            }
            """,
            list
        );
    }

    [Fact]
    public async Task VsCode_inside_a_word_may_insert_or_replace()
    {
        await using var client = await StartAsync(Capabilities.VsCode);
        var list = await client.ResultAsync("textDocument/completion", TestClient.At(Document, 0, 5));
        AssertJson(
            """
            {
              "insert": { "start": { "line": 0, "character": 4 }, "end": { "line": 0, "character": 5 } },
              "replace": { "start": { "line": 0, "character": 4 }, "end": { "line": 0, "character": 7 } }
            }
            """,
            list.GetProperty("itemDefaults").GetProperty("editRange")
        );
    }

    [Fact]
    public async Task Neovim_gets_details_in_one_column_and_the_older_deprecated()
    {
        await using var client = await StartAsync(Capabilities.Neovim);
        var items = (await client.ResultAsync("textDocument/completion", TestClient.At(Document, 0, 7))).GetProperty("items");
        Assert.Equal("<T> MyApp", items[0].GetProperty("detail").GetString());
        Assert.False(items[0].TryGetProperty("labelDetails", out _));
        Assert.True(items[1].GetProperty("deprecated").GetBoolean());
        Assert.False(items[1].TryGetProperty("tags", out _));
    }

    [Fact]
    public async Task A_client_that_says_nothing_gets_an_edit_in_each_item_and_only_the_first_kinds()
    {
        await using var client = await StartAsync(Capabilities.Plain);
        var list = await client.ResultAsync("textDocument/completion", TestClient.At(Document, 0, 5));
        AssertJson(
            """
            {
              "isIncomplete": true,
              "items": [
                {
                  "label": "★ Add", "kind": 2, "detail": "<T> MyApp", "sortText": "!Add", "filterText": "Add",
                  "textEdit": { "range": { "start": { "line": 0, "character": 4 }, "end": { "line": 0, "character": 7 } }, "newText": "Add" },
                  "data": { "list": 9, "index": 0 }
                },
                {
                  "label": "Abs", "kind": 7, "sortText": "Abs",
                  "textEdit": { "range": { "start": { "line": 0, "character": 4 }, "end": { "line": 0, "character": 7 } }, "newText": "@Abs" },
                  "data": { "list": 9, "index": 1 }
                }
              ]
            }
            """,
            list
        );
    }

    [Fact]
    public async Task Zed_gets_the_range_once_to_insert_or_to_replace_and_marks_nothing_it_does_not_know()
    {
        await using var client = await StartAsync(Capabilities.Zed);
        var list = await client.ResultAsync("textDocument/completion", TestClient.At(Document, 0, 5));
        AssertJson(
            """
            {
              "isIncomplete": true,
              "itemDefaults": {
                "editRange": {
                  "insert": { "start": { "line": 0, "character": 4 }, "end": { "line": 0, "character": 5 } },
                  "replace": { "start": { "line": 0, "character": 4 }, "end": { "line": 0, "character": 7 } }
                }
              },
              "items": [
                {
                  "label": "★ Add", "kind": 2, "labelDetails": { "detail": "<T>", "description": "MyApp" }, "sortText": "!Add", "filterText": "Add",
                  "textEditText": "Add", "data": { "list": 9, "index": 0 }
                },
                { "label": "Abs", "kind": 7, "sortText": "Abs", "textEditText": "@Abs", "data": { "list": 9, "index": 1 } }
              ]
            }
            """,
            list
        );
    }

    [Fact]
    public async Task Sublime_gets_a_range_in_each_item_and_strikes_out_by_tag()
    {
        await using var client = await StartAsync(Capabilities.Sublime);
        var list = await client.ResultAsync("textDocument/completion", TestClient.At(Document, 0, 5));
        AssertJson(
            """
            {
              "isIncomplete": true,
              "items": [
                {
                  "label": "★ Add", "kind": 2, "labelDetails": { "detail": "<T>", "description": "MyApp" }, "sortText": "!Add", "filterText": "Add",
                  "textEdit": { "range": { "start": { "line": 0, "character": 4 }, "end": { "line": 0, "character": 7 } }, "newText": "Add" },
                  "data": { "list": 9, "index": 0 }
                },
                {
                  "label": "Abs", "kind": 25, "sortText": "Abs", "tags": [1],
                  "textEdit": { "range": { "start": { "line": 0, "character": 4 }, "end": { "line": 0, "character": 7 } }, "newText": "@Abs" },
                  "data": { "list": 9, "index": 1 }
                }
              ]
            }
            """,
            list
        );
    }

    [Fact]
    public async Task A_client_with_insert_and_replace_but_no_defaults_gets_both_in_each_item()
    {
        var capabilities = JsonNode
            .Parse("""{"textDocument":{"completion":{"completionItem":{"insertReplaceSupport":true}}}}""")!
            .AsObject();
        await using var client = await StartAsync(capabilities);
        var items = (await client.ResultAsync("textDocument/completion", TestClient.At(Document, 0, 5))).GetProperty("items");
        AssertJson(
            """
            {
              "newText": "Add",
              "insert": { "start": { "line": 0, "character": 4 }, "end": { "line": 0, "character": 5 } },
              "replace": { "start": { "line": 0, "character": 4 }, "end": { "line": 0, "character": 7 } }
            }
            """,
            items[0].GetProperty("textEdit")
        );
    }

    private static readonly CompletionEntry Template = new()
    {
        Key = new ItemKey(9, 2),
        Label = "foreach",
        Kind = ItemKind.Snippet,
        FilterText = "foreach",
        SortText = "foreach",
        InsertText = "foreach (var ${1:item} in x)",
        IsSnippet = true,
        Removes = new TextRange(new Position(0, 2), new Position(0, 4)),
    };

    [Fact]
    public async Task A_template_takes_its_receiver_away()
    {
        await using var client = await StartAsync(Capabilities.Helix, Template);
        var items = (await client.ResultAsync("textDocument/completion", TestClient.At(Document, 0, 7))).GetProperty("items");
        AssertJson(
            """
            {
              "label": "foreach", "kind": 15, "sortText": "foreach", "insertTextFormat": 2,
              "textEdit": {
                "range": { "start": { "line": 0, "character": 4 }, "end": { "line": 0, "character": 7 } },
                "newText": "foreach (var ${1:item} in x)"
              },
              "additionalTextEdits": [
                { "range": { "start": { "line": 0, "character": 2 }, "end": { "line": 0, "character": 4 } }, "newText": "" }
              ],
              "data": { "list": 9, "index": 2 }
            }
            """,
            items[0]
        );
    }

    [Theory]
    [InlineData("VsCode", true)]
    [InlineData("Neovim", true)]
    [InlineData("Helix", true)]
    [InlineData("Zed", true)]
    [InlineData("Sublime", true)]
    [InlineData("Eglot", false)]
    [InlineData("Plain", false)]
    public async Task Snippets_are_asked_for_where_the_client_knows_them(string profile, bool expected)
    {
        await using var client = await StartAsync(Profile(profile));
        await client.ResultAsync("textDocument/completion", TestClient.At(Document, 0, 7));
        Assert.Equal(expected, Assert.Single(client.Engine.ListRequests).Snippets);
    }

    [Theory]
    [InlineData("VsCode", true)]
    [InlineData("Neovim", true)]
    [InlineData("Helix", true)]
    [InlineData("Zed", true)]
    [InlineData("Sublime", true)]
    [InlineData("Eglot", false)]
    [InlineData("Plain", false)]
    public async Task An_item_that_is_whole_only_when_resolved_goes_to_who_resolves_edits(string profile, bool expected)
    {
        await using var client = await StartAsync(Profile(profile), Starred, Old with { NeedsResolve = true });
        var items = (await client.ResultAsync("textDocument/completion", TestClient.At(Document, 0, 7))).GetProperty("items");
        Assert.Equal(expected ? 2 : 1, items.GetArrayLength());
    }

    [Theory]
    [InlineData("VsCode", "int Size()\n    {\n    }", 1)]
    [InlineData("VsCode", "Size", null)]
    [InlineData("Eglot", "int Size()\n    {\n    }", null)]
    public async Task Lines_that_are_indented_already_are_to_stay_as_they_are(string profile, string text, int? expected)
    {
        await using var client = await StartAsync(Profile(profile), Old with { InsertText = text });
        var item = (await client.ResultAsync("textDocument/completion", TestClient.At(Document, 0, 7))).GetProperty("items")[0];
        Assert.Equal(expected, item.TryGetProperty("insertTextMode", out var mode) ? mode.GetInt32() : null);
    }

    [Fact]
    public async Task Commit_characters_are_sent_once_and_what_differs_with_its_item()
    {
        var entries = new[]
        {
            Old with
            {
                CommitCharacters = ".(",
            },
            Old with
            {
                Key = new ItemKey(9, 2),
                CommitCharacters = ".(",
            },
            Template,
        };
        await using var client = await StartAsync(Capabilities.VsCode, entries);
        var list = await client.ResultAsync("textDocument/completion", TestClient.At(Document, 0, 7));
        AssertJson("""[".", "("]""", list.GetProperty("itemDefaults").GetProperty("commitCharacters"));
        Assert.False(list.GetProperty("items")[0].TryGetProperty("commitCharacters", out _));
        AssertJson("[]", list.GetProperty("items")[2].GetProperty("commitCharacters"));
    }

    [Theory]
    [InlineData("Neovim")]
    [InlineData("Helix")]
    [InlineData("Eglot")]
    [InlineData("Sublime")]
    [InlineData("Zed")]
    public async Task Commit_characters_go_to_no_client_that_takes_them_not_once_for_all(string profile)
    {
        await using var client = await StartAsync(Profile(profile), Old with { CommitCharacters = ".(" }, Template);
        var list = await client.ResultAsync("textDocument/completion", TestClient.At(Document, 0, 7));
        Assert.DoesNotContain("commitCharacters", list.GetRawText(), StringComparison.Ordinal);
    }

    private static JsonObject Profile(string name) =>
        name switch
        {
            "VsCode" => Capabilities.VsCode,
            "Neovim" => Capabilities.Neovim,
            "Helix" => Capabilities.Helix,
            "Eglot" => Capabilities.Eglot,
            "Zed" => Capabilities.Zed,
            "Sublime" => Capabilities.Sublime,
            _ => Capabilities.Plain,
        };

    [Fact]
    public async Task A_starred_item_sorts_before_every_other()
    {
        var entries = Enumerable
            .Range(0x21, 0x7F - 0x21)
            .Select(c => (char)c)
            .Where(c => char.IsLetterOrDigit(c) || c == '_')
            .Select((c, i) => Old with { Key = new ItemKey(1, i), SortText = $"{c}x" })
            .Append(Starred with { SortText = "zzz" })
            .ToArray();
        await using var client = await StartAsync(Capabilities.VsCode, entries);
        var items = (await client.ResultAsync("textDocument/completion", TestClient.At(Document, 0, 7))).GetProperty("items");
        var first = items.EnumerateArray().MinBy(item => item.GetProperty("sortText").GetString(), StringComparer.Ordinal);
        Assert.Equal("★ Add", first.GetProperty("label").GetString());
    }

    [Theory]
    [InlineData("""{"triggerKind":2,"triggerCharacter":"."}""", '.')]
    [InlineData("""{"triggerKind":1}""", null)]
    [InlineData("""{"triggerKind":1,"triggerCharacter":"."}""", null)]
    [InlineData("""{"triggerKind":3}""", null)]
    [InlineData("""{"triggerKind":2}""", null)]
    [InlineData("null", null)]
    public async Task The_engine_hears_what_triggered_the_list(string context, char? trigger)
    {
        await using var client = await StartAsync(Capabilities.VsCode);
        var parameters = TestClient.At(Document, 0, 5);
        parameters["context"] = JsonNode.Parse(context);
        await client.ResultAsync("textDocument/completion", parameters);
        Assert.Equal(new ListRequest("/a.cs", new Position(0, 5), trigger, Snippets: true), Assert.Single(client.Engine.ListRequests));
    }

    [Fact]
    public async Task An_edit_outside_the_identifier_is_minus_32801()
    {
        var engine = new FakeEngine { List = (_, _) => Task.FromException<CompletionAnswer>(new ContentModifiedException()) };
        await using var client = await TestClient.StartInitializedAsync(engine: engine);
        client.Open(Document);
        Assert.Equal(-32801, (await client.ErrorAsync("textDocument/completion", TestClient.At(Document))).Code);
    }

    [Fact]
    public async Task Every_kind_of_item_has_LSPs_kind()
    {
        var entries = Enum.GetValues<ItemKind>().Select((kind, i) => Old with { Key = new ItemKey(1, i), Kind = kind }).ToArray();
        await using var client = await StartAsync(Capabilities.VsCode, entries);
        var items = (await client.ResultAsync("textDocument/completion", TestClient.At(Document, 0, 7))).GetProperty("items");
        var names = items
            .EnumerateArray()
            .Select(item => ((Server.Protocol.CompletionItemKind)item.GetProperty("kind").GetInt32()).ToString());
        Assert.Equal(Enum.GetNames<ItemKind>(), names);
    }

    internal static void AssertJson(string expected, JsonElement actual) =>
        Assert.True(
            JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(actual.GetRawText())),
            $"Expected:\n{JsonNode.Parse(expected)}\nActual:\n{JsonNode.Parse(actual.GetRawText())}"
        );

    private static async Task<TestClient> StartAsync(JsonObject capabilities, params CompletionEntry[] entries)
    {
        var answer = new CompletionAnswer(entries.Length > 0 ? entries : [Starred, Old], true, Word, new StageTimings());
        var client = await TestClient.StartInitializedAsync(capabilities, new FakeEngine { List = (_, _) => Task.FromResult(answer) });
        client.Open(Document, "var Abs = 1;");
        return client;
    }
}
