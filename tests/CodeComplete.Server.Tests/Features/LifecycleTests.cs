using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using CodeComplete.Server.Tests.Harness;

namespace CodeComplete.Server.Tests.Features;

/// <summary>Which messages may come when, and how the process ends.</summary>
public sealed class LifecycleTests
{
    private const string Document = "file:///a.cs";

    [Fact]
    public async Task Shutdown_then_exit_is_code_0_and_the_engine_is_closed_before_the_answer()
    {
        await using var client = await TestClient.StartInitializedAsync();
        Assert.Equal(JsonValueKind.Null, (await client.ResultAsync("shutdown", null)).ValueKind);
        Assert.Contains("dispose", client.Engine.Calls);
        client.Notify("exit", null);
        Assert.Equal(0, await client.ExitAsync());
    }

    [Fact]
    public async Task Exit_right_behind_shutdown_still_lets_the_answer_out()
    {
        var disposal = new TaskCompletionSource();
        await using var client = await TestClient.StartInitializedAsync(
            engine: new FakeEngine { Disposal = () => new ValueTask(disposal.Task) }
        );
        var answer = client.RequestAsync("shutdown", null);
        client.Notify("exit", null);
        client.HangUp();
        disposal.SetResult();
        Assert.Equal(JsonValueKind.Null, (await answer).GetProperty("result").ValueKind);
        Assert.Equal(0, await client.ExitAsync());
    }

    [Fact]
    public async Task Exit_without_shutdown_is_code_1()
    {
        await using var client = await TestClient.StartInitializedAsync();
        client.Notify("exit", null);
        Assert.Equal(1, await client.ExitAsync());
        Assert.Contains("dispose", client.Engine.Calls);
    }

    [Fact]
    public async Task Exit_before_initialize_is_code_1()
    {
        await using var client = TestClient.Start();
        client.Notify("exit", null);
        Assert.Equal(1, await client.ExitAsync());
    }

    [Fact]
    public async Task Exit_exits_though_a_request_is_under_way()
    {
        var cancelled = new TaskCompletionSource();
        var engine = new FakeEngine
        {
            List = async (_, token) =>
            {
                await using var registration = token.Register(cancelled.SetResult);
                await cancelled.Task;
                throw new OperationCanceledException(token);
            },
        };
        await using var client = await TestClient.StartInitializedAsync(engine: engine);
        client.Open(Document);
        _ = client.RequestAsync("textDocument/completion", TestClient.At(Document));
        await client.SettleAsync();
        client.Notify("exit", null);
        Assert.Equal(1, await client.ExitAsync());
        await cancelled.Task;
    }

    [Fact]
    public async Task The_end_of_the_stream_is_code_1()
    {
        await using var client = await TestClient.StartInitializedAsync();
        client.HangUp();
        Assert.Equal(1, await client.ExitAsync());
        Assert.Contains("dispose", client.Engine.Calls);
    }

    [Fact]
    public async Task A_client_that_stops_reading_ends_the_server()
    {
        await using var client = await TestClient.StartInitializedAsync();
        client.StopReading();
        client.Open(Document);
        _ = client.RequestAsync("textDocument/completion", TestClient.At(Document));
        Assert.Equal(1, await client.ExitAsync());
    }

    [Fact]
    public async Task Cancelling_the_run_is_code_1()
    {
        await using var client = await TestClient.StartInitializedAsync();
        client.Cancel();
        Assert.Equal(1, await client.ExitAsync());
    }

    [Fact]
    public async Task The_server_ends_with_the_clients_process()
    {
        using var process = StartWaiting();
        await using var client = TestClient.Start();
        await client.ResultAsync("initialize", new JsonObject { ["processId"] = process.Id, ["capabilities"] = new JsonObject() });
        Assert.False(client.Exit.IsCompleted);
        process.Kill();
        Assert.Equal(1, await client.ExitAsync());
    }

