using CodeComplete.Engine.Inline;

namespace CodeComplete.Engine.Tests.Inline;

public class ShownSuggestionsTests
{
    private readonly ShownSuggestions _shown = new();

    public ShownSuggestionsTests()
    {
        _shown.Add(new ShownSuggestion("a.cs", 5, "var x", "\n}", Ghost("ghost-1", " = Sum();")));
    }

    [Theory]
    [InlineData("var x =\n}", 7, 2)]
    [InlineData("var x = Sum()\n}", 13, 8)]
    public void What_the_user_types_along_it_is_served_from_it(string text, int cursor, int typed)
    {
        Assert.Equal(typed, _shown.Continued("a.cs", text, cursor)?.Typed);
    }

    [Theory]
    [InlineData("a.cs", "var x +\n}", 7)]
    [InlineData("a.cs", "var y =\n}", 7)]
    [InlineData("a.cs", "var x =\n}}", 7)]
    [InlineData("a.cs", "var x = Sum();\n}", 14)]
    [InlineData("b.cs", "var x =\n}", 7)]
    public void Anything_else_is_not(string document, string text, int cursor)
    {
        Assert.Null(_shown.Continued(document, text, cursor));
    }

    [Fact]
    public void The_latest_are_found_by_their_id()
    {
        Assert.Equal(" = Sum();", _shown.Find("ghost-1")?.Ghost.Text);
        Assert.Equal("var x", _shown.Find("ghost-1")?.LineBefore);

        for (var i = 0; i < 100; i++)
        {
            _shown.Add(new ShownSuggestion("a.cs", 0, "", "", Ghost(_shown.NextId(), "x")));
        }

        Assert.Null(_shown.Find("ghost-0"));
    }

    private static GhostText Ghost(string id, string text) =>
        new()
        {
            Id = id,
            Text = text,
            Range = default,
            Verified = true,
            Probability = 1,
        };
}
