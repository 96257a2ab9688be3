using CodeComplete.Testing;

namespace CodeComplete.Engine.Tests.Explaining;

/// <summary>What is said of a place, at a seeded place of the sample.</summary>
public class ExplainerTests(SampleEngine sample)
{
    private const int Seed = 9;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Lines_names_and_every_piece_of_the_prompt_are_told()
    {
        var place = SamplePlace.Draw(40, Seed).First(static place => place.Line > 20 && place.Rest.EndsWith(';'));

        var explanation = await ExplainAsync(place, withLines: true);

        Assert.Contains(place.Written, explanation.Names!);
        Assert.True(explanation.Lines.Count is >= 1 and <= 3, $"{place}: {explanation.Lines.Count} lines, {explanation.Objection}");
        Assert.All(
            explanation.Lines,
            static line => Assert.True(line is { Verified: true, Probability: > 0 and <= 1 } && line.Lowest <= line.Probability)
        );
        Assert.Equal(explanation.Recalled.Count, explanation.Prompt.Count(static part => part.Kind == ExplainedPartKind.Snippet));
        var lines = explanation.Prompt.Where(static part => part.Kind == ExplainedPartKind.Line).ToList();
        Assert.Equal(place.Text.Split('\n')[place.Line][..place.Character], lines[^1].Text);
        Assert.Null(lines[^1].Fall);
        Assert.Contains(lines, static line => line.Fall is > 0.01 or < -0.01);
    }

    private async Task<Explanation> ExplainAsync(SamplePlace place, bool withLines)
    {
        sample.Engine.Open(place.File, 1, place.Text);
        try
        {
            var explanation = await sample.Engine.ExplainAsync(
                new GhostRequest(place.File, new Position(place.Line, place.Character), Invoked: true),
                withLines,
                Cancellation
            );
            return explanation!;
        }
        finally
        {
            sample.Engine.Close(place.File);
        }
    }
}
