using CsCheck;
using Microsoft.CodeAnalysis.Text;

namespace CodeComplete.Analysis.Tests;

public sealed class LineMapTests
{
    [Theory]
    [InlineData("", 0, 0, 0)]
    [InlineData("ab\ncd", 1, 1, 4)]
    [InlineData("ab\r\ncd", 1, 0, 4)]
    [InlineData("ab\r\ncd", 0, 9, 2)] // past the line: its end, before the break
    [InlineData("ab\rcd", 1, 2, 5)]
    [InlineData("ab\r\rcd", 2, 0, 4)]
    [InlineData("ab\n", 1, 0, 3)]
    [InlineData("ab\r", 1, 5, 3)]
    [InlineData("ab", 7, 0, 2)] // after the last line: the end
    [InlineData("ab", -1, 4, 0)] // before the first: the start
    [InlineData("ab\ncd", 1, -3, 3)]
    [InlineData("a\u2028b\u0085c\nd", 1, 0, 6)] // line ends to Roslyn, not to an editor
    [InlineData("😀x\n", 0, 2, 2)]
    public void A_place_becomes_an_offset(string text, int line, int character, int expected)
    {
        Assert.Equal(expected, LineMap.Offset(SourceText.From(text), line, character));
    }

    [Fact]
    public void An_offset_becomes_a_place_and_back() =>
        Texts.Sample.Sample(text =>
        {
            var source = SourceText.From(text);
            for (var offset = 0; offset <= text.Length; offset++)
            {
                if (offset > 0 && offset < text.Length && text[offset - 1] == '\r' && text[offset] == '\n')
                {
                    continue; // inside a line break there is no place
                }

                var (line, character) = LineMap.Position(source, offset);
                Assert.Equal(Texts.Breaks(text[..offset]).Count, line);
                Assert.Equal(offset, LineMap.Offset(source, line, character));
            }
        });

    [Fact]
    public void Line_breaks_are_found_across_the_chunks_in_which_the_text_is_read()
    {
        for (var length = 4090; length < 4102; length++)
        {
            var text = SourceText.From(new string('x', length) + "\r\n" + "end");

            Assert.Equal(length + 2, LineMap.Offset(text, 1, 0));
            Assert.Equal(length, LineMap.Offset(text, 0, int.MaxValue));
            Assert.Equal((1, 3), LineMap.Position(text, text.Length));
        }
    }

    [Fact]
    public void An_offset_outside_the_text_is_refused()
    {
        var text = SourceText.From("ab");

        Assert.Throws<ArgumentOutOfRangeException>(() => LineMap.Position(text, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => LineMap.Position(text, -1));
    }
}
