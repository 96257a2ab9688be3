using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CodeComplete.Analysis;

/// <summary>
/// The cursor in the syntax tree, without any binding: the name being typed, the token before it, and the kind of place that makes.
/// </summary>
internal sealed class Place
{
    private Place(PlaceKind kind, int nameStart, SyntaxToken before)
    {
        (Kind, NameStart, Before) = (kind, nameStart, before);
    }

    public PlaceKind Kind { get; }

    public int NameStart { get; }

    /// <summary>The last token before the name that is being typed; default at the start of a file.</summary>
    public SyntaxToken Before { get; }

    public static Place At(SyntaxNode root, string text, int offset)
    {
        if (TriviaKind(root, text, offset) is { } trivia)
        {
            return new Place(trivia, offset, default);
        }

        var nameStart = offset;
        while (nameStart > 0 && SyntaxFacts.IsIdentifierPartCharacter(text[nameStart - 1]))
        {
            nameStart--;
        }

        if (nameStart > 0 && text[nameStart - 1] == '@')
        {
            nameStart--;
        }

        if (IsInString(root, offset))
        {
            return new Place(PlaceKind.String, offset, default);
        }

        var before = TokenBefore(root, nameStart);
        return new Place(KindAfter(before, root, nameStart, offset), nameStart, before);
    }

    /// <summary>The last token that ends at or before <paramref name="offset"/> and has text.</summary>
    private static SyntaxToken TokenBefore(SyntaxNode root, int offset)
    {
        var token = root.FindToken(Math.Min(offset, root.FullSpan.End));
        while (token.Span.End > offset || token.Span.IsEmpty)
        {
            var previous = token.GetPreviousToken();
            if (previous == default)
            {
                return default;
            }

            token = previous;
        }

        return token;
    }

    private static PlaceKind? TriviaKind(SyntaxNode root, string text, int offset)
    {
        if (offset == 0)
        {
            return null;
        }

        var trivia = root.FindTrivia(offset - 1);
        var endsLine = text[offset - 1] is '\n' or '\r';
        switch (trivia.Kind())
        {
            case SyntaxKind.SingleLineCommentTrivia:
                return PlaceKind.Comment;
            case SyntaxKind.MultiLineCommentTrivia:
                return offset < trivia.FullSpan.End || !text.AsSpan(0, offset).EndsWith("*/") ? PlaceKind.Comment : null;
            case SyntaxKind.SingleLineDocumentationCommentTrivia:
                return endsLine && offset == trivia.FullSpan.End ? null : PlaceKind.DocComment;
            case SyntaxKind.MultiLineDocumentationCommentTrivia:
                return offset < trivia.FullSpan.End ? PlaceKind.DocComment : null;
            case SyntaxKind.DisabledTextTrivia:
                return PlaceKind.DisabledCode;
            default:
                return trivia.IsDirective && !endsLine ? PlaceKind.Directive : null;
        }
    }

    private static bool IsInString(SyntaxNode root, int offset)
    {
        var token = root.FindToken(Math.Max(0, offset - 1));
        switch (token.Kind())
        {
            case SyntaxKind.StringLiteralToken:
            case SyntaxKind.Utf8StringLiteralToken:
            case SyntaxKind.CharacterLiteralToken:
                return offset > token.SpanStart && (offset < token.Span.End || IsUnterminated(token));
            case SyntaxKind.SingleLineRawStringLiteralToken:
            case SyntaxKind.MultiLineRawStringLiteralToken:
                return offset > token.SpanStart && (offset < token.Span.End || IsUnterminated(token));
            case SyntaxKind.InterpolatedStringTextToken:
                return true;
            case SyntaxKind.InterpolatedStringStartToken:
            case SyntaxKind.InterpolatedVerbatimStringStartToken:
            case SyntaxKind.InterpolatedSingleLineRawStringStartToken:
            case SyntaxKind.InterpolatedMultiLineRawStringStartToken:
                return offset >= token.Span.End;
            case SyntaxKind.CloseBraceToken when token.Parent is InterpolationSyntax:
                return offset >= token.Span.End;
            default:
                return false;
        }
    }

    private static bool IsUnterminated(SyntaxToken literal) => literal.GetDiagnostics().Any(d => d.Id is "CS1010" or "CS1039" or "CS8997");

