using CodeComplete.Engine.Ranking;

namespace CodeComplete.Engine.Tests.Ranking;

public class StarsTests
{
    [Fact]
    public void What_the_model_expects_gets_a_star()
    {
        Assert.Equal(2, Count(0.6, 0.3, 0.01));
    }

    [Fact]
    public void There_are_no_stars_when_the_model_has_nothing_to_say()
    {
        Assert.Equal(0, Count(0.01, 0.009, 0.008));
        Assert.Equal(0, Stars.Count([]));
        Assert.Equal(0, Stars.Count([new Relevance { MatchPriority = 5 }]));
    }

    [Fact]
    public void There_are_five_at_most()
    {
        Assert.Equal(5, Count(0.15, 0.14, 0.13, 0.12, 0.11, 0.1, 0.09));
    }

    [Fact]
    public void A_far_less_likely_name_gets_none()
    {
        Assert.Equal(1, Count(0.9, 0.03));
    }

    [Fact]
    public void An_accepted_name_moves_up()
    {
        var learned = new Relevance { LogProbability = Math.Log(0.2), Acceptances = 3 };
        var other = new Relevance { LogProbability = Math.Log(0.3) };

        Assert.True(learned.Score > other.Score);
    }

    [Fact]
    public void A_name_refused_again_and_again_moves_down_but_never_out()
    {
        var refused = new Relevance { LogProbability = Math.Log(0.3), Acceptances = -3 };
        var other = new Relevance { LogProbability = Math.Log(0.2) };
        var hopeless = new Relevance { LogProbability = Math.Log(0.3), Acceptances = -1000 };

        Assert.True(refused.Score < other.Score);
        Assert.True(hopeless.Score > new Relevance { LogProbability = Math.Log(0.05) }.Score);
    }

    private static int Count(params double[] probabilities) =>
        Stars.Count([.. probabilities.Select(p => new Relevance { LogProbability = Math.Log(p) })]);
}
