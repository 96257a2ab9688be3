using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CodeComplete.Analysis;

/// <summary>What a place asks for beyond the rest of its line.</summary>
public enum ExtentKind
{
    /// <summary>Nothing, but the end of a statement that the line leaves open.</summary>
    Statement,

    /// <summary>The cursor's line is the only one between the braces of a block: all that belongs there.</summary>
    Block,

    /// <summary>A comment stands above, alone on its line: what it describes.</summary>
    Described,

    /// <summary>A documentation comment has just begun.</summary>
    Documentation,
}

/// <summary>
/// Where a suggestion of several lines ends, by the parser's reading of the document up to the cursor with the suggestion behind it. Only at places
/// behind which nothing stands on the line.
/// </summary>
public sealed class CodeExtent
{
    private readonly string _head;
    private readonly CSharpParseOptions _options;
    private readonly int _begin;
    private readonly bool _isMember;
    private readonly bool _closesBlock;
    private (string Written, SyntaxNode Root)? _read;

    private CodeExtent(ExtentKind kind, CursorAnalysis cursor, int begin, bool isMember, bool closesBlock)
    {
        (Kind, _begin, _isMember, _closesBlock) = (kind, begin, isMember, closesBlock);
        _head = cursor.Text[..cursor.Context.Offset];
        _options = (CSharpParseOptions)cursor.Model.SyntaxTree.Options;
    }

    public ExtentKind Kind { get; }

    /// <returns>
    /// <see langword="null"/> where a suggestion ends with its line: something stands behind the cursor or goes on with its statement below, or it is no
    /// place for code.
    /// </returns>
    public static CodeExtent? Of(CursorAnalysis cursor)
    {
        ArgumentNullException.ThrowIfNull(cursor);
        var (context, text) = (cursor.Context, cursor.Text);
        if (context.RestOfLine.Length > 0 || context.IsCode && GoesOnBelow(text, context.Offset))
        {
            return null;
        }

        var line = text.AsSpan(0, context.Offset)[LineStart(text, context.Offset)..];
        if (context.Kind == PlaceKind.DocComment)
        {
            return line.Trim() is "///" && !NextLine(text, context.Offset).StartsWith("///", StringComparison.Ordinal)
                ? new CodeExtent(ExtentKind.Documentation, cursor, context.Offset, isMember: false, closesBlock: false)
                : null;
        }

        if (!context.IsCode)
        {
            return null;
        }

        var isMember = context.Kind == PlaceKind.Declaration;
        if (line.IsWhiteSpace() && context.Kind is PlaceKind.StatementStart or PlaceKind.Declaration)
        {
            if (!isMember && OpenedJustNow(cursor) is { } block && HoldsNothing(block, context.Offset))
            {
                return new CodeExtent(ExtentKind.Block, cursor, context.Offset, isMember: false, LacksBrace(cursor));
            }

            if (LineAbove(text, context.Offset) is ['/', '/', not '/', ..])
            {
                return new CodeExtent(ExtentKind.Described, cursor, context.Offset, isMember, closesBlock: false);
            }
        }

        return IsBetweenBrackets(cursor)
            ? null
            : new CodeExtent(ExtentKind.Statement, cursor, BeginOfStatement(cursor), isMember, closesBlock: false);
    }

