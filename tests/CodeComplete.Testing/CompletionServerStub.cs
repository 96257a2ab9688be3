using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace CodeComplete.Testing;

/// <summary>A request that a <see cref="CompletionServerStub"/> got.</summary>
/// <param name="Line">Method, path and version.</param>
/// <param name="Headers">By name, in lower case.</param>
public sealed record StubRequest(string Line, IReadOnlyDictionary<string, string> Headers, string Body);

/// <summary>
/// A server on the loopback that a test tells what to answer. A request it has no answer for stays open until the client goes.
/// </summary>
public sealed class CompletionServerStub : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<StubRequest> _requests = new();
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _serving;
    private volatile Func<StubRequest, (int Status, string Body)?> _answer = _ => null;

    public CompletionServerStub()
    {
        _listener.Start();
        _serving = ServeAsync();
    }

    public string Url => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    public IReadOnlyList<StubRequest> Requests => [.. _requests];

    /// <summary>Completes with the first request.</summary>
    public Task Asked => _asked.Task;

    /// <summary>Completes when a client has gone that was not answered.</summary>
    public Task Left => _left.Task;

    /// <summary>What a server of this kind answers.</summary>
    public static string Completion(string text, string finish = "stop") =>
        $$"""{"id":"1","object":"text_completion","choices":[{"index":0,"text":{{System.Text.Json.JsonSerializer.Serialize(text)}},"finish_reason":"{{finish}}"}]}""";

    public CompletionServerStub Answers(int status, string body) => Answers(_ => (status, body));

    public CompletionServerStub Answers(Func<StubRequest, (int Status, string Body)?> answer)
    {
        _answer = answer;
        return this;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _serving;
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        var clients = new List<Task>();
        try
        {
            while (true)
            {
                clients.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(clients);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                while (await ReadAsync(stream) is { } request)
                {
                    _requests.Enqueue(request);
                    _asked.TrySetResult();
                    if (_answer(request) is not var (status, body))
                    {
                        while (await stream.ReadAsync(new byte[1], _stop.Token) > 0) { }
                        _left.TrySetResult();
                        return;
                    }

                    var bytes = Encoding.UTF8.GetBytes(body);
                    var head = string.Create(
                        CultureInfo.InvariantCulture,
                        $"HTTP/1.1 {status} Stub\r\nContent-Type: application/json\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: {bytes.Length}\r\n\r\n"
                    );
                    await stream.WriteAsync(Encoding.ASCII.GetBytes(head), _stop.Token);
                    await stream.WriteAsync(bytes, _stop.Token);
                }
            }
            catch (Exception e) when (e is IOException or OperationCanceledException)
            {
                _left.TrySetResult();
            }
        }
    }

    private async Task<StubRequest?> ReadAsync(NetworkStream stream)
    {
        var head = new List<byte>();
        var one = new byte[1];
        while (!(head.Count >= 4 && head[^4..] is [(byte)'\r', (byte)'\n', (byte)'\r', (byte)'\n']))
        {
            if (await stream.ReadAsync(one, _stop.Token) == 0)
            {
                return null;
            }

            head.Add(one[0]);
        }

        var lines = Encoding.ASCII.GetString([.. head]).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var headers = lines
            .Skip(1)
            .Select(l => l.Split(':', 2))
            .ToDictionary(l => l[0].Trim().ToLowerInvariant(), l => l[1].Trim(), StringComparer.Ordinal);
        var body = new byte[int.Parse(headers["content-length"], CultureInfo.InvariantCulture)];
        await stream.ReadExactlyAsync(body, _stop.Token);
        return new StubRequest(lines[0], headers, Encoding.UTF8.GetString(body));
    }
}
