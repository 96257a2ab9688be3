using System.Text;
using CodeComplete.Memory;

namespace CodeComplete.Engine.Learning;

/// <summary>
/// Names places that are alike: lines of one shape before the cursor, on the same receiver's type, or in the same member where there is no
/// receiver. The shape is the line without indentation and literals, with every name but keywords made one; a name that is being typed belongs to
/// what is suggested, so the place is the same at each of its letters.
/// </summary>
internal static class LikePlace
{
    private static readonly HashSet<string> Keywords = new(StringComparer.Ordinal)
    {
        "as",
        "await",
        "base",
        "case",
        "catch",
        "else",
        "for",
        "foreach",
        "if",
        "in",
        "is",
        "let",
        "lock",
        "new",
        "not",
        "out",
        "override",
        "private",
        "protected",
        "public",
        "ref",
        "return",
        "select",
        "static",
        "switch",
        "this",
        "throw",
        "using",
        "var",
        "when",
        "where",
        "while",
        "yield",
    };

    public static string Of(SuggestionPlace place) => Of(place.LineBefore, place.ReceiverType, place.EnclosingMember);

    public static string Of(Acceptance acceptance) => Of(acceptance.Before, acceptance.ReceiverType, acceptance.EnclosingMember);

    private static string Of(string lineBefore, string? receiverType, string? enclosingMember) =>
        $"{Shape(lineBefore)}|{receiverType ?? enclosingMember}";

    /// <summary>The typed part of the name at the line's end, with what is suggested to go on.</summary>
    public static string WholeText(string lineBefore, string text) => string.Concat(lineBefore.AsSpan(NameStart(lineBefore)), text);

    internal static string Shape(string lineBefore)
    {
        var shape = new StringBuilder();
        var line = lineBefore.AsSpan(0, NameStart(lineBefore));
        for (var i = 0; i < line.Length; )
        {
            var length = 1;
            if (IsName(line[i]))
            {
                length = NameLength(line[i..]);
                var word = line.Slice(i, length).ToString();
                shape.Append(
                    char.IsDigit(word[0]) ? "0"
                    : Keywords.Contains(word) ? $" {word} "
                    : "n"
                );
            }
            else if (line[i] is '"' or '\'')
            {
                var end = line[(i + 1)..].IndexOf(line[i]);
                length = end < 0 ? line.Length - i : end + 2;
                shape.Append('"');
            }
            else if (!char.IsWhiteSpace(line[i]))
            {
                shape.Append(line[i]);
            }

            i += length;
        }

        return shape.ToString();
    }

    private static int NameStart(string line)
    {
        var start = line.Length;
        while (start > 0 && IsName(line[start - 1]))
        {
            start--;
        }

        return start;
    }

    private static int NameLength(ReadOnlySpan<char> text)
    {
        var length = 0;
        while (length < text.Length && IsName(text[length]))
        {
            length++;
        }

        return length;
    }

    private static bool IsName(char c) => char.IsLetterOrDigit(c) || c is '_' or '@';
}