    /// <summary>Whether what is written may end here, at a line's end: no statement, declaration or documentation is left open.</summary>
    public bool IsWhole(string written)
    {
        ArgumentNullException.ThrowIfNull(written);
        if (Kind == ExtentKind.Documentation)
        {
            return IsWellFormed(written);
        }

        // Above an empty line nobody ends: something is to come.
        if (written.AsSpan().TrimEnd(' ').EndsWith('\n'))
        {
            return false;
        }

        var last = Read(written).GetLastToken(includeZeroWidth: false);
        if (last.Span.End <= _head.TrimEnd().Length)
        {
            return false;
        }

        // What an attribute belongs to stands below more often than not; the compiler tells.
        if (Kind == ExtentKind.Statement && last.IsKind(SyntaxKind.CloseBracketToken) && last.Parent is AttributeListSyntax)
        {
            return true;
        }

        for (var node = last.Parent; node is not null; node = node.Parent)
        {
            if (
                node is StatementSyntax or MemberDeclarationSyntax or AccessorListSyntax
                && node.SpanStart >= _begin
                && (node is IncompleteMemberSyntax || node.DescendantTokens().Any(static token => token.IsMissing))
            )
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether the next thing is an argument or an element, which the lines below may well hold already.</summary>
    public bool WantsElement(string written)
    {
        ArgumentNullException.ThrowIfNull(written);
        return Read(written).GetLastToken(includeZeroWidth: false).Kind()
            is SyntaxKind.OpenParenToken
                or SyntaxKind.OpenBracketToken
                or SyntaxKind.CommaToken;
    }

    /// <summary>
    /// How much of what is written belongs to the suggestion, in UTF-16 units; <see langword="null"/> where more is to come. Asked at the ends of lines.
    /// </summary>
    /// <param name="written">Behind the cursor; whole lines, each with its line end.</param>
    public int? End(string written)
    {
        ArgumentNullException.ThrowIfNull(written);
        var body = written.AsSpan().TrimEnd().Length;
        switch (Kind)
        {
            case ExtentKind.Documentation:
                var last = written.AsSpan(0, body).LastIndexOf('\n') + 1;
                return last > 0 && !written.AsSpan(last).TrimStart().StartsWith("///") ? Trimmed(written, last) : null;
            case ExtentKind.Block:
                return EndOfBlock(written);
            case ExtentKind.Described when !_isMember:
                return EndOfBlock(written) ?? (written.AsSpan(body).Count('\n') > 1 && IsWhole(written[..body]) ? body : null);
            default:
                return EndOfBlock(written) ?? (body > 0 && IsWhole(written[..body]) ? body : null);
        }
    }

    /// <summary>Where the block around the cursor is closed, its brace left to the one that stands there already.</summary>
    private int? EndOfBlock(string written)
    {
        for (var node = Read(written).FindToken(Math.Max(0, _begin - 1)).Parent; node is not null; node = node.Parent)
        {
            if (Braces(node) is var (open, close) && open.Span.End <= _begin)
            {
                var at = close.SpanStart - _head.Length;
                return close.IsMissing || at < 0 ? null
                    : _closesBlock ? at + 1
                    : Trimmed(written, at);
            }
        }

        return null;
    }

    private static (SyntaxToken Open, SyntaxToken Close)? Braces(SyntaxNode node) =>
        node switch
        {
            BlockSyntax x => (x.OpenBraceToken, x.CloseBraceToken),
            SwitchStatementSyntax x => (x.OpenBraceToken, x.CloseBraceToken),
            BaseTypeDeclarationSyntax x => (x.OpenBraceToken, x.CloseBraceToken),
            AccessorListSyntax x => (x.OpenBraceToken, x.CloseBraceToken),
            _ => null,
        };

    private static int Trimmed(string written, int end) => written.AsSpan(0, end).TrimEnd().Length;

    private SyntaxNode Read(string written)
    {
        if (_read is not { } read || read.Written != written)
        {
            _read = read = (written, CSharpSyntaxTree.ParseText(_head + written, _options).GetRoot());
        }

        return read.Root;
    }

    /// <summary>The block whose opening brace is the last thing before the cursor.</summary>
    private static BlockSyntax? OpenedJustNow(CursorAnalysis cursor)
    {
        var at = cursor.Text.AsSpan(0, cursor.Context.Offset).TrimEnd().Length - 1;
        return at >= 0 && cursor.Root.FindToken(at) is { RawKind: (int)SyntaxKind.OpenBraceToken, Parent: BlockSyntax block }
            ? block
            : null;
    }

    /// <summary>Nothing stands between the cursor and the block's end.</summary>
    private static bool HoldsNothing(BlockSyntax block, int offset) =>
        block.CloseBraceToken.IsMissing || block.Statements.Count == 0 && block.CloseBraceToken.SpanStart >= offset;

    /// <summary>The document has a brace too few, so nothing that stands there closes the block that has just been opened.</summary>
    private static bool LacksBrace(CursorAnalysis cursor) => cursor.Root.GetDiagnostics().Any(static d => d.Id == "CS1513");

    /// <summary>A bracket of the statement around is closed below the cursor: the line is an argument, an element or an arm, and no end of a statement.</summary>
    private static bool IsBetweenBrackets(CursorAnalysis cursor)
    {
        var offset = cursor.Context.Offset;
        for (var node = TokenBefore(cursor).Parent; node is not (null or StatementSyntax or MemberDeclarationSyntax); node = node.Parent)
        {
            var opened = false;
            foreach (var token in node.ChildTokens())
            {
                opened |=
                    token.Kind() is SyntaxKind.OpenParenToken or SyntaxKind.OpenBracketToken or SyntaxKind.OpenBraceToken
                    && token.Span.End <= offset;
                if (
                    opened
                    && token.Kind() is SyntaxKind.CloseParenToken or SyntaxKind.CloseBracketToken or SyntaxKind.CloseBraceToken
                    && !token.IsMissing
                    && token.SpanStart >= offset
                )
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static SyntaxToken TokenBefore(CursorAnalysis cursor) =>
        cursor.Root.FindToken(Math.Max(0, cursor.Text.AsSpan(0, cursor.Context.Offset).TrimEnd().Length - 1));

    private static int BeginOfStatement(CursorAnalysis cursor)
    {
        var context = cursor.Context;
        if (context.Kind is PlaceKind.StatementStart or PlaceKind.Declaration)
        {
            return context.NameStart;
        }

        var around = TokenBefore(cursor)
            .Parent?.FirstAncestorOrSelf<SyntaxNode>(static node =>
                node is StatementSyntax and not BlockSyntax or MemberDeclarationSyntax and not BaseTypeDeclarationSyntax
            );
        return around is null || around.SpanStart > context.Offset ? context.Offset : around.SpanStart;
    }

    private static bool IsWellFormed(string written) =>
        CSharpSyntaxTree
            .ParseText("///" + written, new CSharpParseOptions(documentationMode: DocumentationMode.Diagnose))
            .GetRoot()
            .GetDiagnostics()
            .All(static d => d.Severity == DiagnosticSeverity.Error);

    /// <summary>The lines below begin with what no statement begins with: they are the rest of the cursor's own.</summary>
    private static bool GoesOnBelow(string text, int offset) =>
        text.AsSpan(offset).TrimStart() is [var next, ..] rest
        && "{.,;:?)]=<>+-*/%&|^".Contains(next, StringComparison.Ordinal)
        && !rest.StartsWith("//", StringComparison.Ordinal)
        && !rest.StartsWith("/*", StringComparison.Ordinal);

    private static int LineStart(string text, int offset) => text.AsSpan(0, offset).LastIndexOfAny('\r', '\n') + 1;

    private static ReadOnlySpan<char> LineAbove(string text, int offset)
    {
        var above = text.AsSpan(0, LineStart(text, offset)).TrimEnd(['\r', '\n']);
        // A line that is empty ends what the comment describes.
        var gap = text.AsSpan(above.Length, LineStart(text, offset) - above.Length).Count('\n');
        return gap > 1 ? [] : above[(above.LastIndexOfAny('\r', '\n') + 1)..].Trim();
    }

    private static ReadOnlySpan<char> NextLine(string text, int offset)
    {
        var end = text.IndexOf('\n', offset);
        if (end < 0)
        {
            return [];
        }

        var next = text.AsSpan(end + 1).TrimStart([' ', '\t']);
        return next;
    }
}
