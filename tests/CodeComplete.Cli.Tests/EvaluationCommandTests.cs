using System.Text.Json;
using CodeComplete.Testing;

namespace CodeComplete.Cli.Tests;

/// <summary><c>codecomplete eval</c> and <c>codecomplete dataset</c> as a user runs them, on a few cases of the sample.</summary>
public sealed class EvaluationCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>Each run reads all of a folder into a memory of its own: one project of the sample is enough.</summary>
    private static string Folder => Path.Combine(Product.Sample, "src", "Clinic.Domain");

    private string Report => Path.Combine(_folder.Path, "out.json");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_run_writes_its_report_and_the_page_beside_it_and_goes_on_where_one_stopped()
    {
        string[] arguments = ["eval", Folder, "--cases", "2", "--seed", "4", "--report", Report];

        var (exitCode, output, errors) = await Product.RunAsync(arguments, Cancellation);

        Assert.Equal((0, true), (exitCode, output.Contains("2 cases of Clinic.Domain", StringComparison.Ordinal)));
        Assert.Contains("exact match", output, StringComparison.Ordinal);
        Assert.All(Lines(errors), line => Assert.StartsWith("codecomplete: ", line, StringComparison.Ordinal));
        var whole = await File.ReadAllTextAsync(Report, Cancellation);
        using (var json = JsonDocument.Parse(whole))
        {
            Assert.Equal(2, json.RootElement.GetProperty("cases").GetArrayLength());
            Assert.Equal(2, json.RootElement.GetProperty("summary").GetProperty("cases").GetInt32());
        }

        var page = await File.ReadAllTextAsync(Path.ChangeExtension(Report, ".html"), Cancellation);
        Assert.Contains("<svg", page, StringComparison.Ordinal);
        Assert.DoesNotContain("http", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);

        // As if it had been killed while it wrote the second case.
        var second = whole.LastIndexOf("{\"id\"", StringComparison.Ordinal);
        await File.WriteAllTextAsync(Report, whole[..(second + 30)], Cancellation);
        var again = await Product.RunAsync(arguments, Cancellation);

        Assert.Equal(0, again.ExitCode);
        var resumed = await File.ReadAllTextAsync(Report, Cancellation);
        Assert.Equal(whole[..second], resumed[..second]);
        Assert.Equal(Predictions(whole), Predictions(resumed));
        Assert.Equal(2, Predictions(resumed).Count);

        var other = await Product.RunAsync([.. arguments[..^4], "--seed", "5", "--report", Report], Cancellation);
        Assert.Equal(1, other.ExitCode);
        Assert.Contains("with seed 4, and this run has 5", Lines(other.Errors)[^1], StringComparison.Ordinal);
        Assert.Equal(resumed, await File.ReadAllTextAsync(Report, Cancellation));

        var compared = await Product.RunAsync(["eval", "--compare", Report, Report], Cancellation);
        Assert.Equal((0, ""), (compared.ExitCode, compared.Errors));
        Assert.Contains("2 cases that both have", compared.Output, StringComparison.Ordinal);
        Assert.Contains("not shown to be real", compared.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(" real\n", compared.Output.Replace("be real\n", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cases_of_others_are_run_and_a_bad_line_is_named()
    {
        const string File_ = "src/Clinic.Kiosk/WaitingRoom.cs";
        var text = await File.ReadAllTextAsync(Path.Combine(Product.Sample, File_), Cancellation);
        const string Line = "owners.GetAsync(appointment.OwnerId, cancellationToken);";
        var offset = text.IndexOf(Line, StringComparison.Ordinal) + "owners.".Length;
        var good = JsonSerializer.Serialize(
            new
            {
                id = "theirs",
                file = File_,
                offset,
                groundtruth = Line["owners.".Length..],
                kind = "member",
            }
        );
        var cases = _folder.Write("cases.jsonl", good + "\n");
        string[] arguments = ["eval", Product.Sample, "--cases-file", cases, "--no-memory", "--report", Report];

        var (exitCode, _, errors) = await Product.RunAsync(arguments, Cancellation);

        Assert.True(exitCode == 0, errors);
        using var json = JsonDocument.Parse(await File.ReadAllTextAsync(Report, Cancellation));
        var only = Assert.Single(json.RootElement.GetProperty("cases").EnumerateArray());
        Assert.Equal(("theirs", "member"), (only.GetProperty("id").GetString(), only.GetProperty("kind").GetString()));
        Assert.Equal("GetAsync", only.GetProperty("name").GetString());
        Assert.True(only.GetProperty("rank").GetInt32() >= 1);
        // The next line of this member is unfinished in the sample.
        Assert.Equal(JsonValueKind.Null, only.GetProperty("compiles").ValueKind);

        _folder.Write("cases.jsonl", good + "\n" + good.Replace($"{offset}", "99999", StringComparison.Ordinal) + "\n");
        var bad = await Product.RunAsync(arguments, Cancellation);

        Assert.Equal(1, bad.ExitCode);
        Assert.StartsWith(
            "codecomplete: cases.jsonl, line 2: case 'theirs': offset 99999 is outside",
            Lines(bad.Errors)[^1],
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_data_set_holds_the_products_own_prompts()
    {
        var output = Path.Combine(_folder.Path, "samples");
        string[] arguments =
        [
            "dataset",
            Folder,
            "--samples",
            "4",
            "--samples-per-file",
            "2",
            "--kinds",
            "afterDot,freshLine",
            "--out",
            output,
        ];

        var (exitCode, text, errors) = await Product.RunAsync(arguments, Cancellation);

        Assert.True(exitCode == 0, errors);
        Assert.StartsWith("4 samples in 2 files, ", text, StringComparison.Ordinal);
        using var manifest = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(output, "manifest.json"), Cancellation));
        Assert.Equal(1, manifest.RootElement.GetProperty("promptFormat").GetInt32());
        Assert.Equal(4, manifest.RootElement.GetProperty("counts").GetProperty("samples").GetInt32());
        Assert.NotEmpty(manifest.RootElement.GetProperty("tokenizerId").GetString()!);
        string[] files = [Path.Combine(output, "samples-00000.jsonl"), Path.Combine(output, "samples-00001.jsonl")];
        var lines = files.SelectMany(File.ReadAllLines).ToList();
        Assert.Equal(4, lines.Count);
        foreach (var line in lines)
        {
            using var sample = JsonDocument.Parse(line);
            Assert.NotEqual(0, sample.RootElement.GetProperty("prompt").GetArrayLength());
            Assert.True(sample.RootElement.GetProperty("middle").GetArrayLength() > 1);
            var written = sample.RootElement.GetProperty("text").GetString()!;
            Assert.InRange(sample.RootElement.GetProperty("typed").GetInt32(), 0, written.Length - 1);
        }

        // Unfinished: the manifest without its counts, and half a line.
        var second = await File.ReadAllTextAsync(files[1], Cancellation);
        await File.WriteAllTextAsync(files[1], second[..(second.IndexOf('\n', StringComparison.Ordinal) + 20)], Cancellation);
        var raw = await File.ReadAllTextAsync(Path.Combine(output, "manifest.json"), Cancellation);
        await File.WriteAllTextAsync(
            Path.Combine(output, "manifest.json"),
            raw[..raw.LastIndexOf(",\n  \"counts\"", StringComparison.Ordinal)] + "\n}\n",
            Cancellation
        );
        var again = await Product.RunAsync(arguments, Cancellation);

        Assert.True(again.ExitCode == 0, again.Errors);
        Assert.Equal(text, again.Output);
        Assert.Equal(lines, files.SelectMany(File.ReadAllLines));
    }

    [Theory]
    [InlineData(2, "eval")]
    [InlineData(2, "eval", ".")]
    [InlineData(2, "eval", "--report", "out.json")]
    [InlineData(2, "eval", ".", "--report", "out.json", "--cases", "0")]
    [InlineData(2, "eval", ".", "--report", "out.json", "--kinds", "everywhere")]
    [InlineData(2, "eval", ".", "--report", "out.html")]
    [InlineData(2, "eval", "--compare", "a.json")]
    [InlineData(2, "eval", ".", "--compare", "a.json", "b.json")]
    [InlineData(1, "eval", "--compare", "a.json", "b.json")]
    [InlineData(1, "eval", "none", "--report", "out.json")]
    [InlineData(1, "eval", ".", "--report", "out.json", "--cases-file", "none.jsonl")]
    [InlineData(1, "eval", ".", "--report", "out.json", "--model", "none")]
    [InlineData(2, "dataset", ".")]
    [InlineData(2, "dataset", "--out", "samples")]
    [InlineData(1, "dataset", ".", "--out", ".")]
    public async Task Wrong_use_is_one_line_and_an_exit_code(int expected, params string[] arguments)
    {
        _folder.Write("A.cs", "class A { }");

        var (exitCode, output, errors) = await Product.RunInAsync(_folder.Path, arguments, Cancellation);

        Assert.Equal((expected, ""), (exitCode, output));
        Assert.Single(Lines(errors), line => !line.StartsWith("codecomplete: Loading", StringComparison.Ordinal));
        Assert.False(File.Exists(Path.Combine(_folder.Path, "out.json")));
    }

    [Fact]
    public async Task The_users_own_memory_is_never_asked()
    {
        var own = Path.Combine(_folder.Path, "user");
        var start = new Dictionary<string, string?> { ["XDG_DATA_HOME"] = own };

        var (exitCode, _, errors) = await Product.RunWithAsync(
            start,
            ["eval", Product.Sample, "--report", Report, "--data-dir", Path.Combine(own, "codecomplete")],
            Cancellation
        );

        Assert.SkipUnless(OperatingSystem.IsLinux(), "elsewhere the data folder is the platform's own");
        Assert.Equal(2, exitCode);
        Assert.Contains("your own data folder", Assert.Single(Lines(errors)), StringComparison.Ordinal);
        Assert.False(Directory.Exists(own));
    }

    private static string[] Lines(string errors) => errors.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries);

    private static List<string?> Predictions(string report)
    {
        using var json = JsonDocument.Parse(report);
        return [.. json.RootElement.GetProperty("cases").EnumerateArray().Select(made => made.GetProperty("prediction").GetString())];
    }
}
