using CodeComplete.Testing;

namespace CodeComplete.Engine.Tests;

/// <summary>What the issue of the walking skeleton asks for, at seeded places of the sample.</summary>
public class SampleCompletionTests(SampleEngine sample, ITestOutputHelper output)
{
    private const int Places = 40;
    private const int Seed = 20;

    [Fact]
    public async Task Ghost_text_is_verified_at_most_places_and_the_written_member_is_listed()
    {
        var places = SamplePlace.Draw(Places, Seed);
        var (verified, listed, exact, starred) = (0, 0, 0, 0);
        foreach (var place in places)
        {
            var position = new Position(place.Line, place.Character);
            sample.Engine.Open(place.File, 1, place.Text);
            var ghost = await sample.Engine.CompleteInlineAsync(
                new GhostRequest(place.File, position),
                TestContext.Current.CancellationToken
            );
            var list = await sample.Engine.CompleteListAsync(
                new ListRequest(place.File, position, WaitForStars: true),
                TestContext.Current.CancellationToken
            );
            sample.Engine.Close(place.File);

            verified += ghost.Ghost is { Verified: true } ? 1 : 0;
            exact += ghost.Ghost?.Text == place.Rest ? 1 : 0;
            var item = list.Items.FirstOrDefault(i => i.InsertText == place.Written);
            listed += item is not null ? 1 : 0;
            starred += item is { Starred: true } ? 1 : 0;
            output.WriteLine(
                $"{place}: {(item is null ? "NOT LISTED" : item.Starred ? "starred" : "listed")}, {ghost.Ghost?.Text ?? "- " + ghost.Why} | wanted {place.Rest} | {ghost.Timings.Total:0} ms = context {ghost.Timings.Context:0} recall {ghost.Timings.Recall:0} prefill {ghost.Timings.Prefill:0} decode {ghost.Timings.Decode:0} verify {ghost.Timings.Verify:0}; list {list.Timings.List:0} ms"
            );
        }

        output.WriteLine($"verified {verified}, exact {exact}, listed {listed}, starred {starred} of {places.Count}");
        Assert.Equal(Places, places.Count);
        Assert.True(verified >= 0.6 * Places, $"verified ghost text at {verified} of {Places} places");
        Assert.True(listed >= 0.8 * Places, $"the written member is listed at {listed} of {Places} places");
    }
}
