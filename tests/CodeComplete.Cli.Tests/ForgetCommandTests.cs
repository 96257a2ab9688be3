using CodeComplete.Testing;

namespace CodeComplete.Cli.Tests;

/// <summary><c>codecomplete memory forget</c> as a user runs it: alone, and beside a server that has the memory open.</summary>
public sealed class ForgetCommandTests : IAsyncLifetime
{
    private readonly IndexedShop _shop = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _shop.InitializeAsync();

    public ValueTask DisposeAsync() => _shop.DisposeAsync();

    [Fact]
    public async Task A_word_that_is_forgotten_is_found_by_no_search_and_in_no_file()
    {
        Assert.True(_shop.StandsInData(IndexedShop.Word));

        var (exitCode, output, errors) = await _shop.RunAsync(
            "memory",
            "forget",
            "--word",
            IndexedShop.Word,
            "--workspace",
            _shop.Workspace
        );
        var found = await _shop.RunAsync("memory", "search", IndexedShop.Word, "--workspace", _shop.Workspace);
        var again = await _shop.RunAsync("index", _shop.Workspace);

        Assert.Equal((0, ""), (exitCode, errors));
        Assert.Contains("2 files", output, StringComparison.Ordinal);
        Assert.Equal(0, found.ExitCode);
        Assert.DoesNotContain(IndexedShop.Word, found.Output, StringComparison.Ordinal);
        Assert.Equal(0, again.ExitCode);
        Assert.False(_shop.StandsInData(IndexedShop.Word));
        Assert.True(_shop.StandsInData("Invoice"));
    }

    [Fact]
    public async Task A_path_or_everything_is_forgotten_and_comes_back_with_the_next_index()
    {
        var path = await _shop.RunAsync("memory", "forget", "--path", "Orders", "--workspace", _shop.Workspace);
        Assert.Equal((0, 2), (path.ExitCode, await _shop.FilesAsync()));

        var unknown = await _shop.RunAsync("memory", "forget", "--path", "Orders/Order.cs", "--workspace", _shop.Workspace);
        Assert.Equal(0, unknown.ExitCode);
        Assert.Contains("Nothing", unknown.Output, StringComparison.Ordinal);

        var all = await _shop.RunAsync("memory", "forget", "--all", "--workspace", _shop.Workspace);
        Assert.Equal((0, 0), (all.ExitCode, await _shop.FilesAsync()));
        Assert.Contains("2 files", all.Output, StringComparison.Ordinal);
        Assert.False(_shop.StandsInData("Invoice"));

        await _shop.RunAsync("index", _shop.Workspace);
        Assert.Equal(3, await _shop.FilesAsync());
    }

    [Fact]
    public async Task A_server_that_has_the_memory_open_is_asked_and_forgets()
    {
        await using var server = Product.StartServer(_shop.Data, "--model", _shop.NoModel);
        await server.InitializeAsync(_shop.Workspace);
        await server.NotifiedAsync("codecomplete/status", p => (string?)p?["state"] == "ready").WaitAsync(Cancellation);

        var index = await _shop.RunAsync("index", _shop.Workspace);
        Assert.Equal(0, index.ExitCode);
        Assert.StartsWith("Another process has this memory open", index.Output, StringComparison.Ordinal);
        Assert.Contains("3 files", index.Output, StringComparison.Ordinal);
        var stats = await _shop.RunAsync("memory", "stats", _shop.Workspace);
        Assert.Matches(@"Owner +another process", stats.Output);
        Assert.Matches(@"Files +3\r?\n", stats.Output);
        Assert.Contains(
            IndexedShop.Word,
            (await _shop.RunAsync("memory", "search", IndexedShop.Word, "--workspace", _shop.Workspace)).Output,
            StringComparison.Ordinal
        );

        var forgotten = await _shop.RunAsync("memory", "forget", "--word", IndexedShop.Word, "--workspace", _shop.Workspace);

        Assert.Equal((0, ""), (forgotten.ExitCode, forgotten.Errors));
        Assert.Contains("2 files", forgotten.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(
            IndexedShop.Word,
            (await _shop.RunAsync("memory", "search", IndexedShop.Word, "--workspace", _shop.Workspace)).Output,
            StringComparison.Ordinal
        );
        Assert.Equal(0, await server.ShutDownAsync());
        Assert.False(_shop.StandsInData(IndexedShop.Word));
    }

    [Fact]
    public async Task An_owner_that_does_not_answer_is_said_and_nothing_counts_as_forgotten()
    {
        var file = Assert.Single(Directory.EnumerateFiles(_shop.Data, "owner.lock", SearchOption.AllDirectories));
        await using var held = new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None);

        var stats = await _shop.RunAsync("memory", "stats", _shop.Workspace);
        var forget = await _shop.RunAsync("memory", "forget", "--all", "--workspace", _shop.Workspace);

        Assert.Matches("Owner +none", stats.Output);
        Assert.StartsWith("codecomplete: Another process holds the memory", stats.Errors, StringComparison.Ordinal);
        Assert.Equal(1, forget.ExitCode);
        Assert.Contains("forget again", forget.Errors, StringComparison.Ordinal);
    }
}
