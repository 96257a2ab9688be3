using CodeComplete.Engine.Evaluation;

namespace CodeComplete.Engine.Tests.Evaluation;

public class CaseMakerTests(SampleEngine sample)
{
    private const int Count = 60;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private CaseRunner Runner => new(sample.Engine, SampleEngine.Root, TimeSpan.FromMinutes(3));

    [Fact]
    public async Task The_seed_alone_decides_which_cases_are_made()
    {
        var cases = await Runner.MakeAsync(Count, seed: 1, Cancellation);

        Assert.Equal(cases, await Runner.MakeAsync(Count, seed: 1, Cancellation));
        Assert.NotEqual(cases, await Runner.MakeAsync(Count, seed: 2, Cancellation));
    }

    [Fact]
    public async Task Cases_stand_in_their_files_and_are_spread_over_files_and_kinds()
    {
        var cases = await Runner.MakeAsync(Count, seed: 1, Cancellation);

        Assert.Equal(Count, cases.Count);
        Assert.Equal(Count, cases.Select(made => made.Id).Distinct(StringComparer.Ordinal).Count());
        Assert.All(cases.GroupBy(made => made.File, StringComparer.Ordinal), file => Assert.InRange(file.Count(), 1, 2));
        Assert.All(CaseKinds.Default, kind => Assert.InRange(cases.Count(made => made.Kind == kind), Count / 10, Count / 3));
        foreach (var made in cases)
        {
            var text = await File.ReadAllTextAsync(Path.Combine(SampleEngine.Root, made.File), Cancellation);
            made.Check(text);
            Assert.InRange(made.Groundtruth.Length, 3, 120);
            var before = text[..made.Offset].Split('\n')[^1];
            Assert.True(
                made.Kind switch
                {
                    CaseKinds.AfterDot => before.EndsWith('.'),
                    CaseKinds.Argument => before.EndsWith('('),
                    CaseKinds.InsideWord => char.IsLetter(before[^1]) && char.IsLetterOrDigit(made.Groundtruth[0]),
                    _ => before.Length > 0 && string.IsNullOrWhiteSpace(before),
                },
                $"{made}: after '{before}'"
            );
        }
    }

    [Fact]
    public async Task Only_the_kinds_that_are_asked_for_are_drawn()
    {
        string[] kinds = [CaseKinds.AfterDot, CaseKinds.FreshLine];

        var cases = await Runner.MakeAsync(20, seed: 1, Cancellation, kinds);

        Assert.Equal(20, cases.Count);
        Assert.All(kinds, kind => Assert.Equal(10, cases.Count(made => made.Kind == kind)));
    }

    [Fact]
    public async Task Where_the_closer_is_typed_already_the_arguments_alone_are_asked_for()
    {
        var cases = await Runner.MakeAsync(20, seed: 1, Cancellation, [CaseKinds.ClosedArgument]);

        Assert.Equal(20, cases.Count);
        foreach (var made in cases)
        {
            var text = await File.ReadAllTextAsync(Path.Combine(SampleEngine.Root, made.File), Cancellation);
            var blanked = made.Blank(text);
            Assert.Equal('(', blanked[made.Offset - 1]);
            Assert.StartsWith(")", made.Standing!, StringComparison.Ordinal);
            Assert.StartsWith(made.Standing!, blanked[made.Offset..], StringComparison.Ordinal);
            Assert.Equal(made.Groundtruth, made.Wanted + made.Standing);
            Assert.Equal(text, blanked.Insert(made.Offset, made.Wanted));
        }
    }

    [Fact]
    public async Task Cases_are_read_as_they_were_written()
    {
        using var folder = new CodeComplete.Testing.TemporaryFolder();
        var file = Path.Combine(folder.Path, "cases.jsonl");
        var cases = await Runner.MakeAsync(12, seed: 3, Cancellation, CaseKinds.All);

        await CaseFile.WriteAsync(file, cases, Cancellation);

        Assert.Equal(cases, await CaseFile.ReadAsync(file, SampleEngine.Root, Cancellation));
        Assert.StartsWith("""{"id":"afterDot-""", (await File.ReadAllLinesAsync(file, Cancellation))[0], StringComparison.Ordinal);
    }
}
