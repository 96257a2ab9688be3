using Microsoft.CodeAnalysis.Text;

namespace CodeComplete.Analysis;

/// <summary>The text of a snapshot for those who do not know Roslyn: lines and characters (from 0, UTF-16 units) to offsets and back.</summary>
public static class SnapshotText
{
    /// <returns>
    /// <see langword="null"/> where the line is not there. A character behind the line's end means its end, as LSP has it.
    /// </returns>
    public static int? OffsetOf(this DocumentSnapshot snapshot, int line, int character)
    {
        if (line < 0 || character < 0 || line >= snapshot.LineCount())
        {
            return null;
        }

        return LineMap.Offset(snapshot.Text, line, character);
    }

    /// <param name="offset">Inside the text, or at its end.</param>
    public static (int Line, int Character) PlaceOf(this DocumentSnapshot snapshot, int offset) => LineMap.Position(snapshot.Text, offset);

    /// <summary>The number of lines; one more than there are line ends.</summary>
    public static int LineCount(this DocumentSnapshot snapshot) => LineMap.Position(snapshot.Text, snapshot.Text.Length).Line + 1;

    public static string TextOf(this DocumentSnapshot snapshot) => snapshot.Text.ToString();

    /// <summary>The snapshot as it would be with other text from <paramref name="start"/> up to <paramref name="end"/>; nothing else changes.</summary>
    public static DocumentSnapshot With(this DocumentSnapshot snapshot, int start, int end, string text)
    {
        var changed = snapshot.Text.WithChanges(new TextChange(TextSpan.FromBounds(start, end), text));
        return snapshot with { Text = changed, Document = snapshot.Document.WithText(changed) };
    }
}
