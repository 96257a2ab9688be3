using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using CodeComplete.Testing;

namespace CodeComplete.Transformer.Tests;

/// <summary>A server instead of a decoder: what it is sent, what is made of its answers, and what is said when there are none.</summary>
public sealed class RemoteGeneratorTests : IAsyncLifetime
{
    private const string Variable = "CODECOMPLETE_TEST_KEY";
    private const string Key = "sk-test-0123456789";

    private readonly TemporaryFolder _folder = new();
    private readonly CompletionServerStub _server = new();
    private PromptFolder _prompt = null!;
    private CodeTokenizer _tokenizer = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        Use(TinyModel.Prompt());
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task The_prompt_goes_as_text_with_what_is_typed_in_its_place()
    {
        _server.Answers(200, CompletionServerStub.Completion("unt();"));
        using var remote = Remote();

        var generation = await remote.GenerateAsync(Request(), Cancellation);

        Assert.Equal("unt();", generation.Text);
        Assert.Equal(EndReason.EndToken, generation.Reason);
        var request = Assert.Single(_server.Requests);
        Assert.Equal("POST /v1/completions HTTP/1.1", request.Line);
        Assert.False(request.Headers.ContainsKey("authorization"));
        using var body = JsonDocument.Parse(request.Body);
        Assert.Equal(
            "<|file_sep|>A.cs\n<|fim_prefix|>var n = all.Co<|fim_suffix|>;\n}\n<|fim_middle|>",
            body.RootElement.GetProperty("prompt").GetString()
        );
        Assert.Equal("tiny", body.RootElement.GetProperty("model").GetString());
        Assert.Equal(24, body.RootElement.GetProperty("max_tokens").GetInt32());
        Assert.Equal(0, body.RootElement.GetProperty("temperature").GetInt32());
        Assert.Equal(
            ["\n", "<|endoftext|>", "<|file_sep|>", "<|fim_pad|>"],
            body.RootElement.GetProperty("stop").EnumerateArray().Select(s => s.GetString())
        );
        Assert.False(body.RootElement.TryGetProperty("suffix", out _));
    }

    [Fact]
    public async Task A_server_that_lays_out_the_prompt_gets_prefix_and_suffix_apart()
    {
        Use(TinyModel.Prompt().Replace("\"model\": \"tiny\"", "\"suffix\": true", StringComparison.Ordinal));
        _server.Answers(200, CompletionServerStub.Completion("unt();"));
        using var remote = Remote();

        await remote.GenerateAsync(Request(), Cancellation);

        using var body = JsonDocument.Parse(_server.Requests[0].Body);
        Assert.Equal("var n = all.Co", body.RootElement.GetProperty("prompt").GetString());
        Assert.Equal(";\n}\n", body.RootElement.GetProperty("suffix").GetString());
        Assert.False(body.RootElement.TryGetProperty("model", out _));
    }

    [Theory]
    [InlineData("unt();\nvar x", "stop", "unt();", EndReason.Stop)]
    [InlineData("unt()<|fim_pad|>;", "stop", "unt()", EndReason.EndToken)]
    [InlineData("unt(", "length", "unt(", EndReason.MaxTokens)]
    [InlineData("", "stop", "", EndReason.EndToken)]
    public async Task Text_ends_where_it_would_here(string text, string finish, string kept, EndReason reason)
    {
        _server.Answers(200, CompletionServerStub.Completion(text, finish));
        using var remote = Remote();

        var generation = await remote.GenerateAsync(Request(), Cancellation);

        Assert.Equal(kept, generation.Text);
        Assert.Equal(reason, generation.Reason);
        Assert.Empty(generation.Tokens);
        Assert.Equal(0, generation.MeanProbability);
    }

