using System.Text;
using CodeComplete.Engine;
using CodeComplete.Server.Documents;
using CsCheck;
using LspPosition = CodeComplete.Server.Protocol.Position;

namespace CodeComplete.Server.Tests.Documents;

/// <summary>Positions for clients that do not count in UTF-16 units.</summary>
public sealed class PlacesTests
{
    // One, two, three and four bytes; mixed line ends; the last line without one.
    private const string Text = "aé€😀z\r\n😀😀\rb\n\nüx";

    private static readonly string[] Pieces = ["a", "é", "€", "😀", "\ud83d", "\n", "\r\n", "\r", " ", "\u2028"];

    private static readonly Gen<string> Texts = Gen.Int[0, Pieces.Length - 1].Select(i => Pieces[i]).Array[0, 30].Select(string.Concat);

    [Theory]
    [InlineData(0, 0, 0, 0)]
    [InlineData(0, 1, 1, 1)]
    [InlineData(0, 2, 3, 2)]
    [InlineData(0, 3, 6, 3)]
    [InlineData(0, 5, 10, 4)]
    [InlineData(0, 6, 11, 5)]
    [InlineData(1, 2, 4, 1)]
    [InlineData(1, 4, 8, 2)]
    [InlineData(2, 1, 1, 1)]
    [InlineData(3, 0, 0, 0)]
    [InlineData(4, 2, 3, 2)]
    public void A_place_has_its_number_in_each_encoding(int line, int utf16, int utf8, int utf32)
    {
        foreach (
            var (encoding, character) in new[]
            {
                (PositionEncoding.Utf8, utf8),
                (PositionEncoding.Utf32, utf32),
                (PositionEncoding.Utf16, utf16),
            }
        )
        {
            var places = Places.Of(Text, encoding);
            Assert.Equal(new Position(line, utf16), places.ToEngine(new LspPosition(line, character)));
            Assert.Equal(new LspPosition(line, character), places.ToLsp(new Position(line, utf16)));
        }
    }

    [Theory]
    [InlineData(0, 99, 0, 6)]
    [InlineData(0, 2, 0, 1)]
    [InlineData(0, 8, 0, 3)]
    [InlineData(1, 5, 1, 2)]
    [InlineData(-1, -5, 0, 0)]
    [InlineData(9, 7, 9, 7)]
    public void A_place_that_is_none_is_taken_to_the_nearest_before(int line, int utf8, int toLine, int toCharacter) =>
        Assert.Equal(new Position(toLine, toCharacter), Places.Of(Text, PositionEncoding.Utf8).ToEngine(new LspPosition(line, utf8)));

    [Fact]
    public void Every_place_of_any_text_comes_back_and_counts_its_bytes() =>
        Texts.Sample(text =>
        {
            var places = Places.Of(text, PositionEncoding.Utf8);
            var lines = text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n').Split('\n');
            for (var line = 0; line < lines.Length; line++)
            {
                for (var i = 0; i <= lines[line].Length; i++)
                {
                    if (i > 0 && i < lines[line].Length && char.IsSurrogatePair(lines[line][i - 1], lines[line][i]))
                    {
                        continue;
                    }

                    var told = places.ToLsp(new Position(line, i));
                    Assert.Equal(Encoding.UTF8.GetByteCount(lines[line].AsSpan(0, i)), told.Character);
                    Assert.Equal(new Position(line, i), places.ToEngine(told));
                }
            }
        });

    [Fact]
    public void The_next_places_are_those_of_the_edited_text() =>
        Gen.Select(Texts, Texts, Gen.Double[0, 1], Gen.Double[0, 1])
            .Sample(
                (text, inserted, from, to) =>
                {
                    var (start, end) = (Place(text, from), Place(text, to));
                    if (start.Offset > end.Offset)
                    {
                        (start, end) = (end, start);
                    }

                    var edited = Places.Of(text, PositionEncoding.Utf8).Edited(new TextRange(start.Position, end.Position), inserted);
                    var expected = Places.Of(text[..start.Offset] + inserted + text[end.Offset..], PositionEncoding.Utf8);
                    foreach (var line in Enumerable.Range(0, 40))
                    {
                        Assert.Equal(
                            expected.ToEngine(new LspPosition(line, int.MaxValue)),
                            edited.ToEngine(new LspPosition(line, int.MaxValue))
                        );
                        Assert.Equal(expected.ToLsp(new Position(line, 1000)), edited.ToLsp(new Position(line, 1000)));
                    }
                }
            );

    /// <summary>A place that is not between the two characters of a line end.</summary>
    private static (int Offset, Position Position) Place(string text, double at)
    {
        var offset = (int)(at * text.Length);
        if (offset > 0 && offset < text.Length && text[offset - 1] == '\r' && text[offset] == '\n')
        {
            offset--;
        }

        var before = text[..offset].Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n').Split('\n');
        return (offset, new Position(before.Length - 1, before[^1].Length));
    }
}
