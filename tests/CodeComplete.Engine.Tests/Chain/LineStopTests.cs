using CodeComplete.Engine.Chain;

namespace CodeComplete.Engine.Tests.Chain;

public class LineStopTests
{
    [Theory]
    [InlineData(".", ".Count;\n    }", 7)]
    [InlineData("\n    ", "\n    var x = 1;\n", 15)]
    [InlineData(".", ".Count", null)]
    [InlineData("", "\n", 0)]
    [InlineData("\n  ", "\n", null)]
    public void The_line_ends_after_what_is_typed(string typed, string written, int? end)
    {
        Assert.Equal(end, new LineStop(typed).End(written));
    }

    [Theory]
    [InlineData("Id, member.Role, member.Role, member.Role", "Id, member.Role")]
    [InlineData("a.b(), a.b(), a.b(), a.b()", "a.b()")]
    public void A_loop_ends_within_its_second_round(string written, string kept)
    {
        var end = new LineStop("").End(written);

        Assert.NotNull(end);
        Assert.StartsWith(written[..end.Value], written, StringComparison.Ordinal);
        Assert.InRange(end.Value, kept.Length, 2 * kept.Length + 2);
    }

    [Theory]
    [InlineData("f(0, 0, 0, 0, 0")]
    [InlineData("x)))))))")]
    [InlineData("new[] { new A(), new A() }")]
    public void Short_or_double_repetition_is_no_loop(string written)
    {
        Assert.Null(new LineStop("").End(written));
    }
}