    [Theory]
    [InlineData("""{"tokens":["unt","()","\n","x"],"token_logprobs":[0.0,-0.6931471805599453,-1,-1]}""")]
    [InlineData("""{"content":[{"token":"unt","logprob":0},{"token":"()","logprob":-0.6931471805599453},{"token":"\n","logprob":-1}]}""")]
    public async Task Probabilities_are_those_of_what_is_kept(string logprobs)
    {
        _server.Answers(200, $$"""{"choices":[{"text":"unt()\nx","logprobs":{{logprobs}}}]}""");
        using var remote = Remote();

        var generation = await remote.GenerateAsync(Request(), Cancellation);

        Assert.Equal(["unt", "()"], generation.Tokens.Select(t => t.Text));
        Assert.Equal(0.75, generation.MeanProbability, 6);
    }

    [Fact]
    public async Task The_key_comes_from_the_environment_and_is_in_no_message()
    {
        Environment.SetEnvironmentVariable(Variable, Key);
        try
        {
            using var remote = Remote(o => o with { KeyEnv = Variable });
            _server.Answers(401, $$"""{"error": {"message": "Incorrect API key provided: {{Key}}" } }""");

            var e = await Assert.ThrowsAsync<RemoteException>(() => remote.GenerateAsync(Request(), Cancellation));

            Assert.Equal($"Bearer {Key}", _server.Requests[0].Headers["authorization"]);
            Assert.StartsWith(
                $"The remote engine at {_server.Url}/v1/completions refuses the key (401)",
                e.Message,
                StringComparison.Ordinal
            );
            Assert.DoesNotContain(Key, e.ToString(), StringComparison.Ordinal);
        }
        finally
        {
            Environment.SetEnvironmentVariable(Variable, null);
        }
    }

    [Theory]
    [InlineData(null, "is not set")]
    [InlineData("two words", "holds no key")]
    public async Task Without_a_key_in_the_environment_nothing_is_sent(string? value, string complaint)
    {
        Environment.SetEnvironmentVariable(Variable, value);
        try
        {
            using var remote = Remote(o => o with { KeyEnv = Variable });

            await Complains(remote, "remote.keyEnv", complaint);

            Assert.Empty(_server.Requests);
        }
        finally
        {
            Environment.SetEnvironmentVariable(Variable, null);
        }
    }

    [Theory]
    [InlineData(302, "{}", "sends on to another address (302), which is not followed")]
    [InlineData(400, "{}", "does not take the request (400)")]
    [InlineData(403, "{}", "refuses the key (403)")]
    [InlineData(404, "Not Found", "has no completions there (404)")]
    [InlineData(429, "{}", "has too much to do (429)")]
    [InlineData(503, "", "failed (503)")]
    [InlineData(200, "<html></html>", "answered with what is no completion")]
    [InlineData(200, "", "answered with what is no completion")]
    [InlineData(200, "[]", "answered with what is no completion")]
    [InlineData(200, """{"choices":[]}""", "answered with what is no completion")]
    [InlineData(200, """{"choices":[null]}""", "answered with what is no completion")]
    [InlineData(200, """{"choices":[{"text":5}]}""", "answered with what is no completion")]
    public async Task Whatever_it_answers_there_is_one_clear_line(int status, string body, string complaint)
    {
        _server.Answers(status, body);
        using var remote = Remote();

        await Complains(remote, $"The remote engine at {_server.Url}/v1/completions", complaint);
    }

    [Fact]
    public async Task An_answer_without_end_is_not_read_to_its_end()
    {
        _server.Answers(200, CompletionServerStub.Completion(new string('x', 2 << 20)));
        using var remote = Remote();

        await Complains(remote, "answered with what is no completion");
    }

    [Fact]
    public async Task A_server_that_takes_too_long_is_not_waited_for()
    {
        using var remote = Remote(o => o with { Timeout = TimeSpan.FromMilliseconds(50) });

        await Complains(remote, "did not answer within 0.05 s");

        await _server.Left.WaitAsync(Cancellation);
    }

    [Fact]
    public async Task A_cancel_ends_the_request_at_once_and_counts_as_no_failure()
    {
        using var remote = Remote();
        using var source = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);

