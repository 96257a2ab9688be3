using CodeComplete.Engine.Learning;
using CsCheck;

namespace CodeComplete.Engine.Tests.Learning;

public class DecayTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void An_outcome_counts_half_after_a_half_life_and_half_again_after_newer_ones()
    {
        Assert.Equal(1, Decay.Weight(Now, Now, newer: 0));
        Assert.Equal(0.5, Decay.Weight(Now - Decay.HalfLife, Now, newer: 0), 12);
        Assert.Equal(0.25, Decay.Weight(Now - Decay.HalfLife, Now, Decay.HalfLifeInOutcomes), 12);
    }

    [Fact]
    public void A_weight_is_above_0_and_at_most_1_whatever_the_clock_says()
    {
        Gen.Select(Gen.DateTimeOffset, Gen.DateTimeOffset, Gen.Int[0, 1000])
            .Sample((when, now, newer) => Decay.Weight(when, now, newer) is > 0 and <= 1);
    }

    [Fact]
    public void The_latest_outcomes_count_most_and_the_oldest_are_dropped()
    {
        var count = new FadingCount();
        count.Add(Now - Decay.HalfLife, taken: 1, refused: 0);
        count.Add(Now, taken: 0, refused: 1);
        var (taken, refused) = count.At(Now);
        Assert.True(taken < 0.5);
        Assert.Equal(1, refused);

        for (var i = 0; i < 10_000; i++)
        {
            count.Add(Now, taken: 1, refused: 0);
        }

        (taken, refused) = count.At(Now);
        Assert.Equal(0, refused);
        // The sum of all weights that there can be: 1 + 2^(-1/16) + ...
        Assert.InRange(taken, 20, 24);
    }

    [Fact]
    public void Outcomes_of_a_clock_set_back_are_put_in_order()
    {
        var count = new FadingCount();
        count.Add(Now, taken: 0, refused: 1);
        count.Add(Now - TimeSpan.FromDays(1), taken: 1, refused: 0);

        Assert.Equal(Now, count.LastRefused);
        Assert.Equal(0, count.At(Now, since: Now).For);
        Assert.Equal(1, count.At(Now).Against);
    }
}
