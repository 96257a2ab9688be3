using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CodeComplete.Analysis;

/// <summary>
/// What a person would still have to type after a candidate so that it is whole: <c>)</c> for a bracket it opened, <c>{ }</c> after
/// <c>if (x)</c>, a body after a signature. The judge adds it to its fork, so that an unfinished but sound line is not blamed for what
/// follows it; it is never shown.
/// </summary>
internal static class OpenEnds
{
    /// <param name="text">The document up to the candidate's end.</param>
    /// <param name="start">Where the candidate starts.</param>
    /// <param name="endsLine">Nothing visible follows on the candidate's line.</param>
    /// <param name="following">The first visible character after the candidate, or <c>'\0'</c>.</param>
    public static string Close(string text, int start, char following, bool endsLine, CSharpParseOptions options)
    {
        var last = Last(text, options);
        if (last.SpanStart < start && last.Span.End <= start)
        {
            return "";
        }

        var closing = new StringBuilder();
        for (var node = last.Parent; node is not null; node = node.Parent)
        {
            if (!CloseBrackets(node, start, closing))
            {
                // A bracket that the document opened before the candidate: its end, and all around it, is the document's own.
                break;
            }

            closing.Append(Tail(node, start, following, closing.Length > 0));
            if (endsLine && IsUnended(node))
            {
                // Or the parser would read the next line as a part of this statement.
                closing.Append(';');
            }
        }

        return closing.ToString();
    }

    /// <summary>The brackets and the semicolon that the statement at the text's end lacks: what an editor or a person closes a line with.</summary>
    /// <param name="text">The document up to the candidate's end.</param>
    /// <param name="start">Where the candidate starts.</param>
    /// <returns>Empty where nothing is missing, or more than closers.</returns>
    public static string Closers(string text, int start, CSharpParseOptions options)
    {
        var last = Last(text, options);
        if (last.Span.End <= start)
        {
            return "";
        }

        var closers = new StringBuilder();
        for (var node = last.Parent; node is not null; node = node.Parent)
        {
            // From the file's start: the brackets of this statement that stand before the cursor are open as well.
            CloseBrackets(node, start: 0, closers);
            if (closers.Length > 0 && node is BlockSyntax or SwitchStatementSyntax or AccessorListSyntax or BaseTypeDeclarationSyntax)
            {
                return "";
            }

            if (IsUnended(node))
            {
                closers.Append(';');
            }

            if (node is StatementSyntax or MemberDeclarationSyntax or UsingDirectiveSyntax)
            {
                break;
            }
        }

        return closers.ToString();
    }

    /// <summary>
    /// Whether the user may go on by hand where the text ends: behind the head of a statement or declaration whose body is still to come, and, at
    /// the end of a block, behind whatever asks for more (<c>(</c>, an operator).
    /// </summary>
    public static bool StaysOpen(string text, int start, bool isBlocksEnd, CSharpParseOptions options)
    {
        var last = Last(text, options);
        if (last.Span.End <= start)
        {
            return false;
        }

        if (isBlocksEnd && (last.IsKind(SyntaxKind.OpenBraceToken) || AsksForMore(last.Kind())))
        {
            return true;
        }

        for (var node = last.Parent; node is not null; node = node.Parent)
        {
            if (node is not LambdaExpressionSyntax && Tail(node, start, following: '\0', closed: false).Length > 0)
            {
                return !last.IsKind(SyntaxKind.OpenBraceToken);
            }
        }

        return false;
    }

    private static bool AsksForMore(SyntaxKind kind) =>
        kind is SyntaxKind.OpenParenToken or SyntaxKind.OpenBracketToken or SyntaxKind.CommaToken
        || SyntaxFacts.IsBinaryExpressionOperatorToken(kind)
        || SyntaxFacts.IsAssignmentExpressionOperatorToken(kind)
        || kind is SyntaxKind.QuestionToken or SyntaxKind.ColonToken;

    private static SyntaxToken Last(string text, CSharpParseOptions options) =>
        CSharpSyntaxTree.ParseText(text, options).GetRoot().GetLastToken(includeZeroWidth: false);

