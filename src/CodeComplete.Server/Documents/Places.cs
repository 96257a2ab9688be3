using System.Text;
using CodeComplete.Engine;

namespace CodeComplete.Server.Documents;

/// <summary>
/// Positions and ranges of one text between the protocol and the engine, which counts in UTF-16 units. Where the client does so too, only
/// nonsense is taken out on the way in; where not, this holds the text. Immutable: an edit makes the next one.
/// </summary>
internal sealed class Places
{
    private readonly PositionEncoding _encoding;
    private readonly string _text;

    /// <summary>Where each line begins; made when it is first asked for.</summary>
    private readonly Lazy<IReadOnlyList<int>> _lines;

    private Places(PositionEncoding encoding, string text)
    {
        (_encoding, _text) = (encoding, text);
        _lines = new Lazy<IReadOnlyList<int>>(LineStarts);
    }

    /// <summary>Of any text, for a client that counts as the engine does.</summary>
    public static Places Utf16 { get; } = new(PositionEncoding.Utf16, "");

    public static Places Of(string text, PositionEncoding encoding) => encoding == PositionEncoding.Utf16 ? Utf16 : new(encoding, text);

    /// <summary>
    /// A negative number, which some clients send for "nowhere", becomes 0. What is behind the line's end becomes its end, and what is inside of a
    /// character its beginning.
    /// </summary>
    public Engine.Position ToEngine(Protocol.Position position)
    {
        var (line, character) = (Math.Max(0, position.Line), Math.Max(0, position.Character));
        if (_encoding == PositionEncoding.Utf16 || line >= _lines.Value.Count)
        {
            return new Engine.Position(line, character);
        }

        var text = LineAt(line);
        var at = 0;
        while (at < text.Length && Next(text[at..]) is var (units, size) && size <= character)
        {
            at += units;
            character -= size;
        }

        return new Engine.Position(line, at);
    }

    public TextRange ToEngine(Protocol.Range range) => new(ToEngine(range.Start), ToEngine(range.End));

    public Protocol.Position ToLsp(Engine.Position position)
    {
        if (_encoding == PositionEncoding.Utf16 || position.Line >= _lines.Value.Count)
        {
            return new Protocol.Position(position.Line, position.Character);
        }

        var before = LineAt(position.Line)[..Math.Min(position.Character, LineAt(position.Line).Length)];
        var character = 0;
        while (before.Length > 0)
        {
            var (units, size) = Next(before);
            character += size;
            before = before[units..];
        }

        return new Protocol.Position(position.Line, character);
    }

    public Protocol.Range ToLsp(TextRange range) => new(ToLsp(range.Start), ToLsp(range.End));

    /// <param name="range">As the engine counts; <see langword="null"/> for the whole text.</param>
    public Places Edited(TextRange? range, string text)
    {
        if (_encoding == PositionEncoding.Utf16)
        {
            return this;
        }

        if (range is not { } part)
        {
            return new Places(_encoding, text);
        }

        var (start, end) = (OffsetOf(part.Start), OffsetOf(part.End));
        return new Places(_encoding, string.Concat(_text.AsSpan(0, Math.Min(start, end)), text, _text.AsSpan(Math.Max(start, end))));
    }

    private int OffsetOf(Engine.Position position) =>
        position.Line < _lines.Value.Count
            ? _lines.Value[position.Line] + Math.Min(position.Character, LineAt(position.Line).Length)
            : _text.Length;

    /// <summary>Without its line break.</summary>
    private ReadOnlySpan<char> LineAt(int line)
    {
        var end = line + 1 < _lines.Value.Count ? _lines.Value[line + 1] : _text.Length;
        return _text.AsSpan(_lines.Value[line]..end).TrimEnd(['\r', '\n']);
    }

    private List<int> LineStarts()
    {
        var starts = new List<int> { 0 };
        for (var i = 0; i < _text.Length; i++)
        {
            if (_text[i] == '\n' || (_text[i] == '\r' && (i + 1 == _text.Length || _text[i + 1] != '\n')))
            {
                starts.Add(i + 1);
            }
        }

        return starts;
    }

    /// <summary>How long the first character is here and in the client's units. Half a surrogate pair, which no encoding can write, is sent as U+FFFD.</summary>
    private (int Units, int Size) Next(ReadOnlySpan<char> text)
    {
        Rune.DecodeFromUtf16(text, out var rune, out var units);
        return (units, _encoding == PositionEncoding.Utf8 ? rune.Utf8SequenceLength : 1);
    }
}
