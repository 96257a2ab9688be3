using System.Text.Json;
using CodeComplete.Testing;

namespace CodeComplete.Cli.Tests;

/// <summary><c>codecomplete memory</c> as a user runs it on a small workspace, as far as it changes nothing.</summary>
public sealed class MemoryCommandTests(IndexedShop shop) : IClassFixture<IndexedShop>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Stats_shows_what_is_held_and_both_budgets_as_bars()
    {
        var (exitCode, output, errors) = await shop.RunAsync("memory", "stats", shop.Workspace);

        Assert.Equal(0, exitCode);
        Assert.Equal("", errors);
        Assert.Matches(@"Files +3\r?\n", output);
        Assert.Matches(@"Symbols +of 3 files", output);
        Assert.Matches(@"N-grams +0\r?\n", output);
        Assert.Matches(@"On disk +\[#\.{19}\] 0\.\d of 256 MB", output);
        Assert.Matches(@"In memory +\[#\.{19}\] 0\.\d of 100 MB", output);
        Assert.Contains("this command", output, StringComparison.Ordinal);
        Assert.Contains(shop.Data, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stats_as_json_adds_up_and_knows_the_given_budget()
    {
        var (exitCode, output, _) = await shop.RunAsync("memory", "stats", shop.Workspace, "--json", "--disk-mb", "64");

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
        var (exitCode, output, _) = await shop.RunAsync("memory", "stats", shop.Workspace, "--model", shop.NoModel);

        Assert.Equal(0, exitCode);
        Assert.Matches(@"N-grams +not read", output);
    }

    [Fact]
    public async Task Search_finds_code_with_its_place_and_a_reason()
    {
        var (exitCode, output, errors) = await shop.RunAsync(
            "memory",
            "search",
            $"customs.{IndexedShop.Word}",
            "--workspace",
            shop.Workspace
        );

        Assert.Equal(0, exitCode);
        Assert.Equal("", errors);
        Assert.Matches(@"Orders/Order\.cs:\d+  \(.*lexical.*; score 0\.\d+\)  shares .*ZanzibarTariff", output);
        Assert.Contains($"    public record Customs(decimal {IndexedShop.Word}, decimal Duty);", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_workspace_is_the_nearest_one_above_the_current_folder()
    {
        var (exitCode, output, _) = await Product.RunInAsync(
            Path.Combine(shop.Workspace, "Orders"),
            ["memory", "search", IndexedShop.Word, "--data-dir", shop.Data],
            Cancellation
        );

        Assert.Equal(0, exitCode);
        Assert.Contains("Customs.cs:1", output, StringComparison.Ordinal);
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
        var (exitCode, output, errors) = await Product.RunInAsync(shop.Workspace, [.. arguments, "--data-dir", shop.Data], Cancellation);

        Assert.Equal((2, ""), (exitCode, output));
        var line = Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("codecomplete: ", line, StringComparison.Ordinal);
        Assert.Equal(3, await shop.FilesAsync());
    }
}
