using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using CodeComplete.Engine;
using Microsoft.Extensions.Logging;

namespace CodeComplete.Server.Tests.Harness;

/// <summary>
/// A client that speaks raw LSP over pipes in memory to a real <see cref="LanguageServer"/>. It shares no code with the server's transport, so
/// that an error there cannot cancel itself out.
/// </summary>
internal sealed class TestClient : IAsyncDisposable
{
    /// <summary>Only to fail instead of hanging; no test depends on how long anything takes.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly Pipe _toServer = new(new PipeOptions(pauseWriterThreshold: 0));
    private readonly Pipe _fromServer = new(new PipeOptions(pauseWriterThreshold: 0));
    private readonly CancellationTokenSource _cancellation = new();
    private readonly LoggerFactory _loggers;
    private readonly ConcurrentDictionary<string, TaskCompletionSource<JsonElement>> _waiting = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Channel<JsonElement>> _heard = new(StringComparer.Ordinal);
    private readonly BreakableStream _output;
    private readonly Task _reading;
    private int _lastId;
    private bool _hungUp;

    private TestClient(FakeEngine engine, Func<EngineStart, ICompletionEngine>? create, Func<EngineSettings, EngineSettings>? overrule)
    {
        Engine = engine;
        _output = new BreakableStream(_fromServer.Writer.AsStream());
        _loggers = new LoggerFactory([Logs], new LoggerFilterOptions { MinLevel = LogLevel.Trace });
        var options = new ServerOptions
        {
            Version = "1.2.3",
            Logs = _loggers,
            Overrule = overrule ?? (settings => settings),
            SetLogLevel = LogLevels.Enqueue,
            CreateEngine = start =>
            {
                Started = start;
                return create is null ? engine : create(start);
            },
        };
        var server = new LanguageServer(options);
        Exit = server.RunAsync(_toServer.Reader.AsStream(), _output, _cancellation.Token);
        _reading = ReadAsync();
    }

    public FakeEngine Engine { get; }

    public EngineStart? Started { get; private set; }

    public CollectedLogs Logs { get; } = new();

    /// <summary>What the server said of how much the log is to take.</summary>
    public ConcurrentQueue<LogLevel> LogLevels { get; } = new();

    /// <summary>The server's run; its result is the exit code.</summary>
    public Task<int> Exit { get; }

    /// <summary>Answers the server's requests: the result for the method and its params. The default is null, which every one of them takes.</summary>
    public Func<string, JsonElement, JsonNode?> Answers { get; set; } = (_, _) => null;

    /// <summary>The server's requests that are answered by an error.</summary>
    public Func<string, bool> Refuses { get; set; } = _ => false;

    public static TestClient Start(
        FakeEngine? engine = null,
        Func<EngineStart, ICompletionEngine>? create = null,
        Func<EngineSettings, EngineSettings>? overrule = null
    ) => new(engine ?? new FakeEngine(), create, overrule);

    /// <summary>A client past the handshake.</summary>
    public static async Task<TestClient> StartInitializedAsync(
        JsonObject? capabilities = null,
        FakeEngine? engine = null,
        JsonNode? options = null
    )
    {
        var client = Start(engine);
        await client.InitializeAsync(capabilities, options);
        client.Notify("initialized", new JsonObject());
        return client;
    }

    public Task<JsonElement> InitializeAsync(JsonObject? capabilities = null, JsonNode? options = null) =>
        ResultAsync(
            "initialize",
            new JsonObject
            {
                ["processId"] = null,
                ["rootUri"] = null,
                ["capabilities"] = capabilities ?? Capabilities.VsCode,
                ["initializationOptions"] = options,
            }
        );

    /// <summary>Opens a C# document.</summary>
    public void Open(string uri, string text = "", int version = 1, string languageId = "csharp") =>
        Notify(
            "textDocument/didOpen",
            new JsonObject
            {
                ["textDocument"] = new JsonObject
                {
                    ["uri"] = uri,
                    ["languageId"] = languageId,
                    ["version"] = version,
                    ["text"] = text,
                },
            }
        );

    /// <summary>Replaces the whole document.</summary>
    public void Change(string uri, int version, string text) =>
        Notify(
            "textDocument/didChange",
            new JsonObject
            {
                ["textDocument"] = new JsonObject { ["uri"] = uri, ["version"] = version },
                ["contentChanges"] = new JsonArray(new JsonObject { ["text"] = text }),
            }
        );

    /// <summary>The params of a request at a place.</summary>
    public static JsonObject At(string uri, int line = 0, int character = 0, JsonObject? context = null)
    {
        var at = new JsonObject
        {
            ["textDocument"] = new JsonObject { ["uri"] = uri },
            ["position"] = new JsonObject { ["line"] = line, ["character"] = character },
        };
        if (context is not null)
        {
            at["context"] = context;
        }

        return at;
    }

    /// <summary>The params of an inline completion.</summary>
    public static JsonObject InlineAt(string uri, int line = 0, int character = 0, int triggerKind = 2) =>
        At(uri, line, character, new JsonObject { ["triggerKind"] = triggerKind });

    /// <summary>Sends a request; the task is the whole answer.</summary>
    public Task<JsonElement> RequestAsync(string method, JsonNode? parameters) => Request(method, parameters).Answer;

    /// <summary>Sends a request and says its id, so that it can be cancelled.</summary>
    public (int Id, Task<JsonElement> Answer) Request(string method, JsonNode? parameters)
    {
        var id = Interlocked.Increment(ref _lastId);
        var answer = Expect(id.ToString(CultureInfo.InvariantCulture));
        SendBody(
            new JsonObject
            {
                ["jsonrpc"] = "2.0",
                ["id"] = id,
                ["method"] = method,
                ["params"] = parameters,
            }.ToJsonString()
        );
        return (id, answer);
    }

