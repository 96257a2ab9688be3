using System.Text.Json;
using CodeComplete.Engine.Evaluation;
using CodeComplete.Testing;

namespace CodeComplete.Engine.Tests.Evaluation;

public sealed class EvaluationReportTests : IDisposable
{
    private static readonly CaseResult[] Cases =
    [
        Results.Of("1", "Total(order);", compiles: true, rank: 1),
        Results.Of("2", "Sum(\"ä\");", compiles: false) with
        {
            Errors = ["CS1061: no 'Sum'"],
        },
        Results.Of("3", "", rank: 7, kind: CaseKinds.Argument),
    ];

    private readonly TemporaryFolder _folder = new();

    private string File_ => Path.Combine(_folder.Path, "reports", "out.json");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_report_is_read_as_it_was_written()
    {
        Write(Cases);

        var read = EvaluationReport.Read(File_);

        Assert.Equivalent(Results.Settings, read.Settings, strict: true);
        Assert.Equivalent(Cases.Select(Rounded), read.Cases.Select(Rounded), strict: true);
        Assert.Equal(1 / 3.0, read.Summary!.Metrics["exactMatch"].Value, 4);
        Assert.Equal(2, read.Summary.Kinds.Count);

        static CaseResult Rounded(CaseResult result) =>
            result with
            {
                Scores = result.Scores with
                {
                    EditSimilarity = Math.Round(result.Scores.EditSimilarity, 4),
                    IdentifierF1 = Math.Round(result.Scores.IdentifierF1, 4),
                },
            };
    }

    [Fact]
    public void It_has_the_documented_form_after_each_case()
    {
        foreach (var (number, made) in Cases.Index())
        {
            using (var writer = ReportWriter.Open(File_, Results.Settings, Cases.Take(number)))
            {
                writer.Add(made);
            }

            using var json = JsonDocument.Parse(File.ReadAllText(File_));
            var cases = json.RootElement.GetProperty("cases");
            Assert.Equal(number + 1, cases.GetArrayLength());
            Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("summary").ValueKind);
            Assert.All(
                ["id", "prediction", "shown", "compiles", "rank", "ms"],
                name => Assert.True(cases[number].TryGetProperty(name, out _), name)
            );
        }

        Write(Cases);
        using var whole = JsonDocument.Parse(File.ReadAllText(File_));
        Assert.Equal(3, whole.RootElement.GetProperty("summary").GetProperty("cases").GetInt32());
    }

    [Fact]
    public void Wherever_a_run_was_killed_the_cases_that_ended_are_there()
    {
        Write(Cases);
        var text = File.ReadAllText(File_);
        var second = text.IndexOf("{\"id\":\"2\"", StringComparison.Ordinal);
        var third = text.IndexOf("{\"id\":\"3\"", StringComparison.Ordinal);

        for (var length = text.IndexOf("\"cases\":[", StringComparison.Ordinal); length < text.Length - 1; length++)
        {
            File.WriteAllText(File_, text[..length]);

            var read = EvaluationReport.Read(File_);

            Assert.Null(read.Summary);
            // A case counts from its last brace on; its comma comes with the next one.
            Assert.Equal(
                length < second - 2 ? 0
                    : length < third - 2 ? 1
                    : Math.Min(3, read.Cases.Count),
                read.Cases.Count
            );
            Assert.Equal(Cases.Take(read.Cases.Count).Select(made => made.Id), read.Cases.Select(made => made.Id));
        }
    }

    [Fact]
    public void A_report_that_is_taken_up_again_goes_on_behind_its_cases()
    {
        using (var writer = ReportWriter.Open(File_, Results.Settings, []))
        {
            writer.Add(Cases[0]);
            writer.Add(Cases[1]);
        }

        File.AppendAllText(File_, "half of somethi");
        using (var writer = ReportWriter.Open(File_, Results.Settings, EvaluationReport.Read(File_).Cases))
        {
            writer.Add(Cases[2]);
        }

        Assert.Equal(["1", "2", "3"], EvaluationReport.Read(File_).Cases.Select(made => made.Id));
        Assert.DoesNotContain("half", File.ReadAllText(File_), StringComparison.Ordinal);
    }

    [Fact]
    public void Two_runs_do_not_write_into_one_report()
    {
        using var writer = ReportWriter.Open(File_, Results.Settings, []);

        var e = Assert.Throws<EvaluationException>(() => ReportWriter.Open(File_, Results.Settings, []));

        Assert.Contains("--report", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{\"settings\":{}}")]
    [InlineData("# Notes\nThis is something else.\n")]
    public void What_is_no_report_is_named_and_left_alone(string text)
    {
        _folder.Write("reports/out.json", text);

        var e = Assert.Throws<EvaluationException>(() => EvaluationReport.Read(File_));

        Assert.Contains(File_, e.Message, StringComparison.Ordinal);
        Assert.Equal(text, File.ReadAllText(File_));
    }

    [Fact]
    public void A_report_that_is_not_there_is_named() =>
        Assert.Contains(
            "none.json",
            Assert.Throws<EvaluationException>(() => EvaluationReport.Read("/none.json")).Message,
            StringComparison.Ordinal
        );

    public static TheoryData<EvaluationSettings, string> Others { get; } =
        new()
        {
            { Results.Settings with { Seed = 2 }, "with seed 1, and this run has 2" },
            { Results.Settings with { Kinds = [CaseKinds.AfterDot] }, "with kinds afterDot,argument, and this run has afterDot" },
            { Results.Settings with { Seed = null, CasesFile = "a.jsonl" }, "with seed 1, and this run has none" },
            { Results.Settings with { CasesHash = "x" }, "files have changed" },
            { Results.Settings with { Build = "x" }, "another build" },
        };

    [Theory]
    [MemberData(nameof(Others))]
    public void A_report_of_other_settings_is_refused_in_one_sentence(EvaluationSettings now, string difference)
    {
        EvaluationRun.RefuseOther(Results.Settings, Results.Settings, "out.json", "--report");

        var e = Assert.Throws<EvaluationException>(() => EvaluationRun.RefuseOther(Results.Settings, now, "out.json", "--report"));

        Assert.StartsWith("'out.json' was made ", e.Message, StringComparison.Ordinal);
        Assert.Contains(difference, e.Message, StringComparison.Ordinal);
        Assert.EndsWith("name another place with --report, or remove that one to begin it anew.", e.Message, StringComparison.Ordinal);
    }

    private void Write(IEnumerable<CaseResult> cases)
    {
        using var writer = ReportWriter.Open(File_, Results.Settings, []);
        foreach (var made in cases)
        {
            writer.Add(made);
        }

        writer.Finish(EvaluationSummary.Of([.. cases]));
    }
}
