using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace CodeComplete.Testing;

/// <summary>
/// A small language client that speaks raw LSP over two streams, or to a spawned server. It answers the server's own requests with
/// <c>null</c>, as a client without settings does, and keeps every notification.
/// </summary>
public sealed class LspClient : IAsyncDisposable
{
    private readonly Stream _toServer;
    private readonly Stream _fromServer;
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly ConcurrentDictionary<long, TaskCompletionSource<JsonObject>> _pending = new();
    private readonly List<(string Method, TaskCompletionSource<JsonNode?> Arrived)> _waiting = [];
    private readonly List<(string Method, JsonNode? Params)> _notifications = [];
    private readonly Task _reading;
    private long _lastId;

    public LspClient(Stream toServer, Stream fromServer)
    {
        (this._toServer, this._fromServer) = (toServer, fromServer);
        _reading = Task.Run(ReadAsync);
    }

    /// <summary>The server's process, where this client has spawned one.</summary>
    public Process? Server { get; private init; }

    /// <summary>Spawns a server with these arguments and talks to its standard streams.</summary>
    public static LspClient Spawn(string program, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string?>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start) ?? throw new InvalidOperationException($"'{program}' did not start.");
        var client = new LspClient(process.StandardInput.BaseStream, process.StandardOutput.BaseStream) { Server = process };
        process.ErrorDataReceived += (_, line) => client._errors.Enqueue(line.Data ?? "");
        process.BeginErrorReadLine();
        return client;
    }

    private readonly ConcurrentQueue<string> _errors = new();

    /// <summary>What the server has written to standard error.</summary>
    public string Errors => string.Join('\n', _errors);

    /// <summary>Everything the server has notified so far.</summary>
    public IReadOnlyList<(string Method, JsonNode? Params)> Notifications
    {
        get
        {
            lock (_waiting)
            {
                return [.. _notifications];
            }
        }
    }

    /// <summary>Sends a request and waits for its answer: the whole response object, with <c>result</c> or <c>error</c>.</summary>
    public async Task<JsonObject> AskAsync(string method, JsonNode? parameters, CancellationToken cancellation = default)
    {
        var (_, answer) = await BeginAsync(method, parameters);
        return await answer.WaitAsync(cancellation);
    }

    /// <summary>Sends a request; the answer comes with the task.</summary>
    public async Task<(long Id, Task<JsonObject> Answer)> BeginAsync(string method, JsonNode? parameters)
    {
        var id = Interlocked.Increment(ref _lastId);
        var answer = new TaskCompletionSource<JsonObject>(TaskCreationOptions.RunContinuationsAsynchronously);
        _pending[id] = answer;
        await SendAsync(
            new JsonObject
            {
                ["jsonrpc"] = "2.0",
                ["id"] = id,
                ["method"] = method,
                ["params"] = parameters,
            }
        );
        return (id, answer.Task);
    }

    public Task NotifyAsync(string method, JsonNode? parameters) =>
        SendAsync(
            new JsonObject
            {
                ["jsonrpc"] = "2.0",
                ["method"] = method,
                ["params"] = parameters,
            }
        );

    public Task SendAsync(JsonObject message) => SendRawAsync(message.ToJsonString());

    /// <summary>Sends a body as it is, framed; it need not be JSON.</summary>
    public async Task SendRawAsync(string body)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        await _writing.WaitAsync();
        try
        {
            await _toServer.WriteAsync(
                Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"Content-Length: {bytes.Length}\r\n\r\n"))
            );
            await _toServer.WriteAsync(bytes);
            await _toServer.FlushAsync();
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>Waits for a notification of this method, or takes the first that has come already.</summary>
    public Task<JsonNode?> NotifiedAsync(string method, Func<JsonNode?, bool>? when = null)
    {
        lock (_waiting)
        {
            foreach (var (known, parameters) in _notifications)
            {
                if (known == method && (when is null || when(parameters)))
                {
                    return Task.FromResult(parameters);
                }
            }

            var arrived = new TaskCompletionSource<JsonNode?>(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((method, arrived));
            return when is null ? arrived.Task : Filtered(arrived.Task);
        }

        async Task<JsonNode?> Filtered(Task<JsonNode?> next)
        {
            var parameters = await next;
            return when!(parameters) ? parameters : await NotifiedAsync(method, when);
        }
    }

    /// <summary>initialize and initialized, for a folder.</summary>
    public async Task<JsonObject> InitializeAsync(string folder, JsonNode? options = null, JsonObject? capabilities = null)
    {
        var answer = await AskAsync(
            "initialize",
            new JsonObject
            {
                ["processId"] = Environment.ProcessId,
                ["rootUri"] = new Uri(folder).AbsoluteUri,
                ["capabilities"] = capabilities ?? [],
                ["workspaceFolders"] = new JsonArray(
                    new JsonObject { ["uri"] = new Uri(folder).AbsoluteUri, ["name"] = Path.GetFileName(folder) }
                ),
                ["initializationOptions"] = options,
            }
        );
        await NotifyAsync("initialized", new JsonObject());
        return answer;
    }

    public Task OpenAsync(string path, string text, int version = 1) =>
        NotifyAsync(
            "textDocument/didOpen",
            new JsonObject
            {
                ["textDocument"] = new JsonObject
                {
                    ["uri"] = new Uri(path).AbsoluteUri,
                    ["languageId"] = "csharp",
                    ["version"] = version,
                    ["text"] = text,
                },
            }
        );

    public Task CloseAsync(string path) =>
        NotifyAsync("textDocument/didClose", new JsonObject { ["textDocument"] = new JsonObject { ["uri"] = new Uri(path).AbsoluteUri } });

    /// <summary>Replaces the whole text.</summary>
    public Task ChangeAsync(string path, int version, string text) =>
        NotifyAsync(
            "textDocument/didChange",
            new JsonObject
            {
                ["textDocument"] = new JsonObject { ["uri"] = new Uri(path).AbsoluteUri, ["version"] = version },
                ["contentChanges"] = new JsonArray(new JsonObject { ["text"] = text }),
            }
        );

    /// <summary>The parameters of a request at a place; both from 0.</summary>
    public static JsonObject At(string path, int line, int character) =>
        new()
        {
            ["textDocument"] = new JsonObject { ["uri"] = new Uri(path).AbsoluteUri },
            ["position"] = new JsonObject { ["line"] = line, ["character"] = character },
            ["context"] = new JsonObject { ["triggerKind"] = 1 },
        };

    /// <summary>shutdown and exit; the exit code.</summary>
    public async Task<int> ShutDownAsync()
    {
        await AskAsync("shutdown", null);
        await NotifyAsync("exit", null);
        await Server!.WaitForExitAsync();
        return Server.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (Server is { HasExited: false })
        {
            Server.Kill(entireProcessTree: true);
            await Server.WaitForExitAsync();
        }

        await _toServer.DisposeAsync();
        await _fromServer.DisposeAsync();
        await _reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Server?.Dispose();
        _writing.Dispose();
    }

    private async Task ReadAsync()
    {
        try
        {
            while (await ReadMessageAsync() is { } message)
            {
                await HandleAsync(message);
            }
        }
        finally
        {
            foreach (var answer in _pending.Values)
            {
                answer.TrySetException(new EndOfStreamException("The server ended the stream. " + Errors));
            }
        }
    }

    private async Task HandleAsync(JsonObject message)
    {
        var method = (string?)message["method"];
        if (method is null)
        {
            if (message["id"] is JsonValue id && _pending.TryRemove(id.GetValue<long>(), out var answer))
            {
                answer.SetResult(message);
            }
            else
            {
                Notified("", message);
            }
        }
        else if (message["id"] is { } request)
        {
            // workspace/configuration wants one answer an item.
            var count = method == "workspace/configuration" ? message["params"]!["items"]!.AsArray().Count : -1;
            await SendAsync(
                new JsonObject
                {
                    ["jsonrpc"] = "2.0",
                    ["id"] = request.DeepClone(),
                    ["result"] = count < 0 ? null : new JsonArray([.. Enumerable.Repeat<JsonNode?>(null, count)]),
                }
            );
        }
        else
        {
            Notified(method, message["params"]);
        }
    }

    private void Notified(string method, JsonNode? parameters)
    {
        lock (_waiting)
        {
            _notifications.Add((method, parameters));
            foreach (var waiter in _waiting.Where(w => w.Method == method).ToList())
            {
                _waiting.Remove(waiter);
                waiter.Arrived.SetResult(parameters);
            }
        }
    }

    private async Task<JsonObject?> ReadMessageAsync()
    {
        var length = -1;
        while (await ReadLineAsync() is { } line)
        {
            if (line.Length == 0)
            {
                var body = new byte[length];
                await _fromServer.ReadExactlyAsync(body);
                return JsonNode.Parse(body)!.AsObject();
            }

            if (line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))
            {
                length = int.Parse(line["Content-Length:".Length..], CultureInfo.InvariantCulture);
            }
        }

        return null;
    }

    private async Task<string?> ReadLineAsync()
    {
        var line = new StringBuilder();
        var one = new byte[1];
        while (await _fromServer.ReadAsync(one) == 1)
        {
            if (one[0] == '\n')
            {
                return line.ToString().TrimEnd('\r');
            }

            line.Append((char)one[0]);
        }

        return null;
    }
}