    /// <summary>The answer to the request whose id is <paramref name="rawId"/> as it is written in JSON.</summary>
    public Task<JsonElement> Expect(string rawId) =>
        _waiting
            .GetOrAdd(rawId, _ => new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously))
            .Task.WaitAsync(Limit);

    public async Task<JsonElement> ResultAsync(string method, JsonNode? parameters)
    {
        var answer = await RequestAsync(method, parameters);
        return answer.TryGetProperty("result", out var result) ? result : throw new InvalidOperationException($"{method} gave {answer}");
    }

    /// <summary>The error's code and message.</summary>
    public async Task<(int Code, string Message)> ErrorAsync(string method, JsonNode? parameters) =>
        ErrorOf(await RequestAsync(method, parameters));

    public static (int Code, string Message) ErrorOf(JsonElement answer)
    {
        var error = answer.GetProperty("error");
        Assert.False(error.TryGetProperty("data", out _), "An error carries no data: StreamJsonRpc would put a stack trace there.");
        return (error.GetProperty("code").GetInt32(), error.GetProperty("message").GetString()!);
    }

    public void Notify(string method, JsonNode? parameters) =>
        SendBody(
            new JsonObject
            {
                ["jsonrpc"] = "2.0",
                ["method"] = method,
                ["params"] = parameters,
            }.ToJsonString()
        );

    /// <summary>Ends when the server has handled everything sent before: handlers run in order.</summary>
    public async Task SettleAsync() => await ResultAsync("completionItem/resolve", new JsonObject { ["label"] = "barrier" });

    public void SendBody(string json) => SendBytes($"Content-Length: {Encoding.UTF8.GetByteCount(json)}\r\n\r\n{json}");

    public void SendBytes(string bytes) => SendBytes(Encoding.UTF8.GetBytes(bytes));

    /// <summary>The pipe has no limit, so the bytes are there when this returns.</summary>
    public void SendBytes(byte[] bytes)
    {
        lock (_toServer)
        {
            if (_hungUp)
            {
                // The server may still ask; a client that is gone does not answer.
                return;
            }

            var written = _toServer.Writer.WriteAsync(bytes);
            Assert.True(written.IsCompletedSuccessfully);
        }
    }

    /// <summary>The next message of this method that the server sends by itself: its params.</summary>
    public async Task<JsonElement> HearAsync(string method) => await ChannelOf(method).Reader.ReadAsync().AsTask().WaitAsync(Limit);

    /// <summary>Whether the server has sent a message of this method that nobody has asked for yet.</summary>
    public bool Heard(string method) => ChannelOf(method).Reader.TryPeek(out _);

    /// <summary>Ends the stream to the server, as a client that is gone.</summary>
    public void HangUp()
    {
        lock (_toServer)
        {
            _hungUp = true;
            _toServer.Writer.Complete();
        }
    }

    /// <summary>Closes the end from which the server's messages are read.</summary>
    public void StopReading() => _output.Break();

    public void Cancel() => _cancellation.Cancel();

    public async Task<int> ExitAsync() => await Exit.WaitAsync(Limit);

    public async ValueTask DisposeAsync()
    {
        await _cancellation.CancelAsync();
        await Exit.WaitAsync(Limit);
        await _toServer.Writer.CompleteAsync();
        await _fromServer.Writer.CompleteAsync();
        try
        {
            await _reading.WaitAsync(Limit);
        }
        catch (EndOfStreamException)
        {
            // A message that the end of the test cuts off is no failure of it.
        }

        _cancellation.Dispose();
        _loggers.Dispose();
    }

    private Channel<JsonElement> ChannelOf(string method) => _heard.GetOrAdd(method, _ => Channel.CreateUnbounded<JsonElement>());

    private async Task ReadAsync()
    {
        using var stream = _fromServer.Reader.AsStream();
        while (await ReadMessageAsync(stream) is { } message)
        {
            Take(message);
        }
    }

    private void Take(JsonElement message)
    {
        if (!message.TryGetProperty("method", out var method))
        {
            var id = message.GetProperty("id").GetRawText();
            _waiting
                .GetOrAdd(id, _ => new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously))
                .TrySetResult(message);
            return;
        }

        var parameters = message.TryGetProperty("params", out var given) ? given : default;
        if (message.TryGetProperty("id", out var asked))
        {
            var answer = new JsonObject { ["jsonrpc"] = "2.0", ["id"] = JsonNode.Parse(asked.GetRawText()) };
            if (Refuses(method.GetString()!))
            {
                answer["error"] = new JsonObject { ["code"] = -32601, ["message"] = "refused" };
            }
            else
            {
                answer["result"] = Answers(method.GetString()!, parameters);
            }

            try
            {
                SendBody(answer.ToJsonString());
            }
            catch (InvalidOperationException)
            {
                // The test has ended and closed the stream; a real client's answer would be lost as well.
            }
        }

        ChannelOf(method.GetString()!).Writer.TryWrite(parameters);
    }

    private static async Task<JsonElement?> ReadMessageAsync(Stream stream)
    {
        var header = new List<byte>();
        var one = new byte[1];
        while (!(header.Count >= 4 && header[^1] == '\n' && header[^3] == '\n'))
        {
            if (await stream.ReadAsync(one) == 0)
            {
                return null;
            }

            header.Add(one[0]);
        }

        var length = Encoding.ASCII.GetString([.. header]).Trim();
        var body = new byte[int.Parse(length["Content-Length: ".Length..], CultureInfo.InvariantCulture)];
        await stream.ReadExactlyAsync(body);
        return JsonSerializer.Deserialize<JsonElement>(body);
    }
}
