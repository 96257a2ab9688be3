using CodeComplete.Engine.Chain;
using CodeComplete.Memory;
using CodeComplete.Testing;
using CodeComplete.Transformer;

namespace CodeComplete.Engine.Tests.Inline;

/// <summary>Drafts from the prompt and the project, at seeded places of the sample. The long run draws five hundred.</summary>
public class DraftedSuggestionTests(ITestOutputHelper output)
{
    private const int Seed = 41;

    // Calls of the model, after which what is asked for once more has shown enough.
    private static int EnoughAgain => LongTests.Wanted ? int.MaxValue : 12;

    private static int Places => LongTests.Wanted ? 500 : 3;

    [Fact]
    public async Task Drafts_save_calls_of_the_model_and_change_no_suggestion()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var parts = await InlineParts.LoadAsync(cancellation);
        int[] TokensOf(string file) => [.. parts.Model.Tokenizer.Encode(File.ReadAllText(file).ReplaceLineEndings("\n"))];

        var project = new NgramStore(parts.Model.Name);
        foreach (var file in Directory.EnumerateFiles(SampleEngine.Root, "*.cs", SearchOption.AllDirectories))
        {
            if (!file.Split(Path.DirectorySeparatorChar).Any(s => s is "obj" or "bin"))
            {
                project.Add(TokensOf(file));
            }
        }

        var (plain, lookup, all) = (new Counted(null), new Counted(new Drafts(project: null)), new Counted(new Drafts(project)));
        var again = new Counted(new Drafts(project: null, new RecentWriting()));
        var (before, asked, askedAgain) = (0, 0, 0);
        foreach (var place in SamplePlace.Draw(Places, Seed))
        {
            // The file itself holds the answer.
            var own = TokensOf(place.File);
            project.Subtract(own);
            var expected = await AnswerAsync(place, plain);
            Assert.Equal(expected, await AnswerAsync(place, lookup));
            Assert.Equal(expected, await AnswerAsync(place, all));
            if (asked < EnoughAgain)
            {
                _ = await AnswerAsync(place, again);
                var first = again.Calls;
                Assert.Equal(expected, await AnswerAsync(place, again));
                asked += first - before;
                askedAgain += again.Calls - first;
                before = again.Calls;
            }

            project.Add(own);
        }

        output.WriteLine($"{Places} places, n-grams {project.Count} in {project.Bytes / 1024} KB");
        output.WriteLine(
            $"no drafts {plain}; from the prompt {lookup}; from the prompt and the project {all}; for the same again {askedAgain} instead of {asked}"
        );
        Assert.True(lookup.Calls < 0.9 * plain.Calls, $"{lookup.Calls} calls instead of {plain.Calls}");
        Assert.True(all.Calls < lookup.Calls, $"{all.Calls} calls instead of {lookup.Calls}");
        // What was written a moment ago is drafted whole.
        Assert.True(askedAgain < 0.7 * asked, $"{askedAgain} calls instead of {asked} for the same again");

        async Task<(string? Text, double? Probability, string? Why)> AnswerAsync(SamplePlace place, Counted drafts)
        {
            var answer = await parts.CompleteAsync(place, drafts, cancellation);
            drafts.Milliseconds += answer.Timings.Decode;
            return (answer.Ghost?.Text, answer.Ghost?.Probability, answer.Why);
        }
    }

    /// <summary>Counts the calls after a prompt's own: a draft is asked for before each.</summary>
    private sealed class Counted(IDraftSource? drafts) : IDraftSource
    {
        public int Calls { get; private set; }

        public double Milliseconds { get; set; }

        public IReadOnlyList<int> Propose(IReadOnlyList<int> ids)
        {
            Calls++;
            return drafts?.Propose(ids) ?? [];
        }

        public void Written(IReadOnlyList<int> ids, int prompt) => drafts?.Written(ids, prompt);

        public override string ToString() => $"{Calls} calls, {Milliseconds:0} ms";
    }
}