        var running = remote.GenerateAsync(Request(), source.Token);
        await _server.Asked.WaitAsync(Cancellation);
        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        await _server.Left.WaitAsync(Cancellation);
        _server.Answers(200, CompletionServerStub.Completion("unt"));
        Assert.Equal("unt", (await remote.GenerateAsync(Request(), Cancellation)).Text);
    }

    [Fact]
    public async Task Where_nobody_listens_the_address_is_named()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        using var remote = Remote(o => o with { Url = $"http://127.0.0.1:{port}/v1?key={Key}" });

        await Complains(remote, $"http://127.0.0.1:{port}/v1/completions cannot be reached", "start it, mend remote.url");
    }

    [Fact]
    public async Task After_a_failure_the_server_is_left_alone_for_a_while()
    {
        var clock = new Clock();
        using var remote = Remote(o => o with { Time = clock, Pause = TimeSpan.FromSeconds(10) });
        _server.Answers(500, "");

        await Complains(remote, "failed (500)");
        await Complains(remote, "failed (500)");
        Assert.Single(_server.Requests);

        clock.Now += TimeSpan.FromSeconds(11);
        _server.Answers(200, CompletionServerStub.Completion("unt"));
        Assert.Equal("unt", (await remote.GenerateAsync(Request(), Cancellation)).Text);
        Assert.Equal("unt", (await remote.GenerateAsync(Request(), Cancellation)).Text);
        Assert.Equal(3, _server.Requests.Count);
    }

    [Theory]
    [InlineData("http://h:1", "http://h:1/v1/completions")]
    [InlineData("http://h:1/", "http://h:1/v1/completions")]
    [InlineData("https://h/api/v1/", "https://h/api/v1/completions")]
    [InlineData("https://h/v1/completions", "https://h/v1/completions")]
    [InlineData("https://h/serve?version=2#x", "https://h/serve/v1/completions?version=2")]
    public void An_address_may_be_short(string url, string whole)
    {
        Assert.Equal(
            whole,
            new RemoteOptions { Url = url }
                .Address()
                .ToString()
                .Replace(":443", "", StringComparison.Ordinal)
        );
    }

    [Theory]
    [InlineData("localhost:8000")]
    [InlineData("ftp://h/")]
    [InlineData("http://me:secret@h/")]
    [InlineData("")]
    public void What_is_no_address_is_refused_and_not_repeated(string url)
    {
        var e = Assert.Throws<RemoteException>(() => Remote(o => o with { Url = url }));

        Assert.Contains("remote.url", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", e.Message, StringComparison.Ordinal);
    }

    private void Use(string prompt)
    {
        _folder.Write("prompt.json", prompt);
        _folder.Write("tokenizer.json", new TinyModel().Tokenizer());
        _prompt = PromptFolder.Open(_folder.Path);
        _tokenizer = CodeTokenizer.Load(_prompt);
    }

    private RemoteGenerator Remote(Func<RemoteOptions, RemoteOptions>? with = null)
    {
        var options = new RemoteOptions { Url = _server.Url, Timeout = TimeSpan.FromMinutes(1) };
        return new RemoteGenerator(with is null ? options : with(options), _tokenizer, _prompt.Prompt);
    }

    private GenerationRequest Request()
    {
        var healed = Healing.Heal(_tokenizer, _tokenizer.Encode("var n = all.Co"));
        int[] start = [.. _tokenizer.EncodeWithSpecials("<|file_sep|>A.cs\n<|fim_prefix|>"), .. healed.Tokens];
        return new GenerationRequest
        {
            Prompt = [.. start, .. _tokenizer.EncodeWithSpecials("<|fim_suffix|>;\n}\n<|fim_middle|>")],
            PrefixEnd = start.Length,
            Typed = healed.Typed,
            Stop = new LineEndStop(healed.Typed),
            MaxTokens = 24,
        };
    }

    private async Task Complains(RemoteGenerator remote, params string[] parts)
    {
        var e = await Assert.ThrowsAsync<RemoteException>(() => remote.GenerateAsync(Request(), Cancellation));

        Assert.All(parts, part => Assert.Contains(part, e.Message, StringComparison.Ordinal));
        Assert.DoesNotContain('\n', e.Message);
        Assert.DoesNotContain(Key, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("all.Co", e.ToString(), StringComparison.Ordinal);
    }

    private sealed class Clock : TimeProvider
    {
        public TimeSpan Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }
}
