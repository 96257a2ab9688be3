using System.Text;
using System.Text.Json;
using CodeComplete.Testing;

namespace CodeComplete.Cli.Tests;

/// <summary><c>codecomplete memory</c> as a user runs it, on a small workspace: alone, and beside a server that has the memory open.</summary>
public sealed class MemoryCommandTests : IAsyncLifetime
{
    private const string Word = "ZanzibarTariff";

    private readonly TemporaryFolder _folder = new();
    private readonly string _workspace;

    public MemoryCommandTests()
    {
        _workspace = Path.Combine(_folder.Path, "Shop");
        _folder.Write(
            "Shop/Shop.csproj",
            "<Project Sdk=\"Microsoft.NET.Sdk\"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup></Project>"
        );
        _folder.Write(
            "Shop/Orders/Order.cs",
            """
            namespace Shop.Orders;

            public class Order
            {
                public decimal Postage(Customs customs)
                {
                    return customs.ZanzibarTariff * Weight;
                }

                public decimal Weight { get; set; }
            }
            """
        );
        _folder.Write("Shop/Customs.cs", "namespace Shop;\n\npublic record Customs(decimal ZanzibarTariff, decimal Duty);\n");
        _folder.Write("Shop/Invoice.cs", "namespace Shop;\n\npublic record Invoice(decimal Duty, string Payer);\n");
    }