    [Fact]
    public async Task The_server_ends_if_the_clients_process_has_died_already()
    {
        int id;
        using (var process = StartWaiting())
        {
            id = process.Id;
            process.Kill();
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        await using var client = TestClient.Start();
        _ = client.RequestAsync("initialize", new JsonObject { ["processId"] = id, ["capabilities"] = new JsonObject() });
        Assert.Equal(1, await client.ExitAsync());
    }

    [Theory]
    [InlineData("null")]
    [InlineData("0")]
    [InlineData("-1")]
    public async Task No_process_is_watched_where_none_is_named(string id)
    {
        await using var client = TestClient.Start();
        await client.ResultAsync("initialize", new JsonObject { ["processId"] = JsonNode.Parse(id), ["capabilities"] = new JsonObject() });
        await client.SettleAsync();
        Assert.False(client.Exit.IsCompleted);
    }

    [Fact]
    public async Task Before_initialize_requests_are_refused_and_notifications_dropped()
    {
        await using var client = TestClient.Start();
        client.Open(Document);
        Assert.Equal(-32002, (await client.ErrorAsync("textDocument/completion", TestClient.At(Document))).Code);
        Assert.Equal(-32002, (await client.ErrorAsync("no/suchMethod", null)).Code);
        Assert.Equal(-32002, (await client.ErrorAsync("shutdown", null)).Code);
        await client.InitializeAsync();
        await client.SettleAsync();
        Assert.DoesNotContain(client.Engine.Calls, call => call.StartsWith("open", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Between_initialize_and_initialized_requests_are_answered()
    {
        await using var client = TestClient.Start();
        var initialize = client.InitializeAsync();

        // Without waiting for the answer, as a hasty client does.
        client.Open(Document);
        var list = await client.ResultAsync("textDocument/completion", TestClient.At(Document));
        Assert.False(list.GetProperty("isIncomplete").GetBoolean());
        Assert.Equal(["open /a.cs 1 ", "list /a.cs@1 0:0"], client.Engine.Calls);
        await initialize;
    }

    [Fact]
    public async Task Initialize_may_come_only_once()
    {
        await using var client = await TestClient.StartInitializedAsync();
        Assert.Equal(-32600, (await client.ErrorAsync("initialize", new JsonObject { ["capabilities"] = new JsonObject() })).Code);
        await client.SettleAsync();
    }

    [Fact]
    public async Task Initialize_may_come_again_if_it_was_refused()
    {
        await using var client = TestClient.Start();
        Assert.Equal(-32602, (await client.ErrorAsync("initialize", JsonNode.Parse("""{"workspaceFolders":5}"""))).Code);
        Assert.Equal(-32002, (await client.ErrorAsync("textDocument/completion", TestClient.At(Document))).Code);
        await client.InitializeAsync();
    }

    [Fact]
    public async Task An_engine_that_does_not_start_is_said_in_one_line()
    {
        await using var client = TestClient.Start(create: _ => throw new InvalidDataException("No model.\nat somewhere"));
        var (code, message) = await client.ErrorAsync("initialize", new JsonObject { ["capabilities"] = new JsonObject() });
        Assert.Equal(-32603, code);
        Assert.Equal("'initialize' failed: No model.", message);
    }

    [Fact]
    public async Task After_shutdown_requests_are_refused_and_notifications_dropped()
    {
        await using var client = await TestClient.StartInitializedAsync();
        await client.ResultAsync("shutdown", null);
        client.Open(Document);
        Assert.Equal(-32600, (await client.ErrorAsync("textDocument/completion", TestClient.At(Document))).Code);
        Assert.Equal(-32600, (await client.ErrorAsync("shutdown", null)).Code);
        Assert.Equal(-32600, (await client.ErrorAsync("initialize", null)).Code);
        Assert.DoesNotContain(client.Engine.Calls, call => call.StartsWith("open", StringComparison.Ordinal));
        client.Notify("exit", null);
        Assert.Equal(0, await client.ExitAsync());
    }

    /// <summary>A process that waits until it is killed: it reads an input that never ends.</summary>
    private static Process StartWaiting()
    {
        var start = OperatingSystem.IsWindows() ? new ProcessStartInfo("cmd", "/c pause") : new ProcessStartInfo("cat");
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        return Process.Start(start)!;
    }
}
