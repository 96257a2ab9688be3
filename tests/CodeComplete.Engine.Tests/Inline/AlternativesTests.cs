using CodeComplete.Testing;

namespace CodeComplete.Engine.Tests.Inline;

/// <summary>Several lines to choose from, at seeded places of the sample.</summary>
public class AlternativesTests(ITestOutputHelper output)
{
    private const int Seed = 77;

    private static int Places => LongTests.Wanted ? 8 : 4;

    [Fact]
    public async Task Several_lines_are_different_all_compile_and_begin_with_the_one_that_is_shown_alone()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var parts = await InlineParts.LoadAsync(cancellation);
        var several = 0;
        foreach (var place in SamplePlace.Draw(Places, Seed))
        {
            var alone = await parts.CompleteAsync(place, drafts: null, cancellation);
            var answer = await parts.CompleteAsync(place, drafts: null, cancellation, lines: 3);

            Assert.Empty(alone.Others);
            Assert.True(answer.Others.Count <= 2);
            string[] texts = [.. answer.Others.Prepend(answer.Ghost).OfType<GhostText>().Select(ghost => ghost.Text)];
            output.WriteLine($"{place}: {string.Join(" | ", texts)}");
            Assert.All(answer.Others, other => Assert.Equal((bool?)true, other.Verified));
            Assert.Equal(answer.Others.Count + 1, answer.Others.Select(other => other.Id).Append(answer.Ghost?.Id).Distinct().Count());
            foreach (var (at, text) in texts.Index())
            {
                Assert.DoesNotContain(
                    texts[..at],
                    other => other.StartsWith(text, StringComparison.Ordinal) || text.StartsWith(other, StringComparison.Ordinal)
                );
            }

            if (alone.Ghost is { LowestProbability: >= 0.05 } shown)
            {
                Assert.Equal(shown.Text, texts[0]);
            }

            several += answer.Others.Count > 0 ? 1 : 0;
        }

        Assert.True(several >= Places / 4, $"several lines at {several} of {Places} places");
    }
}
