using CodeComplete.Engine.Evaluation;
using CodeComplete.Testing;

namespace CodeComplete.Engine.Tests.Evaluation;

public sealed class SampleFilesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Samples_are_spread_over_files_and_a_killed_run_goes_on_where_it_was()
    {
        var files = new SampleFiles(_folder.Path, samplesOfAFile: 2);
        Assert.Empty(files.ReadWhatIsThere());
        files.Add(Sample("1"));
        files.Add(Sample("2"));
        files.Add(Sample("3"));
        File.AppendAllText(Path.Combine(_folder.Path, "samples-00001.jsonl"), "{\"id\":\"4\",\"pro");

        var again = new SampleFiles(_folder.Path, samplesOfAFile: 2);

        Assert.Equal(["1", "2", "3"], again.ReadWhatIsThere().Order(StringComparer.Ordinal));
        again.Add(Sample("4"));
        again.Add(Sample("5"));
        Assert.Equal(
            [2, 2, 1],
            Enumerable.Range(0, 3).Select(i => File.ReadAllLines(Path.Combine(_folder.Path, $"samples-0000{i}.jsonl")).Length)
        );
        var counts = again.Count(leftOut: 1);
        Assert.Equal((5, 3, 15, 10, 1), (counts.Samples, counts.Files, counts.PromptTokens, counts.MiddleTokens, counts.LeftOut));
        Assert.Equal(5, counts.Kinds[CaseKinds.AfterDot]);
        Assert.Equal(5, new SampleFiles(_folder.Path, samplesOfAFile: 2).ReadWhatIsThere().Count);
    }

    [Fact]
    public void A_line_that_is_no_sample_is_named()
    {
        _folder.Write("samples-00000.jsonl", "{\"id\":\"1\"}\n");

        var e = Assert.Throws<EvaluationException>(() => new SampleFiles(_folder.Path, samplesOfAFile: 2).ReadWhatIsThere());

        Assert.Contains("samples-00000.jsonl', line 1", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    public void A_secret_elsewhere_is_masked_and_the_case_keeps_its_place(string lineEnd)
    {
        string[] lines = ["var password = \"correct-horse-battery\";", "var total = order.Total();", "Save(total);"];
        var text = string.Join(lineEnd, lines);
        var made = new EvaluationCase("1", "A.cs", text.IndexOf("Total();", StringComparison.Ordinal), "Total();", CaseKinds.AfterDot);

        var (clean, safe) = SampleMaker.WithoutSecrets(made, text)!.Value;

        Assert.DoesNotContain("horse", safe, StringComparison.Ordinal);
        Assert.Equal(3, safe.Split('\n').Length);
        Assert.EndsWith($"var total = order.{lineEnd}Save(total);", clean.Blank(safe), StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_with_a_secret_makes_no_sample()
    {
        const string Text = "client.Login(\"me\", password: \"correct-horse-battery\");";
        var made = new EvaluationCase("1", "A.cs", 7, Text[7..], CaseKinds.AfterDot);

        Assert.Null(SampleMaker.WithoutSecrets(made, Text));
    }

    private static TrainingSample Sample(string id) => new(id, CaseKinds.AfterDot, "A.cs", [1, 2, 3], [4, 5], "x;", 0, 0);
}
