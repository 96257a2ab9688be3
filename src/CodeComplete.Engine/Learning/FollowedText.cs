namespace CodeComplete.Engine.Learning;

/// <summary>
/// What the user has written at a place since a moment, carried through the document's edits. It knows the place, what was written there and a
/// few characters of the line around it; the document itself is not needed.
/// </summary>
/// <param name="start">Where the followed text begins.</param>
/// <param name="written">What stands there already, up to the cursor.</param>
/// <param name="lineBefore">The line left of <paramref name="start"/>; a part of it is of no use.</param>
/// <param name="lineAfter">The line right of the cursor, or its beginning.</param>
internal sealed class FollowedText(Position start, string written, string lineBefore, string lineAfter)
{
    // A client may send any number; none beyond this is a place, and sums of these do not overflow.
    private const int Most = 1 << 28;

    private string? _before = lineBefore.Length == start.Character ? lineBefore : null;
    private string _after = lineAfter;

    /// <summary>What stood there at first.</summary>
    public string First { get; } = written;

    public Position Start { get; private set; } = start;

    public Position End => Moved(Start, Written);

    public string Written { get; private set; } = written;

    /// <summary>Takes in one edit; positions count in the text as the edits before it have left it.</summary>
    /// <returns><see langword="false"/>: the place is gone, since the edit replaced what stood around it.</returns>
    public bool Apply(DocumentEdit edit)
    {
        if (edit.Range is not { } range)
        {
            return false;
        }

        var (from, to, text) = WithoutWhatStays(Inside(range.Start), Later(Inside(range.Start), Inside(range.End)), edit.Text);
        if (Before(from, Start))
        {
            return !Before(Start, to) && (to != Start || from.Line != Start.Line) && ShiftedBy(from, to, text);
        }

        var end = End;
        if (Before(end, from))
        {
            WrittenAfter(from, to, text, end);
            return true;
        }

        if (Before(end, to) && !ShortenedAfter(to, end))
        {
            return false;
        }

        var at = IndexOf(from);
        Written = string.Concat(Written.AsSpan(0, at), text, Written.AsSpan(Before(end, to) ? Written.Length : IndexOf(to)));
        return true;
    }

    /// <summary>
    /// An editor that replaces the word at the cursor, or types over a closer, sends characters that stand there already. Without them the edit is
    /// the one that the user made.
    /// </summary>
    private (Position From, Position To, string Text) WithoutWhatStays(Position from, Position to, string text)
    {
        if (
            Before(from, Start)
            && !Before(to, Start)
            && from.Line == Start.Line
            && _before is { } before
            && from.Character <= before.Length
        )
        {
            var same = before.AsSpan(from.Character);
            if (text.StartsWith(same, StringComparison.Ordinal))
            {
                (from, text) = (Start, text[same.Length..]);
            }
        }

        var end = End;
        var behind = to.Character - end.Character;
        if (
            Before(end, to)
            && !Before(end, from)
            && to.Line == end.Line
            && behind <= _after.Length
            && text.EndsWith(_after[..behind], StringComparison.Ordinal)
        )
        {
            (to, text) = (end, text[..^behind]);
        }

        return (from, to, text);
    }

    /// <summary>An edit that ends before the start: the place moves with what stands left of it.</summary>
    private bool ShiftedBy(Position from, Position to, string text)
    {
        var moved = Moved(from, text);
        if (to.Line == Start.Line)
        {
            _before =
                from.Line == Start.Line && moved.Line == from.Line && _before is { } before && to.Character <= before.Length
                    ? string.Concat(before.AsSpan(0, from.Character), text, before.AsSpan(to.Character))
                    : null;
        }

        Start =
            to.Line == Start.Line
                ? new Position(moved.Line, moved.Character + Start.Character - to.Character)
                : Start with
                {
                    Line = Start.Line + moved.Line - to.Line,
                };
        return Start is { Line: >= 0 and <= Most, Character: >= 0 and <= Most };
    }

    /// <summary>
    /// An edit right of the followed text. An editor that compares lines to find what changed may report a <c>)</c> typed before another one as
    /// typed behind it: where both readings give the same text, it was typed at the end of what is followed.
    /// </summary>
    private void WrittenAfter(Position from, Position to, string text, Position end)
    {
        var distance = from.Character - end.Character;
        if (from.Line != end.Line || distance > _after.Length)
        {
            return;
        }

        var between = _after[..distance];
        var joined = between + text;
        if (from == to && text.Length > 0 && joined.AsSpan(text.Length).SequenceEqual(between))
        {
            Written += joined[..text.Length];
        }
        else
        {
            _after = between;
        }
    }

    /// <summary>An edit that reaches over the end of the followed text, on its line.</summary>
    private bool ShortenedAfter(Position to, Position end)
    {
        var behind = to.Character - end.Character;
        if (to.Line != end.Line)
        {
            return false;
        }

        _after = behind <= _after.Length ? _after[behind..] : "";
        return true;
    }

    private int IndexOf(Position position)
    {
        var (line, index) = (Start.Line, 0);
        while (line < position.Line && NextLine(Written, index) is >= 0 and var next)
        {
            (line, index) = (line + 1, next);
        }

        return Math.Min(Written.Length, index + position.Character - (line == Start.Line ? Start.Character : 0));
    }

    /// <summary>Where <paramref name="text"/> ends that begins at <paramref name="origin"/>.</summary>
    private static Position Moved(Position origin, string text)
    {
        var (line, lineStart) = (origin.Line, -1);
        for (var i = NextLine(text, 0); i >= 0; i = NextLine(text, i))
        {
            (line, lineStart) = (line + 1, i);
        }

        return lineStart < 0 ? origin with { Character = origin.Character + text.Length } : new Position(line, text.Length - lineStart);
    }

    /// <summary>The start of the next line, or -1; lines end as LSP has it, by <c>\n</c>, <c>\r\n</c> or <c>\r</c>.</summary>
    private static int NextLine(string text, int from)
    {
        var end = text.AsSpan(from).IndexOfAny('\r', '\n');
        if (end < 0)
        {
            return -1;
        }

        end += from;
        return end + (text[end] == '\r' && end + 1 < text.Length && text[end + 1] == '\n' ? 2 : 1);
    }

    private static bool Before(Position one, Position other) =>
        one.Line < other.Line || (one.Line == other.Line && one.Character < other.Character);

    private static Position Inside(Position position) => new(Math.Clamp(position.Line, 0, Most), Math.Clamp(position.Character, 0, Most));

    private static Position Later(Position one, Position other) => Before(one, other) ? other : one;
}
