using System.Buffers.Binary;
using System.IO.Pipes;
using System.Text;
using CodeComplete.Memory.Sharing;
using CodeComplete.Testing;

namespace CodeComplete.Memory.Tests.Sharing;

/// <summary>The owner's server and its visitors, over the real pipe, in one process.</summary>
public sealed class SharingTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly SharedMemoryFake _memory = new();
    private readonly List<IAsyncDisposable> _open = [];
    private SharingEndpoint _endpoint = null!;
    private SharingServer _server = null!;

    private static CancellationToken None => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        _endpoint = SharingEndpoint.Of(_folder.Path);
        _server = SharingServer.Start(_endpoint, _memory);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var open in _open)
        {
            await open.DisposeAsync();
        }

        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_visitor_asks_and_changes_the_owners_memory()
    {
        _memory.Snippets = [Snippet("Billing/Rates.cs", "var 税率 = \"\\u{1}\";\nreturn line.Amount * rate;")];
        var visitor = await ConnectAsync();
        var acceptance = Opened.Acceptance("Apply(\"ü\");", kind: AcceptanceKind.Partial);

        Assert.True(await visitor.PutAsync("A.cs", "class A;", None));
        await visitor.RemoveAsync("B.cs", None);
        Assert.True(await visitor.RecordAsync(acceptance, None));
        var query = Opened.Query("ApplyDiscount(");
        var answer = await visitor.RecallAsync(query, None);

        Assert.Equal(["A.cs=class A;", "B.cs removed"], _memory.Changes);
        Assert.Equal([acceptance], _memory.Recorded);
        Assert.Equal([acceptance], await visitor.AcceptancesAsync(1, "Billing/Invoice.cs", None));
        Assert.Empty(await visitor.AcceptancesAsync(1, "Other.cs", None));
        Assert.Equal(_memory.Snippets, answer.Snippets);
        Assert.Equal(TimeSpan.FromMilliseconds(2), answer.Elapsed);
        // How long it waits for the answer is the visitor's own business.
        var asked = Assert.Single(_memory.Queries);
        Assert.Equal(query, asked with { Types = [], Members = [], Bases = [], Patience = query.Patience });
    }

    [Fact]
    public async Task A_query_with_a_cost_is_fitted_to_its_budget_by_the_visitor()
    {
        _memory.Snippets =
        [
            Snippet("A.cs", "12345678"),
            Snippet("B.cs", "1234"),
            Snippet("C.cs", "123456"),
            Snippet("D.cs", "1"),
            Snippet("E.cs", "1"),
        ];
        var visitor = await ConnectAsync();
        var query = Opened.Query("ApplyDiscount(", most: 3) with { Cost = snippet => snippet.Text.Length, Budget = 10 };

        var answer = await visitor.RecallAsync(query, None);

        Assert.Equal(["A.cs", "D.cs", "E.cs"], answer.Snippets.Select(snippet => snippet.Path));
        var asked = Assert.Single(_memory.Queries);
        Assert.Null(asked.Cost);
        Assert.Equal((12, int.MaxValue), (asked.MaxSnippets, asked.Budget));
    }

    [Fact]
    public async Task Many_visitors_ask_at_once_and_each_gets_its_own_answer()
    {
        var visitors = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => ConnectAsync()));

        await Task.WhenAll(
            visitors.SelectMany(
                (visitor, number) =>
                    Enumerable.Range(0, 25).Select(round => visitor.RecordAsync(Opened.Acceptance($"{number}.{round}"), None))
            )
        );
        var answers = await Task.WhenAll(visitors.Select((visitor, most) => visitor.AcceptancesAsync(most, null, None)));

        Assert.Equal(200, _memory.Recorded.Select(acceptance => acceptance.Id).Distinct().Count());
        Assert.Equal(Enumerable.Range(0, 8), answers.Select(answer => answer.Count));
    }

    [Fact]
    public async Task Changes_of_a_visitor_are_made_in_their_order_and_before_what_it_asks_next()
    {
        var visitor = await ConnectAsync();
        var calls = Enumerable.Range(0, 50).Select(i => visitor.PutAsync("A.cs", $"{i}", None)).ToList<Task>();
        calls.Add(visitor.RecordAsync(Opened.Acceptance("Last();"), None));

        Assert.Single(await visitor.AcceptancesAsync(10, null, None));

        await Task.WhenAll(calls);
        Assert.Equal(Enumerable.Range(0, 50).Select(i => $"A.cs={i}"), _memory.Changes);
    }

    [Fact]
    public async Task All_visitors_are_told_what_the_owner_learns()
    {
        var first = new Inbox();
        var second = new Inbox();
        await ConnectAsync(first.Add);
        await ConnectAsync(second.Add);
        var acceptance = Opened.Acceptance("Total();");

        _server.Tell(acceptance);

        Assert.Equal(acceptance, await first.NextAsync());
        Assert.Equal(acceptance, await second.NextAsync());
    }

    [Fact]
    public async Task A_slow_owner_costs_a_visitor_its_patience_and_not_its_connection()
    {
        var release = new TaskCompletionSource();
        _memory.Gate = release.Task;
        var visitor = await ConnectAsync();

        await Assert.ThrowsAsync<TimeoutException>(() =>
            visitor.RecallAsync(Opened.Query("A") with { Patience = TimeSpan.FromMilliseconds(100) }, None)
        );
        await _memory.Cancelled.Task.WaitAsync(None);
        _memory.Gate = Task.CompletedTask;

        Assert.Empty((await visitor.RecallAsync(Opened.Query("B"), None)).Snippets);
        Assert.False(visitor.Lost.IsCompleted);
    }

    [Fact]
    public async Task A_recall_that_is_not_wanted_any_more_ends_at_the_owner()
    {
        _memory.Gate = new TaskCompletionSource().Task;
        var visitor = await ConnectAsync();
        using var typing = new CancellationTokenSource();

        var recall = visitor.RecallAsync(Opened.Query("A"), typing.Token);
        await typing.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => recall);
        await _memory.Cancelled.Task.WaitAsync(None);
    }

    [Fact]
    public async Task What_fails_at_the_owner_fails_the_request_alone()
    {
        var visitor = await ConnectAsync();

        var failure = await Assert.ThrowsAsync<IOException>(() => visitor.StatisticsAsync(None));

        Assert.EndsWith("No statistics today.", failure.Message, StringComparison.Ordinal);
        Assert.True(await visitor.PutAsync("A.cs", "", None));
    }

    [Fact]
    public async Task Text_too_large_for_a_message_fails_and_the_connection_stays()
    {
        var visitor = await ConnectAsync();

        await Assert.ThrowsAsync<InvalidDataException>(() => visitor.PutAsync("A.cs", new string('x', MessageStream.MaxFrameBytes), None));

        Assert.True(await visitor.PutAsync("B.cs", "\ud800 is half a character", None));
        Assert.Equal(["B.cs=\ufffd is half a character"], _memory.Changes);
    }

    [Fact]
    public async Task Frames_that_are_no_messages_cost_their_sender_the_connection()
    {
        var visitor = await ConnectAsync();
        byte[][] bad =
        [
            Frame(0, ""),
            Frame(-1, ""),
            Frame(MessageStream.MaxFrameBytes + 1, "{}"),
            Frame("no json"),
            Frame("null"),
            Frame("[1]"),
            Frame("""{"id":1,"method":"recall","payload":{}}"""),
            [.. Frame(Hello), .. Frame("no json")],
            [.. Frame(Hello), .. Frame(int.MaxValue, "")],
        ];
        foreach (var bytes in bad)
        {
            await using var pipe = await DialAsync();
            await pipe.WriteAsync(bytes, None);
            await DrainAsync(pipe); // returns when the server has closed it
        }

        Assert.True(await visitor.PutAsync("A.cs", "", None));
    }

    [Fact]
    public async Task Requests_that_make_no_sense_are_refused_and_the_connection_stays()
    {
        await using var pipe = await DialAsync();
        using var messages = new MessageStream(pipe);
        await pipe.WriteAsync(Frame(Hello), None);
        Assert.Null((await messages.ReadAsync(None))!.Error);

        foreach (var request in new[] { """{"id":5,"method":"fly"}""", """{"id":5,"method":"put","payload":7}""", """{"id":5}""" })
        {
            await pipe.WriteAsync(Frame(request), None);
            var answer = await messages.ReadAsync(None);
            Assert.Equal(5, answer!.Id);
            Assert.NotNull(answer.Error);
        }

        Assert.Empty(_memory.Changes);
    }

    [Fact]
    public async Task Another_version_of_the_protocol_is_refused_with_a_clear_line()
    {
        await using var pipe = await DialAsync();
        using var messages = new MessageStream(pipe);
        await pipe.WriteAsync(Frame("""{"id":1,"method":"hello","payload":{"protocol":99}}"""), None);

        var answer = await messages.ReadAsync(None);

        Assert.Equal("the owner speaks version 1 of the sharing protocol, this process version 99", answer!.Error);
        Assert.Null(await messages.ReadAsync(None));
    }

    [Fact]
    public async Task A_visitor_of_an_owner_that_ends_is_told_and_its_calls_fail()
    {
        _memory.Gate = new TaskCompletionSource().Task;
        var visitor = await ConnectAsync();
        var recall = visitor.RecallAsync(Opened.Query("A"), None);

        await _server.DisposeAsync();

        await visitor.Lost.WaitAsync(None);
        await Assert.ThrowsAsync<IOException>(() => recall);
        await Assert.ThrowsAsync<IOException>(() => visitor.PutAsync("A.cs", "", None));
        await Assert.ThrowsAnyAsync<Exception>(() => ConnectAsync());
    }

    [Fact]
    public async Task An_owner_that_hangs_is_given_up_after_a_few_calls()
    {
        var folder = Path.Combine(_folder.Path, "hangs");
        Directory.CreateDirectory(folder);
        var endpoint = SharingEndpoint.Of(folder);
        await using var hanging = endpoint.Listen();
        var connecting = SharingClient.ConnectAsync(endpoint, static _ => { }, static _ => { }, None);
        await hanging.WaitForConnectionAsync(None);
        using var messages = new MessageStream(hanging);
        var hello = await messages.ReadAsync(None);
        await messages.WriteAsync(new Message { Id = hello!.Id });
        await using var visitor = await connecting;

        for (var call = 0; call < SharingClient.MostUnanswered; call++)
        {
            Assert.False(visitor.Lost.IsCompleted);
            await Assert.ThrowsAsync<TimeoutException>(() =>
                visitor.RecallAsync(Opened.Query("A") with { Patience = TimeSpan.FromMilliseconds(100) }, None)
            );
        }

        await visitor.Lost.WaitAsync(None);
    }

    [Fact]
    public async Task A_socket_left_behind_by_a_dead_owner_is_replaced()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A pipe of Windows ends with its process.");
        var folder = Path.Combine(_folder.Path, "left");
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "owner.sock"), "", None);
        var endpoint = SharingEndpoint.Of(folder);
        await Assert.ThrowsAnyAsync<Exception>(() => SharingClient.ConnectAsync(endpoint, static _ => { }, static _ => { }, None));

        await using var server = SharingServer.Start(endpoint, _memory);

        await using var visitor = await SharingClient.ConnectAsync(endpoint, static _ => { }, static _ => { }, None);
        Assert.True(await visitor.PutAsync("A.cs", "", None));
    }

    [Fact]
    public async Task A_folder_too_deep_for_a_socket_is_served_all_the_same()
    {
        var folder = Path.Combine(_folder.Path, new string('d', 120));
        var endpoint = SharingEndpoint.Of(folder);

        await using var server = SharingServer.Start(endpoint, _memory);

        await using var visitor = await SharingClient.ConnectAsync(SharingEndpoint.Of(folder), static _ => { }, static _ => { }, None);
        Assert.True(await visitor.PutAsync("A.cs", "", None));
        Assert.NotEqual(endpoint.Pipe, SharingEndpoint.Of(folder + "2").Pipe);
    }

    [Fact]
    public void An_endpoint_that_cannot_be_made_is_an_io_error()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A pipe of Windows needs no folder.");

        Assert.Throws<IOException>(() => SharingServer.Start(SharingEndpoint.Of(Path.Combine(_folder.Path, "gone")), _memory));
    }

    [Fact]
    public void The_socket_is_this_users_alone()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has its own rights; the pipe asks for the current user.");
            return;
        }

        var others =
            UnixFileMode.GroupRead
            | UnixFileMode.GroupWrite
            | UnixFileMode.GroupExecute
            | UnixFileMode.OtherRead
            | UnixFileMode.OtherWrite
            | UnixFileMode.OtherExecute;

        Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(_endpoint.Pipe) & others);
    }

    private const string Hello = """{"id":1,"method":"hello","payload":{"protocol":1}}""";

    private static Snippet Snippet(string path, string text) => new(path, 3, text, 1.5, "shares Rate", RecallSources.Lexical);

    private static byte[] Frame(string body) => Frame(Encoding.UTF8.GetByteCount(body), body);

    private static byte[] Frame(int length, string body)
    {
        var header = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(header, length);
        return [.. header, .. Encoding.UTF8.GetBytes(body)];
    }

    private static async Task DrainAsync(Stream pipe)
    {
        try
        {
            await pipe.CopyToAsync(Stream.Null, None);
        }
        catch (IOException) { }
    }

    private async Task<SharingClient> ConnectAsync(Action<Acceptance>? learned = null)
    {
        var client = await SharingClient.ConnectAsync(_endpoint, learned ?? (static _ => { }), static _ => { }, None);
        lock (_open)
        {
            _open.Add(client);
        }

        return client;
    }

    private async Task<NamedPipeClientStream> DialAsync()
    {
        var pipe = _endpoint.Call();
        await pipe.ConnectAsync(None);
        return pipe;
    }
}
