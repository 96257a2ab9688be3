using CodeComplete.Testing;

namespace CodeComplete.Cli.Tests;

public sealed class OtherCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Help_tells_a_newcomer_what_there_is()
    {
        var (exitCode, output, _) = await Product.RunAsync(["--help"]);

        Assert.Equal(0, exitCode);
        Assert.All(
            ["lsp", "complete", "explain", "index", "memory", "eval", "dataset", "doctor"],
            c => Assert.Contains(c, output, StringComparison.Ordinal)
        );
        Assert.Contains("codecomplete complete Program.cs --position 12:9", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("lsp")]
    [InlineData("complete")]
    [InlineData("explain")]
    [InlineData("memory search")]
    [InlineData("memory stats")]
    [InlineData("memory forget")]
    [InlineData("index")]
    [InlineData("eval")]
    [InlineData("dataset")]
    [InlineData("doctor")]
    public async Task Every_command_has_help(string command)
    {
        var (exitCode, output, _) = await Product.RunAsync([.. command.Split(' '), "--help"]);

        Assert.Equal(0, exitCode);
        Assert.Contains("--data-dir", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_version_is_that_of_the_packages()
    {
        var (exitCode, output, _) = await Product.RunAsync(["--version"]);
        var props = await File.ReadAllTextAsync(
            Path.Combine(Repository.Root, "Directory.Build.props"),
            TestContext.Current.CancellationToken
        );

        Assert.Equal(0, exitCode);
        Assert.Contains($"<Version>{output.Trim()}</Version>", props, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Index_reads_a_workspace_and_says_what_it_holds()
    {
        var (exitCode, output, errors) = await Product.RunAsync(["index", Product.Sample, "--data-dir", _folder.Path]);

        Assert.Equal(0, exitCode);
        Assert.Equal("", errors);
        Assert.Matches(@"^1\d\d files, \d+ snippets", output);
    }

    [Fact]
    public async Task Explain_names_each_recalled_snippet_with_its_reason_and_its_tokens()
    {
        var file = Path.Combine(Product.Sample, "src", "Clinic.Kiosk", "WaitingRoom.cs");

        var page = Path.Combine(_folder.Path, "page.html");

        var (exitCode, output, _) = await Product.RunAsync([
            "explain",
            file,
            "--position",
            "27:30",
            "--out",
            page,
            "--layers",
            "9",
            "--data-dir",
            _folder.Path,
        ]);

        Assert.Equal(0, exitCode);
        Assert.Matches(@"Names: \d+ \(AddAsync, .*FindAsync", output);
        Assert.Matches(@"Line: \w+\(.*  \(compiles, probability 0\.\d\d, least 0\.\d\d\)", output);
        var html = await File.ReadAllTextAsync(page, TestContext.Current.CancellationToken);
        Assert.Contains("<h2>The prompt, from its beginning to the cursor</h2>", html, StringComparison.Ordinal);
        Assert.Contains("--fall: 100%", html, StringComparison.Ordinal);
        Assert.Contains("--attention: 100%", html, StringComparison.Ordinal);
        Assert.Contains("<input type=\"radio\" name=\"shade\" id=\"by-attention\">", html, StringComparison.Ordinal);
        Assert.Contains("all heads of the layers 9 to 9.", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
        Assert.Matches(@"Where the model looks while it writes the line \(layers 9 to 9, .*\n( *\d+\.\d %  .*\n)+", output);
        Assert.DoesNotContain("http", html, StringComparison.Ordinal);
        Assert.Contains("Place: member access, receiver IPetRepository, in CallAsync", output, StringComparison.Ordinal);
        Assert.Matches(@"Recalled: [1-9] snippets, \d+ of \d+ tokens", output);
        Assert.Matches(@"src/Clinic\.\w+/.*\.cs:\d+  \(\d+ tokens, without it the line is \d+\.\d\d times less probable\)  \w+", output);
        var recalled = output[..output.IndexOf("Where the model looks", StringComparison.Ordinal)];
        Assert.DoesNotContain("var pet = await pets.", recalled, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("20-11")]
    [InlineData("0-4")]
    [InlineData("some")]
    [InlineData("1-2-3")]
    public async Task Layers_that_are_no_range_are_wrong_usage(string layers)
    {
        var file = Path.Combine(Product.Sample, "src", "Clinic.Kiosk", "WaitingRoom.cs");

        var (exitCode, _, errors) = await Product.RunAsync(["explain", file, "--position", "27:30", "--layers", layers]);

        Assert.Equal(2, exitCode);
        Assert.Contains($"--layers '{layers}' is no range of layers: write FIRST-LAST", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Index_of_a_folder_that_is_not_there_fails_in_one_line()
    {
        var (exitCode, _, errors) = await Product.RunAsync(["index", Path.Combine(_folder.Path, "none"), "--data-dir", _folder.Path]);

        Assert.Equal(1, exitCode);
        Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task Doctor_tries_everything_and_leaves_nothing_behind()
    {
        var (exitCode, output, _) = await Product.RunAsync(["doctor", "--data-dir", _folder.Path]);

        Assert.Equal(0, exitCode);
        Assert.Contains(Path.Combine(_folder.Path, "logs", "codecomplete.log"), output, StringComparison.Ordinal);
        Assert.All(["machine", "data folder", "model", "list", "ghost text"], p => Assert.Contains(p, output, StringComparison.Ordinal));
        Assert.DoesNotContain("FAIL", output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_folder.Path, "doctor")));
    }

    [Fact]
    public async Task Doctor_fails_where_the_data_folder_cannot_be_written()
    {
        var (exitCode, output, _) = await Product.RunAsync(["doctor", "--data-dir", _folder.Write("file", "")]);

        Assert.Equal(1, exitCode);
        Assert.Contains("FAIL", output, StringComparison.Ordinal);
        Assert.Contains("--data-dir", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_names_the_remote_engine_and_tries_it()
    {
        await using var server = new CompletionServerStub().Answers(200, CompletionServerStub.Completion("Count == 0;"));

        var (exitCode, output, _) = await Product.RunAsync(["doctor", "--data-dir", _folder.Path, "--remote-url", server.Url]);

        Assert.Equal(0, exitCode);
        Assert.Contains($"{server.Url}/v1/completions is asked for ghost text", output, StringComparison.Ordinal);
        Assert.Contains("`return _items.` -> `Count == 0;`", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_fails_where_the_remote_engine_does()
    {
        await using var server = new CompletionServerStub().Answers(401, "{}");

        var (exitCode, output, _) = await Product.RunAsync(["doctor", "--data-dir", _folder.Path, "--remote-url", server.Url]);

        Assert.Equal(1, exitCode);
        Assert.Contains("FAIL", output, StringComparison.Ordinal);
        Assert.Contains("refuses the key (401)", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--remote-url", "http://me:secret@host")]
    [InlineData("--remote-key-env", "sk-secret")]
    public async Task A_remote_engine_that_cannot_be_is_wrong_use_and_not_repeated(string option, string value)
    {
        var (exitCode, _, errors) = await Product.RunAsync(["doctor", option, value]);

        Assert.Equal(2, exitCode);
        Assert.Contains(option, errors, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_that_does_not_exist_is_wrong_use()
    {
        var (exitCode, _, errors) = await Product.RunAsync(["compleet"]);

        Assert.Equal(2, exitCode);
        Assert.StartsWith("codecomplete: ", errors, StringComparison.Ordinal);
    }
}
