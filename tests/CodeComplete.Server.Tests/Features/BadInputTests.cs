using System.Text.Json;
using System.Text.Json.Nodes;
using CodeComplete.Server.Tests.Harness;

namespace CodeComplete.Server.Tests.Features;

/// <summary>What clients get wrong: an error or an empty answer, and the stream goes on.</summary>
public sealed class BadInputTests
{
    private const string Document = "file:///a.cs";

    [Theory]
    [InlineData("not json", -32700)]
    [InlineData("", -32700)]
    [InlineData("{\"jsonrpc\":\"2.0\",", -32700)]
    [InlineData("[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"shutdown\"}]", -32600)]
    [InlineData("42", -32600)]
    [InlineData("{}", -32600)]
    public async Task A_body_that_is_no_message_is_refused_without_id_and_the_stream_goes_on(string body, int code)
    {
        await using var client = await TestClient.StartInitializedAsync();
        client.SendBody(body);
        Assert.Equal(code, TestClient.ErrorOf(await client.Expect("null")).Code);
        await client.SettleAsync();
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":12345,"result":{}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":"nobody","error":{"code":1,"message":"x"}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":null,"error":{"code":1,"message":"x"}}""")]
    [InlineData("""{"jsonrpc":"2.0","result":null}""")]
    public async Task An_answer_to_no_request_is_ignored(string body)
    {
        await using var client = await TestClient.StartInitializedAsync();
        client.SendBody(body);
        await client.SettleAsync();
    }

    [Fact]
    public async Task Params_that_are_null_are_no_params()
    {
        await using var client = TestClient.Start();
        client.SendBody("""{"jsonrpc":"2.0","id":"i","method":"initialize","params":null}""");
        Assert.Equal(
            "codecomplete",
            (await client.Expect("\"i\"")).GetProperty("result").GetProperty("serverInfo").GetProperty("name").GetString()
        );
        client.SendBody("""{"jsonrpc":"2.0","method":"initialized","params":null}""");
        client.SendBody("""{"jsonrpc":"2.0","method":"textDocument/didOpen","params":null}""");
        client.SendBody("""{"jsonrpc":"2.0","id":"c","method":"textDocument/completion","params":null}""");
        Assert.Equal(-32602, TestClient.ErrorOf(await client.Expect("\"c\"")).Code);
        client.SendBody("""{"jsonrpc":"2.0","id":"s","method":"shutdown","params":null}""");
        Assert.Equal(JsonValueKind.Null, (await client.Expect("\"s\"")).GetProperty("result").ValueKind);
    }

    [Theory]
    [InlineData("textDocument/completion", "{}", "'textDocument'")]
    [InlineData("textDocument/completion", """{"textDocument":{"uri":5},"position":{"line":0,"character":0}}""", "textDocument.uri")]
    [InlineData(
        "textDocument/completion",
        """{"textDocument":{"uri":"file:///a.cs"},"position":{"line":"x","character":0}}""",
        "position.line"
    )]
    [InlineData("textDocument/completion", "[]", "")]
    [InlineData(
        "textDocument/inlineCompletion",
        """{"textDocument":{"uri":"file:///a.cs"},"position":{"line":0,"character":0}}""",
        "'context'"
    )]
    [InlineData("completionItem/resolve", "[1]", "")]
    [InlineData("workspace/executeCommand", """{"command":"codecomplete.accepted"}""", "one argument")]
    [InlineData("workspace/executeCommand", """{"command":"codecomplete.accepted","arguments":[{}]}""", "one argument")]
    [InlineData("workspace/executeCommand", """{"command":"rm"}""", "no command 'rm'")]
    public async Task Wrong_params_are_refused_by_name(string method, string parameters, string said)
    {
        await using var client = await TestClient.StartInitializedAsync();
        var (code, message) = await client.ErrorAsync(method, JsonNode.Parse(parameters));
        Assert.Equal(-32602, code);
        Assert.Contains(said, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
        Assert.DoesNotContain("CodeComplete.Server", message, StringComparison.Ordinal);
        await client.SettleAsync();
    }

    [Fact]
    public async Task What_StreamJsonRpc_refuses_by_itself_carries_no_stack_trace()
    {
        await using var client = await TestClient.StartInitializedAsync();
        var (code, message) = await client.ErrorAsync("$/cancelRequest", JsonNode.Parse("""{"id":{}}"""));
        Assert.Equal(-32602, code);
        Assert.DoesNotContain('\n', message);
    }

    [Theory]
    [InlineData("textDocument/hover")]
    [InlineData("no/suchMethod")]
    [InlineData("$/noSuchMethod")]
    public async Task An_unknown_request_is_minus_32601(string method)
    {
        await using var client = await TestClient.StartInitializedAsync();
        Assert.Equal(-32601, (await client.ErrorAsync(method, new JsonObject())).Code);
    }

    [Theory]
    [InlineData("no/suchMethod", "{}")]
    [InlineData("$/setTrace", """{"value":"verbose"}""")]
    [InlineData("$/progress", """{"token":"mine","value":{}}""")]
    [InlineData("$/cancelRequest", """{"id":999}""")]
    [InlineData("$/cancelRequest", """{"id":{}}""")]
    [InlineData("$/cancelRequest", "{}")]
    [InlineData("window/workDoneProgress/cancel", """{"token":"codecomplete/1"}""")]
    [InlineData("textDocument/didSave", """{"textDocument":{"uri":"file:///a.cs"}}""")]
    [InlineData("textDocument/didShowCompletion", """{"item":{"insertText":"x"}}""")]
    [InlineData("textDocument/didPartiallyAcceptCompletion", """{"item":{"insertText":"x"},"acceptedLength":1}""")]
    [InlineData("codecomplete/cursor", """{"textDocument":{"uri":"file:///a.cs"}}""")]
    [InlineData("codecomplete/cursor", """{"textDocument":{"uri":"file:///b.cs"},"position":{"line":0,"character":0}}""")]
    [InlineData("workspace/didChangeWatchedFiles", """{"changes":[null]}""")]
    [InlineData("textDocument/didChange", """{"textDocument":{"uri":"file:///a.cs","version":2},"contentChanges":[null]}""")]
    [InlineData("textDocument/didOpen", "[]")]
    public async Task A_notification_that_is_unknown_or_wrong_hurts_nobody(string method, string parameters)
    {
        await using var client = await TestClient.StartInitializedAsync();
        client.Open(Document);
        client.Notify(method, JsonNode.Parse(parameters));
        await client.SettleAsync();
        Assert.Equal(["open /a.cs 1 "], client.Engine.Calls);
    }

    [Fact]
    public async Task A_notification_with_wrong_params_is_logged_in_one_line()
    {
        await using var client = await TestClient.StartInitializedAsync();
        client.Notify("textDocument/didOpen", new JsonObject());
        await client.SettleAsync();
        var line = Assert.Single(client.Logs.Lines, line => line.StartsWith("Warning: 'textDocument/didOpen'", StringComparison.Ordinal));
        Assert.Equal(
            "Warning: 'textDocument/didOpen' was ignored: The params of 'textDocument/didOpen' do not fit LSP 3.18: missing 'textDocument'.",
            line
        );
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n\r\n")]
    [InlineData("Content-Length: many\r\n\r\n{}")]
    [InlineData("\r\n{}")]
    public async Task A_broken_header_is_one_line_in_the_log_and_code_1(string bytes)
    {
        await using var client = await TestClient.StartInitializedAsync();
        client.SendBytes(bytes);
        Assert.Equal(1, await client.ExitAsync());
        Assert.Single(client.Logs.Lines, line => line.StartsWith("Error:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Headers_may_be_written_in_any_case_and_name_their_charset()
    {
        await using var client = await TestClient.StartInitializedAsync();
        const string Body = """{"jsonrpc":"2.0","id":"x","method":"completionItem/resolve","params":{"label":"é"}}""";
        client.SendBytes($"content-type: application/vscode-jsonrpc; charset=utf8\r\ncontent-length: {Body.Length + 1}\r\n\r\n{Body}");
        Assert.Equal("é", (await client.Expect("\"x\"")).GetProperty("result").GetProperty("label").GetString());
    }

    [Fact]
    public async Task Another_charset_is_refused_and_the_stream_goes_on()
    {
        await using var client = await TestClient.StartInitializedAsync();
        client.SendBytes("Content-Length: 2\r\nContent-Type: x; charset=utf-16\r\n\r\n{}");
        var (code, message) = TestClient.ErrorOf(await client.Expect("null"));
        Assert.Equal(-32600, code);
        Assert.Contains("utf-16", message, StringComparison.Ordinal);
        await client.SettleAsync();
    }

    [Fact]
    public async Task A_message_of_ten_megabytes_goes_both_ways()
    {
        await using var client = await TestClient.StartInitializedAsync();
        var text = string.Concat(Enumerable.Repeat("// é ★ \"quoted\"\r\n", 10 * 1024 * 1024 / 20));
        client.Open(Document, text);
        var item = await client.ResultAsync("completionItem/resolve", new JsonObject { ["label"] = text });
        Assert.Equal(text, item.GetProperty("label").GetString());
        Assert.Equal($"open /a.cs 1 {text}", Assert.Single(client.Engine.Calls));
    }

    [Fact]
    public async Task An_error_inside_is_one_line_for_the_client_and_the_server_goes_on()
    {
        await using var client = await TestClient.StartInitializedAsync(
            engine: new FakeEngine { List = (_, _) => throw new InvalidOperationException("It broke.\r\n   at Somewhere()") }
        );
        client.Open(Document);
        var (code, message) = await client.ErrorAsync("textDocument/completion", TestClient.At(Document));
        Assert.Equal(-32603, code);
        Assert.Equal("'textDocument/completion' failed: It broke.", message);
        await client.SettleAsync();
    }

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(0, -5)]
    [InlineData(1_000_000, 3)]
    [InlineData(0, int.MaxValue)]
    public async Task A_place_outside_the_text_is_no_error(int line, int character)
    {
        await using var client = await TestClient.StartInitializedAsync();
        client.Open(Document, "class C { }");
        var list = await client.ResultAsync("textDocument/completion", TestClient.At(Document, line, character));
        Assert.Equal(0, list.GetProperty("items").GetArrayLength());
        Assert.Equal(
            0,
            (await client.ResultAsync("textDocument/inlineCompletion", TestClient.InlineAt(Document, line, character)))
                .GetProperty("items")
                .GetArrayLength()
        );
        var place = client.Engine.ListRequests.Single().Position;
        Assert.Equal((Math.Max(0, line), Math.Max(0, character)), (place.Line, place.Character));
    }

    [Theory]
    [InlineData("git:/a.cs?%7B%7D", "csharp")]
    [InlineData("vscode-notebook-cell:/a.ipynb#W0", "csharp")]
    [InlineData("http://example.org/a.cs", "csharp")]
    [InlineData("file:///a.py", "python")]
    [InlineData("file:///a.cshtml", "aspnetcorerazor")]
    [InlineData("untitled:Untitled-1", "plaintext")]
    [InlineData("nonsense", "csharp")]
    public async Task A_document_that_is_not_ours_gets_empty_answers(string uri, string languageId)
    {
        await using var client = await TestClient.StartInitializedAsync();
        client.Open(uri, languageId: languageId);
        client.Change(uri, 2, "x");
        Assert.Equal(0, (await client.ResultAsync("textDocument/completion", TestClient.At(uri))).GetProperty("items").GetArrayLength());
        Assert.Equal(
            0,
            (await client.ResultAsync("textDocument/inlineCompletion", TestClient.InlineAt(uri))).GetProperty("items").GetArrayLength()
        );
        client.Notify("textDocument/didClose", new JsonObject { ["textDocument"] = new JsonObject { ["uri"] = uri } });
        await client.SettleAsync();
        Assert.Empty(client.Engine.Calls);
    }

    [Fact]
    public async Task A_document_that_is_not_open_gets_empty_answers()
    {
        await using var client = await TestClient.StartInitializedAsync();
        Assert.Equal(
            0,
            (await client.ResultAsync("textDocument/completion", TestClient.At(Document))).GetProperty("items").GetArrayLength()
        );
        Assert.Equal(
            0,
            (await client.ResultAsync("textDocument/inlineCompletion", TestClient.InlineAt(Document))).GetProperty("items").GetArrayLength()
        );
        Assert.Empty(client.Engine.Calls);
    }
}
