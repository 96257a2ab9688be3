using System.Text.Json;
using CodeComplete.Testing;

namespace CodeComplete.Cli.Tests;

/// <summary><c>codecomplete complete</c> as a user runs it: what it prints, and how it fails.</summary>
public sealed class CompleteCommandTests : IDisposable
{
    // The README's example.
    private static readonly string File_ = Path.Combine(Product.Sample, "src", "Clinic.Kiosk", "WaitingRoom.cs");
    private const string Position = "27:30";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_readmes_example_shows_ghost_text_and_starred_items()
    {
        var (exitCode, output, errors) = await CompleteAsync(File_, "--position", Position);

        Assert.Equal(0, exitCode);
        Assert.Contains("pets.«", output, StringComparison.Ordinal);
        Assert.Contains("★", output, StringComparison.Ordinal);
        Assert.Contains("Timings (ms): context", output, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b", output, StringComparison.Ordinal);
        Assert.All(
            errors.Split('\n', StringSplitOptions.RemoveEmptyEntries),
            l => Assert.StartsWith("codecomplete: ", l, StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Json_has_the_documented_form()
    {
        var (exitCode, output, _) = await CompleteAsync(File_, "--position", Position, "--json");

        Assert.Equal(0, exitCode);
        using var json = JsonDocument.Parse(output);
        var ghost = json.RootElement.GetProperty("ghost");
        Assert.True(ghost.GetProperty("verified").GetBoolean());
        Assert.NotEmpty(ghost.GetProperty("text").GetString()!);
        Assert.Equal(26, ghost.GetProperty("range").GetProperty("start").GetProperty("line").GetInt32());
        Assert.Equal(29, ghost.GetProperty("range").GetProperty("start").GetProperty("character").GetInt32());
        Assert.InRange(ghost.GetProperty("probability").GetDouble(), 0.0, 1.0);
        Assert.InRange(ghost.GetProperty("gate").GetDouble(), 0.4, 0.6);
        var items = json.RootElement.GetProperty("items").EnumerateArray().ToList();
        Assert.True(items.Count > 10);
        Assert.True(items[0].GetProperty("starred").GetBoolean());
        Assert.Equal("method", items[0].GetProperty("kind").GetString());
        Assert.All(items, i => Assert.DoesNotContain("★", i.GetProperty("label").GetString()!, StringComparison.Ordinal));
        string[] stages = ["context", "recall", "prompt", "prefill", "decode", "verify", "list", "total"];
        Assert.All(stages, s => Assert.True(json.RootElement.GetProperty("timings").GetProperty(s).GetDouble() >= 0));
    }

    [Theory]
    [InlineData(2, "--position", "1")]
    [InlineData(2, "--position", "0:1")]
    [InlineData(2, "--position", "a:b")]
    [InlineData(2, "--position", "-1:1")]
    [InlineData(2)]
    [InlineData(1, "--position", "1000:1")]
    [InlineData(1, "--position", "1:1000")]
    [InlineData(2, "--position", "1:1", "--provider", "abacus")]
    [InlineData(2, "--position", "1:1", "--workspace", "/not/there")]
    [InlineData(2, "--position", "1:1", "--nonsense")]
    public async Task Wrong_use_is_one_line_and_an_exit_code(int expected, params string[] arguments)
    {
        var (exitCode, output, errors) = await CompleteAsync([File_, .. arguments]);

        Assert.Equal(expected, exitCode);
        Assert.Equal("", output);
        OneLine(errors);
    }

    [Fact]
    public async Task A_file_that_is_not_there_or_no_csharp_is_said_in_one_line()
    {
        var text = _folder.Write("notes.txt", "hello");

        var missing = await CompleteAsync(Path.Combine(_folder.Path, "none.cs"), "--position", "1:1");
        var foreign = await CompleteAsync(text, "--position", "1:1");
        var directory = await CompleteAsync(
            Directory.CreateDirectory(Path.Combine(_folder.Path, "folder.cs")).FullName,
            "--position",
            "1:1"
        );

        Assert.Equal([1, 1, 1], [missing.ExitCode, foreign.ExitCode, directory.ExitCode]);
        Assert.Contains("none.cs", OneLine(missing.Errors), StringComparison.Ordinal);
        Assert.Contains("no C# file", OneLine(foreign.Errors), StringComparison.Ordinal);
        OneLine(directory.Errors);
    }

    [Fact]
    public async Task Without_a_model_the_list_is_still_printed()
    {
        var file = _folder.Write("A.cs", "class A { string s = string. }");

        var (exitCode, output, errors) = await CompleteAsync(file, "--position", "1:29", "--model", Path.Combine(_folder.Path, "no-model"));

        Assert.Equal(0, exitCode);
        Assert.Contains("No ghost text: there is no model", output, StringComparison.Ordinal);
        Assert.Contains("IsNullOrEmpty", output, StringComparison.Ordinal);
        Assert.Contains("no-model", OneLine(errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broken_model_folder_is_said_in_one_line_that_names_the_file()
    {
        var file = _folder.Write("A.cs", "class A { string s = string. }");
        _folder.Write("broken/prompt.json", "{ this is no json");

        var (exitCode, _, errors) = await CompleteAsync(file, "--position", "1:29", "--model", Path.Combine(_folder.Path, "broken"));

        Assert.Equal(0, exitCode);
        Assert.Contains("prompt.json", OneLine(errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unreadable_project_is_named_and_the_file_is_still_answered()
    {
        _folder.Write("Broken.csproj", "<Project><ItemGroup></Project>");
        var file = _folder.Write("A.cs", "class A { string s = string. }");

        var (exitCode, output, errors) = await CompleteAsync(file, "--position", "1:29", "--model", "none");

        Assert.Equal(0, exitCode);
        Assert.Contains("IsNullOrEmpty", output, StringComparison.Ordinal);
        Assert.Contains(errors.Split('\n'), l => l.Contains("Broken.csproj", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_an_sdk_the_frameworks_types_are_still_known()
    {
        _folder.Write(
            "App.csproj",
            "<Project Sdk=\"Microsoft.NET.Sdk\"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup></Project>"
        );
        var file = _folder.Write("A.cs", "class A { string s = string. }");
        var empty = Directory.CreateDirectory(Path.Combine(_folder.Path, "empty")).FullName;

        var (exitCode, output, errors) = await Product.RunWithoutSdkAsync(
            ["complete", file, "--position", "1:29", "--model", "none", "--data-dir", Path.Combine(_folder.Path, "data")],
            empty,
            TestContext.Current.CancellationToken
        );

        Assert.Equal(0, exitCode);
        Assert.Contains("IsNullOrEmpty", output, StringComparison.Ordinal);
        Assert.Contains("SDK", errors, StringComparison.Ordinal);
        Assert.All(
            errors.Split('\n', StringSplitOptions.RemoveEmptyEntries),
            l => Assert.StartsWith("codecomplete: ", l, StringComparison.Ordinal)
        );
    }

    private static string OneLine(string errors)
    {
        var line = Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("codecomplete: ", line, StringComparison.Ordinal);
        return line;
    }

    private Task<(int ExitCode, string Output, string Errors)> CompleteAsync(params string[] arguments) =>
        Product.RunAsync(
            ["complete", .. arguments, "--data-dir", Path.Combine(_folder.Path, "data")],
            TestContext.Current.CancellationToken
        );
}