    private string Data => Path.Combine(_folder.Path, "data");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var (exitCode, output, _) = await RunAsync("index", _workspace);
        Assert.Equal(0, exitCode);
        Assert.StartsWith("3 files, ", output, StringComparison.Ordinal);
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Stats_shows_what_is_held_and_both_budgets_as_bars()
    {
        var (exitCode, output, errors) = await RunAsync("memory", "stats", _workspace);

        Assert.Equal(0, exitCode);
        Assert.Equal("", errors);
        Assert.Matches(@"Files +3\r?\n", output);
        Assert.Matches(@"Symbols +of 3 files", output);
        Assert.Matches(@"N-grams +0\r?\n", output);
        Assert.Matches(@"On disk +\[#\.{19}\] 0\.\d of 256 MB", output);
        Assert.Matches(@"In memory +\[#\.{19}\] 0\.\d of 100 MB", output);
        Assert.Contains("this command", output, StringComparison.Ordinal);
        Assert.Contains(Data, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stats_as_json_adds_up_and_knows_the_given_budget()
    {
        var (exitCode, output, _) = await RunAsync("memory", "stats", _workspace, "--json", "--disk-mb", "64");

        Assert.Equal(0, exitCode);
        using var json = JsonDocument.Parse(output);
        Assert.Equal("thisProcess", json.RootElement.GetProperty("owner").GetString());
        Assert.Equal(3, json.RootElement.GetProperty("files").GetInt32());
        var disk = json.RootElement.GetProperty("disk");
        Assert.Equal(64 * 1024 * 1024, disk.GetProperty("budgetBytes").GetInt64());
        foreach (var use in new[] { disk, json.RootElement.GetProperty("memory") })
        {
            var parts = use.GetProperty("parts").EnumerateArray().Sum(part => part.GetProperty("bytes").GetInt64());
            Assert.True(parts > 0);
            Assert.Equal(use.GetProperty("bytes").GetInt64(), parts);
        }
    }

    [Fact]
    public async Task Stats_without_a_model_says_that_ngrams_were_not_read()
    {
        var (exitCode, output, _) = await RunAsync("memory", "stats", _workspace, "--model", Path.Combine(_folder.Path, "none"));

        Assert.Equal(0, exitCode);
        Assert.Matches(@"N-grams +not read", output);
    }

    [Fact]
    public async Task Search_finds_code_with_its_place_and_a_reason()
    {
        var (exitCode, output, errors) = await RunAsync("memory", "search", $"customs.{Word}", "--workspace", _workspace);

        Assert.Equal(0, exitCode);
        Assert.Equal("", errors);
        Assert.Matches(@"Orders/Order\.cs:\d+  \(.*lexical.*; score 0\.\d+\)  shares .*ZanzibarTariff", output);
        Assert.Contains($"    public record Customs(decimal {Word}, decimal Duty);", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_workspace_is_the_nearest_one_above_the_current_folder()
    {
        var (exitCode, output, _) = await Product.RunInAsync(
            Path.Combine(_workspace, "Orders"),
            ["memory", "search", Word, "--data-dir", Data],
            Cancellation
        );

        Assert.Equal(0, exitCode);
        Assert.Contains("Customs.cs:1", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_word_that_is_forgotten_is_found_by_no_search_and_in_no_file()
    {
        Assert.True(StandsInData(Word));

        var (exitCode, output, errors) = await RunAsync("memory", "forget", "--word", Word, "--workspace", _workspace);
        var found = await RunAsync("memory", "search", Word, "--workspace", _workspace);
        var again = await RunAsync("index", _workspace);

        Assert.Equal((0, ""), (exitCode, errors));
        Assert.Contains("2 files", output, StringComparison.Ordinal);
        Assert.Equal(0, found.ExitCode);
        Assert.DoesNotContain(Word, found.Output, StringComparison.Ordinal);
        Assert.Equal(0, again.ExitCode);
        Assert.False(StandsInData(Word));
        Assert.True(StandsInData("Invoice"));
    }

    [Fact]
    public async Task A_path_or_everything_is_forgotten_and_comes_back_with_the_next_index()
    {
        var path = await RunAsync("memory", "forget", "--path", "Orders", "--workspace", _workspace);
        Assert.Equal((0, 2), (path.ExitCode, await FilesAsync()));

        var unknown = await RunAsync("memory", "forget", "--path", "Orders/Order.cs", "--workspace", _workspace);
        Assert.Equal(0, unknown.ExitCode);
        Assert.Contains("Nothing", unknown.Output, StringComparison.Ordinal);

        var all = await RunAsync("memory", "forget", "--all", "--workspace", _workspace);
        Assert.Equal((0, 0), (all.ExitCode, await FilesAsync()));
        Assert.Contains("2 files", all.Output, StringComparison.Ordinal);
        Assert.False(StandsInData("Invoice"));

        await RunAsync("index", _workspace);
        Assert.Equal(3, await FilesAsync());
    }

    [Fact]
    public async Task A_server_that_has_the_memory_open_is_asked_and_forgets()
    {
        await using var server = Product.StartServer(Data, "--model", Path.Combine(_folder.Path, "none"));
        await server.InitializeAsync(_workspace);
        await server.NotifiedAsync("codecomplete/status", p => (string?)p?["state"] == "ready").WaitAsync(Cancellation);

        var index = await RunAsync("index", _workspace);
        Assert.Equal(0, index.ExitCode);
        Assert.StartsWith("Another process has this memory open", index.Output, StringComparison.Ordinal);
        Assert.Contains("3 files", index.Output, StringComparison.Ordinal);
        var stats = await RunAsync("memory", "stats", _workspace);
        Assert.Matches(@"Owner +another process", stats.Output);
        Assert.Matches(@"Files +3\r?\n", stats.Output);
        Assert.Contains(Word, (await RunAsync("memory", "search", Word, "--workspace", _workspace)).Output, StringComparison.Ordinal);

        var forgotten = await RunAsync("memory", "forget", "--word", Word, "--workspace", _workspace);

        Assert.Equal((0, ""), (forgotten.ExitCode, forgotten.Errors));
        Assert.Contains("2 files", forgotten.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(Word, (await RunAsync("memory", "search", Word, "--workspace", _workspace)).Output, StringComparison.Ordinal);
        Assert.Equal(0, await server.ShutDownAsync());
        Assert.False(StandsInData(Word));
    }

    [Fact]
    public async Task An_owner_that_does_not_answer_is_said_and_nothing_counts_as_forgotten()
    {
        var file = Assert.Single(Directory.EnumerateFiles(Data, "owner.lock", SearchOption.AllDirectories));
        await using var held = new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None);

        var stats = await RunAsync("memory", "stats", _workspace);
        var forget = await RunAsync("memory", "forget", "--all", "--workspace", _workspace);

        Assert.Matches("Owner +none", stats.Output);
        Assert.StartsWith("codecomplete: Another process holds the memory", stats.Errors, StringComparison.Ordinal);
        Assert.Equal(1, forget.ExitCode);
        Assert.Contains("forget again", forget.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("memory", "forget")]
    [InlineData("memory", "forget", "--all", "--word", "Order")]
    [InlineData("memory", "forget", "--path", "a", "--path", "b")]
    [InlineData("memory", "forget", "--path", "../elsewhere")]
    [InlineData("memory", "forget", "--path", "")]
    [InlineData("memory", "forget", "--word", "ab")]
    [InlineData("memory", "forget", "--all", "--workspace", "/not/there")]
    [InlineData("memory", "search")]
    [InlineData("memory", "stats", "--disk-mb", "3")]
    [InlineData("memory", "stats", "--disk-mb", "many")]
    [InlineData("memory")]
    public async Task Wrong_use_is_one_line_and_forgets_nothing(params string[] arguments)
    {
        var (exitCode, output, errors) = await Product.RunInAsync(_workspace, [.. arguments, "--data-dir", Data], Cancellation);

        Assert.Equal((2, ""), (exitCode, output));
        var line = Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("codecomplete: ", line, StringComparison.Ordinal);
        Assert.Equal(3, await FilesAsync());
    }

    private async Task<int> FilesAsync()
    {
        var (_, output, _) = await RunAsync("memory", "stats", _workspace, "--json");
        using var json = JsonDocument.Parse(output);
        return json.RootElement.GetProperty("files").GetInt32();
    }

    /// <summary>In any file of the data folder, in whatever case.</summary>
    private bool StandsInData(string word) =>
        Directory
            .EnumerateFiles(Data, "*", SearchOption.AllDirectories)
            .Any(file => Encoding.Latin1.GetString(File.ReadAllBytes(file)).Contains(word, StringComparison.OrdinalIgnoreCase));

    private Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] arguments) =>
        Product.RunAsync([.. arguments, "--data-dir", Data], Cancellation);
}