    /// <returns><see langword="false"/> where a bracket from before the candidate is still open.</returns>
    private static bool CloseBrackets(SyntaxNode node, int start, StringBuilder closing)
    {
        var open = default(SyntaxToken);
        foreach (var child in node.ChildTokens())
        {
            switch (child.Kind())
            {
                case SyntaxKind.OpenParenToken or SyntaxKind.OpenBracketToken or SyntaxKind.OpenBraceToken:
                    open = child;
                    break;
                case SyntaxKind.CloseParenToken when IsOwed(open, child, start):
                    closing.Append(')');
                    break;
                case SyntaxKind.CloseBracketToken when IsOwed(open, child, start):
                    closing.Append(']');
                    break;
                case SyntaxKind.CloseBraceToken when IsOwed(open, child, start):
                    // A statement before the brace may still lack its semicolon.
                    closing.Append(node is BlockSyntax or SwitchStatementSyntax or AccessorListSyntax ? ";}" : "}");
                    break;
                case SyntaxKind.CloseParenToken
                or SyntaxKind.CloseBracketToken
                or SyntaxKind.CloseBraceToken when child.IsMissing && !open.IsMissing:
                    return false;
            }
        }

        return true;
    }

    private static bool IsOwed(SyntaxToken open, SyntaxToken close, int start) =>
        close.IsMissing && !open.IsMissing && open.SpanStart >= start;

    private static string Tail(SyntaxNode node, int start, char following, bool closed)
    {
        if (following == '{' && !closed)
        {
            return "";
        }

        return node switch
        {
            IfStatementSyntax { Statement: var body } x when Lacks(body, x.IfKeyword, start) => " { }",
            ElseClauseSyntax { Statement: var body } x when Lacks(body, x.ElseKeyword, start) => " { }",
            WhileStatementSyntax { Statement: var body } x when Lacks(body, x.WhileKeyword, start) => " { }",
            ForStatementSyntax { Statement: var body } x when Lacks(body, x.ForKeyword, start) => " { }",
            CommonForEachStatementSyntax { Statement: var body } x when Lacks(body, x.ForEachKeyword, start) => " { }",
            UsingStatementSyntax { Statement: var body } x when Lacks(body, x.UsingKeyword, start) => " { }",
            LockStatementSyntax { Statement: var body } x when Lacks(body, x.LockKeyword, start) => " { }",
            TryStatementSyntax { Finally: null or { FinallyKeyword.IsMissing: true }, Catches.Count: 0 } x
                when x.TryKeyword.SpanStart >= start && x.Block.OpenBraceToken.IsMissing => " { } finally { }",
            // A throw is a body for every kind of lambda, whatever it returns.
            LambdaExpressionSyntax { Body.Span.IsEmpty: true } x when x.ArrowToken.SpanStart >= start => " throw null!",
            DoStatementSyntax { WhileKeyword.IsMissing: true } x when x.DoKeyword.SpanStart >= start => " { } while (true);",
            BaseMethodDeclarationSyntax { Body: null, ExpressionBody: null, SemicolonToken.IsMissing: true, ParameterList: var list } x
                when list.CloseParenToken.Span.End >= start
                    && !x.Modifiers.Any(SyntaxKind.AbstractKeyword)
                    && x.Parent is not InterfaceDeclarationSyntax => " { throw null!; }",
            LocalFunctionStatementSyntax { Body: null, ExpressionBody: null, ParameterList: var list }
                when list.CloseParenToken.Span.End >= start => " { throw null!; }",
            BaseTypeDeclarationSyntax { OpenBraceToken: { IsMissing: true } } x
                when x.Identifier.Span.End >= start && x.SemicolonToken.Span.IsEmpty => " { }",
            _ => "",
        };
    }

    private static bool IsUnended(SyntaxNode node) =>
        node switch
        {
            ExpressionStatementSyntax x => x.SemicolonToken.IsMissing,
            LocalDeclarationStatementSyntax x => x.SemicolonToken.IsMissing,
            ReturnStatementSyntax x => x.SemicolonToken.IsMissing,
            ThrowStatementSyntax x => x.SemicolonToken.IsMissing,
            YieldStatementSyntax x => x.SemicolonToken.IsMissing,
            BaseFieldDeclarationSyntax x => x.SemicolonToken.IsMissing,
            UsingDirectiveSyntax x => x.SemicolonToken.IsMissing,
            _ => false,
        };

    /// <summary>The statement that the keyword wants is not there: the parser has made one up of missing tokens.</summary>
    private static bool Lacks(StatementSyntax body, SyntaxToken keyword, int start) =>
        body.Span.IsEmpty && body.Span.End >= start && !keyword.IsMissing;
}
