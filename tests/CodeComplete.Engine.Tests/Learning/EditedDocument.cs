namespace CodeComplete.Engine.Tests.Learning;

/// <summary>A document in an editor: changes by offsets, and the edits that LSP would carry for them.</summary>
internal sealed class EditedDocument(string text)
{
    public string Text { get; private set; } = text;

    public DocumentEdit Replace(int start, int end, string with)
    {
        var range = new TextRange(PositionOf(start), PositionOf(end));
        Text = string.Concat(Text.AsSpan(0, start), with, Text.AsSpan(end));
        return new DocumentEdit(range, with);
    }

    public DocumentEdit Insert(int at, string text) => Replace(at, at, text);

    public Position PositionOf(int offset)
    {
        var before = Text.AsSpan(0, offset);
        return new Position(before.Count('\n'), offset - (before.LastIndexOf('\n') + 1));
    }

    public int OffsetOf(Position position)
    {
        var at = 0;
        for (var line = 0; line < position.Line; line++)
        {
            at = Text.IndexOf('\n', at) + 1;
        }

        return at + position.Character;
    }
}
