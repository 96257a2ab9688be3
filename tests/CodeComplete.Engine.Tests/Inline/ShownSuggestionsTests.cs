using CodeComplete.Engine.Inline;
using CodeComplete.Engine.Learning;

namespace CodeComplete.Engine.Tests.Inline;

public class ShownSuggestionsTests
{
    private readonly ShownSuggestions _shown = new();

    public ShownSuggestionsTests() => _shown.Add(Suggestion("var x", "\n}", "ghost-1", " = Sum();"));

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
    public void The_oldest_are_forgotten()
    {
        for (var i = 0; i < 100; i++)
        {
            _shown.Add(Suggestion("", "", _shown.NextId(), "x"));
        }

        Assert.Null(_shown.Continued("a.cs", "var x =\n}", 7));
    }

    [Fact]
    public void What_was_judged_by_other_code_is_forgotten()
    {
        _shown.Forget(document => document != "b.cs");

        Assert.Null(_shown.Continued("a.cs", "var x =\n}", 7));
    }

    [Fact]
    public void A_place_is_known_by_its_line()
    {
        const string Text = "a();\r\n    b.Su;\r\nc();";
        var cursor = Text.IndexOf("Su", StringComparison.Ordinal) + 2;

        Assert.Equal(
            new SuggestionPlace
            {
                LineBefore = "    b.",
                Replaced = "Su",
                LineAfter = ";",
            },
            SuggestionPlace.At(Text, cursor - 2, cursor)
        );
    }

    private static ShownSuggestion Suggestion(string before, string after, string id, string text) =>
        new(
            "a.cs",
            before.Length,
            TextPrint.Of(before),
            TextPrint.Of(after),
            SuggestionPlace.At(before + after, before.Length, before.Length),
            new GhostText
            {
                Id = id,
                Text = text,
                Range = default,
                Verified = true,
                Probability = 1,
            }
        );
}