    private static PlaceKind KindAfter(SyntaxToken before, SyntaxNode root, int nameStart, int offset)
    {
        var parent = before.Parent;
        switch (before.Kind())
        {
            case SyntaxKind.DotToken when parent is not RangeExpressionSyntax:
            case SyntaxKind.MinusGreaterThanToken:
                return parent?.FirstAncestorOrSelf<UsingDirectiveSyntax>() is null ? PlaceKind.MemberAccess : PlaceKind.Using;
            case SyntaxKind.ColonColonToken:
                return PlaceKind.MemberAccess;
            case SyntaxKind.UsingKeyword when parent is UsingDirectiveSyntax:
            case SyntaxKind.StaticKeyword when parent is UsingDirectiveSyntax:
                return PlaceKind.Using;
            case SyntaxKind.OpenBracketToken when parent is AttributeListSyntax:
            case SyntaxKind.CommaToken when parent is AttributeListSyntax:
                return PlaceKind.Attribute;
            case SyntaxKind.OpenParenToken when parent is BaseArgumentListSyntax or AttributeArgumentListSyntax:
            case SyntaxKind.CommaToken when parent is BaseArgumentListSyntax or AttributeArgumentListSyntax:
            // `items[]` alone parses as an array type.
            case SyntaxKind.OpenBracketToken when parent is BracketedArgumentListSyntax or ArrayRankSpecifierSyntax:
                return PlaceKind.Argument;
            case SyntaxKind.OpenBraceToken when IsObjectInitializer(parent):
            case SyntaxKind.CommaToken when IsObjectInitializer(parent):
                return PlaceKind.ObjectInitializer;
            case SyntaxKind.NewKeyword:
            case SyntaxKind.AsKeyword:
            case SyntaxKind.LessThanToken when parent is TypeArgumentListSyntax or TypeParameterListSyntax:
            case SyntaxKind.CommaToken when parent is TypeArgumentListSyntax:
            case SyntaxKind.ColonToken when parent is BaseListSyntax or TypeParameterConstraintClauseSyntax:
            case SyntaxKind.CommaToken when parent is BaseListSyntax or ParameterListSyntax:
            case SyntaxKind.OpenParenToken when parent is ParameterListSyntax or TypeOfExpressionSyntax or CatchDeclarationSyntax:
                return PlaceKind.TypeName;
        }

        if (IsStatementStart(before))
        {
            return PlaceKind.StatementStart;
        }

        if (IsDeclarationPlace(before))
        {
            return PlaceKind.Declaration;
        }

        return IsNewName(root, nameStart, offset) ? PlaceKind.NewName : PlaceKind.Expression;
    }

    private static bool IsObjectInitializer(SyntaxNode? node) =>
        node
            is InitializerExpressionSyntax
            {
                RawKind: (int)SyntaxKind.ObjectInitializerExpression or (int)SyntaxKind.WithInitializerExpression
            };

    private static bool IsStatementStart(SyntaxToken before) =>
        before.Kind() switch
        {
            SyntaxKind.OpenBraceToken => before.Parent is BlockSyntax or SwitchStatementSyntax,
            SyntaxKind.CloseBraceToken => before.Parent is BlockSyntax
                && before.Parent.Parent is StatementSyntax or GlobalStatementSyntax or ElseClauseSyntax or CatchClauseSyntax
                || before.Parent is SwitchStatementSyntax,
            SyntaxKind.SemicolonToken => before.Parent is StatementSyntax and not ForStatementSyntax
                && before.Parent is not GlobalStatementSyntax { Parent: null },
            SyntaxKind.ElseKeyword or SyntaxKind.DoKeyword => true,
            SyntaxKind.ColonToken => before.Parent is SwitchLabelSyntax or LabeledStatementSyntax,
            SyntaxKind.CloseParenToken => before.Parent
                is IfStatementSyntax
                    or WhileStatementSyntax
                    or ForStatementSyntax
                    or CommonForEachStatementSyntax
                    or UsingStatementSyntax
                    or LockStatementSyntax,
            _ => false,
        };

    private static bool IsDeclarationPlace(SyntaxToken before) =>
        before.Kind() switch
        {
            SyntaxKind.None => true,
            SyntaxKind.OpenBraceToken => before.Parent is BaseTypeDeclarationSyntax or NamespaceDeclarationSyntax,
            SyntaxKind.CloseBraceToken => before.Parent is BaseTypeDeclarationSyntax or NamespaceDeclarationSyntax or AccessorListSyntax
                || (before.Parent is BlockSyntax && before.Parent.Parent is MemberDeclarationSyntax and not GlobalStatementSyntax),
            SyntaxKind.SemicolonToken => before.Parent is MemberDeclarationSyntax or UsingDirectiveSyntax or BaseNamespaceDeclarationSyntax,
            SyntaxKind.CloseBracketToken => before.Parent is AttributeListSyntax,
            _ => SyntaxFacts.IsAccessibilityModifier(before.Kind())
                || before.Kind()
                    is SyntaxKind.StaticKeyword
                        or SyntaxKind.ReadOnlyKeyword
                        or SyntaxKind.OverrideKeyword
                        or SyntaxKind.AbstractKeyword
                        or SyntaxKind.VirtualKeyword
                        or SyntaxKind.SealedKeyword
                        or SyntaxKind.PartialKeyword
                        or SyntaxKind.AsyncKeyword,
        };

    /// <summary>A declarator, a parameter's or a member's name: what the compiler takes as declared by the identifier at the cursor.</summary>
    private static bool IsNewName(SyntaxNode root, int nameStart, int offset)
    {
        if (nameStart == offset)
        {
            return false;
        }

        var token = root.FindToken(nameStart);
        return token.IsKind(SyntaxKind.IdentifierToken)
            && token.Parent switch
            {
                VariableDeclaratorSyntax x => x.Identifier == token,
                ParameterSyntax x => x.Identifier == token && x.Type is not null,
                MethodDeclarationSyntax x => x.Identifier == token,
                PropertyDeclarationSyntax x => x.Identifier == token,
                BaseTypeDeclarationSyntax x => x.Identifier == token,
                SingleVariableDesignationSyntax x => x.Identifier == token,
                ForEachStatementSyntax x => x.Identifier == token,
                EnumMemberDeclarationSyntax x => x.Identifier == token,
                LocalFunctionStatementSyntax x => x.Identifier == token,
                _ => false,
            };
    }
}
