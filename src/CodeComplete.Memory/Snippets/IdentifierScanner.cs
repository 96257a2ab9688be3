namespace CodeComplete.Memory.Snippets;

/// <summary>
/// Finds the identifiers and keywords of C# text, one after the other, without a parser: comments, literals and preprocessor lines are passed
/// over, the holes of interpolated strings are not. Any text will do, half a file or none at all; it never fails, and takes linear time.
/// </summary>
internal ref struct IdentifierScanner(ReadOnlySpan<char> text)
{
    private readonly ReadOnlySpan<char> _text = text;
    private int _at;
    private int _line;
    private bool _lineIsBlankSoFar = true;
    private bool _inLiteralText;

    // Interpolated strings nest; an explicit stack, because hostile text may nest them a hundred thousand deep.
    private Stack<OpenLiteral>? _literals;

    private enum LiteralKind
    {
        Regular,
        Verbatim,
        Raw,
    }

    /// <summary>The identifier found, without a leading <c>@</c>.</summary>
    public ReadOnlySpan<char> Current { get; private set; }

    /// <summary>Its line, from 0.</summary>
    public int Line { get; private set; }

    public bool MoveNext()
    {
        while (_at < _text.Length)
        {
            if (_inLiteralText)
            {
                SkipLiteralText();
                continue;
            }

            var c = _text[_at];
            if (IsStart(c))
            {
                var start = _at;
                SkipIdentifier();
                _lineIsBlankSoFar = false;
                Current = _text[start.._at];
                Line = _line;
                return true;
            }

            if (c == '\n')
            {
                _line++;
                _at++;
                _lineIsBlankSoFar = true;
                continue;
            }

            if (c == '#' && _lineIsBlankSoFar)
            {
                SkipToLineEnd();
                continue;
            }

            _lineIsBlankSoFar &= char.IsWhiteSpace(c);
            SkipOther(c);
        }

        return false;
    }

    private static bool IsStart(char c) => char.IsAsciiLetter(c) || c == '_' || (c > '\x7f' && char.IsLetter(c));

    private static bool IsPart(char c) => char.IsAsciiLetterOrDigit(c) || c == '_' || (c > '\x7f' && char.IsLetterOrDigit(c));

    private readonly char Peek(int ahead) => _at + ahead < _text.Length ? _text[_at + ahead] : '\0';

    private void SkipOther(char c)
    {
        switch (c)
        {
            case '/' when Peek(1) == '/':
                SkipToLineEnd();
                break;
            case '/' when Peek(1) == '*':
                SkipBlockComment();
                break;
            case '\'':
                SkipCharacterLiteral();
                break;
            case '"':
                BeginString(dollars: 0, verbatim: false);
                break;
            case '@' or '$':
                SkipStringPrefix();
                break;
            case '{' when _literals is { Count: > 0 }:
                _literals.Peek().Depth++;
                _at++;
                break;
            case '}' when _literals is { Count: > 0 }:
                EndHole();
                break;
            default:
                if (char.IsAsciiDigit(c))
                {
                    SkipIdentifier(); // the suffix of a number is no name
                }
                else
                {
                    _at++;
                }

                break;
        }
    }

    private void SkipIdentifier()
    {
        while (_at < _text.Length && IsPart(_text[_at]))
        {
            _at++;
        }
    }

    private void SkipToLineEnd()
    {
        var length = _text[_at..].IndexOf('\n');
        _at = length < 0 ? _text.Length : _at + length;
    }

    private void SkipBlockComment()
    {
        var length = _text[(_at + 2)..].IndexOf("*/");
        MoveTo(length < 0 ? _text.Length : _at + 2 + length + 2);
    }

    private void SkipCharacterLiteral()
    {
        if (Peek(1) == '\\')
        {
            // An escape: up to the closing quote, which is at most ten characters away ('\U0010FFFF').
            var rest = _text[Math.Min(_at + 3, _text.Length)..];
            var close = rest[..Math.Min(rest.Length, 10)].IndexOf('\'');
            _at = close < 0 ? Math.Min(_at + 2, _text.Length) : _at + 3 + close + 1;
        }
        else
        {
            _at += Peek(2) == '\'' && Peek(1) != '\n' ? 3 : 1;
        }
    }

    private void SkipStringPrefix()
    {
        var dollars = 0;
        var verbatim = false;
        while (Peek(0) is '@' or '$')
        {
            dollars += Peek(0) == '$' ? 1 : 0;
            verbatim |= Peek(0) == '@';
            _at++;
        }

        if (Peek(0) == '"')
        {
            BeginString(dollars, verbatim);
        }
    }

    private void BeginString(int dollars, bool verbatim)
    {
        var quotes = _text[_at..].IndexOfAnyExcept('"');
        quotes = quotes < 0 ? _text.Length - _at : quotes;
        if (quotes == 2)
        {
            _at += 2;
            return;
        }

        var kind =
            verbatim ? LiteralKind.Verbatim
            : quotes >= 3 ? LiteralKind.Raw
            : LiteralKind.Regular;
        _at += kind == LiteralKind.Raw ? quotes : 1;
        _literals ??= new();
        _literals.Push(new OpenLiteral(kind, kind == LiteralKind.Raw ? quotes : 1, dollars));
        _inLiteralText = true;
    }

    private void SkipLiteralText()
    {
        var literal = _literals!.Peek();
        while (_at < _text.Length)
        {
            switch (_text[_at])
            {
                case '\n' when literal.Kind == LiteralKind.Regular: // not closed, as happens while one writes
                    EndLiteral();
                    return;
                case '\n':
                    _line++;
                    _at++;
                    break;
                case '\\' when literal.Kind == LiteralKind.Regular:
                    _at += Peek(1) == '\n' ? 1 : 2;
                    break;
                case '"' when literal.Kind == LiteralKind.Verbatim && Peek(1) == '"':
                    _at += 2;
                    break;
                case '"':
                    var quotes = Run('"');
                    _at += Math.Min(quotes, literal.Kind == LiteralKind.Raw ? quotes : 1);
                    if (quotes >= literal.Quotes)
                    {
                        EndLiteral();
                        return;
                    }

                    break;
                case '{' when literal.Dollars > 0:
                    var braces = Run('{');
                    _at += braces;
                    var opens = literal.Kind == LiteralKind.Raw ? braces >= literal.Dollars : braces % 2 == 1;
                    if (opens)
                    {
                        literal.Depth = 0;
                        _inLiteralText = false;
                        return;
                    }

                    break;
                default:
                    _at++;
                    break;
            }
        }

        _at = _text.Length;
    }

    private readonly int Run(char c)
    {
        var length = _text[_at..].IndexOfAnyExcept(c);
        return length < 0 ? _text.Length - _at : length;
    }

    private void EndLiteral()
    {
        _literals!.Pop();
        _inLiteralText = false;
    }

    private void EndHole()
    {
        var literal = _literals!.Peek();
        _at++;
        if (literal.Depth > 0)
        {
            literal.Depth--;
            return;
        }

        for (var more = literal.Kind == LiteralKind.Raw ? literal.Dollars - 1 : 0; more > 0 && Peek(0) == '}'; more--)
        {
            _at++;
        }

        _inLiteralText = true;
    }

    private void MoveTo(int end)
    {
        _line += _text[_at..end].Count('\n');
        _at = end;
    }

    /// <summary>A string literal that is open at the place reached, and how deep in the braces of its hole that is.</summary>
    private sealed class OpenLiteral(LiteralKind kind, int quotes, int dollars)
    {
        public LiteralKind Kind { get; } = kind;
        public int Quotes { get; } = quotes;
        public int Dollars { get; } = dollars;
        public int Depth { get; set; }
    }
}
