using CodeComplete.Engine.Learning;
using CsCheck;

namespace CodeComplete.Engine.Tests.Learning;

public class FollowedTextTests
{
    private static readonly string[] Texts = ["", "a", "b", ")", "aa", "ab)", "\n", "\r\n", "a\nb", "ab\r\n  a"];
    private static readonly Gen<string> SomeText = Gen.Int[0, Texts.Length - 1].Select(i => Texts[i]);

    [Fact]
    public void Whatever_is_edited_it_stands_where_it_is_said_to_stand()
    {
        Gen.Select(SomeText.Array[1, 8], Gen.Int[0, 100], Gen.Select(Gen.Int[0, 100], Gen.Int[0, 3], SomeText).Array[1, 12])
            .Sample(
                (parts, place, edits) =>
                {
                    var document = new EditedDocument(string.Concat(parts));
                    var anchor = Cut(document, place);
                    var about = SuggestionPlace.At(document.Text, anchor, anchor);
                    var followed = new FollowedText(document.PositionOf(anchor), "", about.LineBefore, about.LineAfter);
                    foreach (var (at, length, text) in edits)
                    {
                        var start = Cut(document, at);
                        var end = Cut(document, Math.Min(start + length, document.Text.Length));
                        if (!followed.Apply(document.Replace(start, Math.Max(start, end), text)))
                        {
                            return true;
                        }

                        var from = document.OffsetOf(followed.Start);
                        if (
                            from + followed.Written.Length > document.Text.Length
                            || !document.Text.AsSpan(from).StartsWith(followed.Written, StringComparison.Ordinal)
                            || document.OffsetOf(followed.End) != from + followed.Written.Length
                        )
                        {
                            return false;
                        }
                    }

                    return true;
                },
                iter: 20_000
            );
    }

    [Fact]
    public void Positions_that_no_text_has_are_borne()
    {
        var line = Gen.Frequency((5, Gen.Int[-1, 3]), (1, Gen.Const(int.MaxValue)), (1, Gen.Const(int.MinValue)));
        var position = Gen.Select(line, line, (l, c) => new Position(l, c));
        Gen.Select(position, position, SomeText)
            .Array[1, 6]
            .Sample(edits =>
            {
                var followed = new FollowedText(new Position(1, 2), "ab", "  ", ");");
                return edits.All(e => followed.Apply(new DocumentEdit(new TextRange(e.Item1, e.Item2), e.Item3)))
                    || followed.Written.Length >= 0;
            });
    }

    /// <summary>An offset in the text that does not part a <c>\r\n</c>; no editor would, since LSP has no position there.</summary>
    private static int Cut(EditedDocument document, int anywhere)
    {
        var at = anywhere % (document.Text.Length + 1);
        return at > 0 && at < document.Text.Length && document.Text[at - 1] == '\r' && document.Text[at] == '\n' ? at - 1 : at;
    }
}
