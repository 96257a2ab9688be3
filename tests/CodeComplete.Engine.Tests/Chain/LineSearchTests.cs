using CodeComplete.Engine.Chain;
using CodeComplete.Transformer;

namespace CodeComplete.Engine.Tests.Chain;

public class LineSearchTests
{
    [Fact]
    public void The_likeliest_other_way_comes_first()
    {
        var search = new LineSearch(0.01);
        search.Add(Written(new(1, "a", 0.9, 0.05), new(2, "b", 0.5, 0.4), new(3, "c", 0.6, 0.3)), turn: null);

        // 0.9 * 0.4, then 0.9 * 0.5 * 0.3, then 0.05.
        Assert.Equal([(1, 2), (2, 3), (0, 1)], Turns(search));
    }

    [Fact]
    public void What_was_refused_at_a_place_stays_refused_there()
    {
        var search = new LineSearch(0.01);
        var first = Written(new(1, "a", 0.9, 0.01), new(2, "b", 0.5, 0.4));
        search.Add(first, turn: null);
        var turn = search.Next()!;
        search.Add(Written(first.Path[0], new(7, "x", 0.4, 0.08)), turn);

        var next = search.Next()!;

        Assert.Single(next.Kept);
        Assert.Equal([2, 7], next.Refused);
    }

    [Fact]
    public void The_places_of_the_earlier_line_are_not_noted_twice()
    {
        var search = new LineSearch(0.01);
        var first = Written(new(1, "a", 0.6, 0.3), new(2, "b", 0.5, 0.4));
        search.Add(first, turn: null);
        var turn = new Turn([first.Path[0]], [2]);
        search.Add(Written(first.Path[0], new(7, "x", 0.9, 0)), turn);

        Assert.Equal([(0, 1), (1, 2)], Turns(search));
    }

    [Fact]
    public void What_is_hardly_likely_is_not_tried()
    {
        var search = new LineSearch(0.01);
        search.Add(Written(new TokenChoice(1, "a", 0.99, 0.009)), turn: null);

        Assert.Null(search.Next());
    }

    /// <summary>Of each turn how much it keeps, and the last token it refuses.</summary>
    private static List<(int Kept, int Refused)> Turns(LineSearch search)
    {
        var turns = new List<(int, int)>();
        while (search.Next() is { } turn)
        {
            turns.Add((turn.Kept.Count, turn.Refused[^1]));
        }

        return turns;
    }

    private static Generation Written(params TokenChoice[] path) =>
        new()
        {
            Text = string.Concat(path.Select(token => token.Text)),
            Tokens = path,
            Path = path,
            Reason = EndReason.Stop,
            PromptTokens = 1,
            ReusedTokens = 0,
            Calls = 1,
            DraftsTaken = 0,
            PrefillMilliseconds = 0,
            DecodeMilliseconds = 0,
        };
}
