using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CodeComplete.Analysis;

/// <summary>A declaration on one line: as it is written, without attributes, comments, bodies and line breaks.</summary>
internal static class SignatureText
{
    /// <summary>A longer value of a constant or default says more of itself than of the member.</summary>
    private const int LongestValue = 40;

    public static string Of(MemberDeclarationSyntax member)
    {
        var line = new StringBuilder();
        foreach (var part in member.ChildNodesAndTokens())
        {
            switch (part.AsNode())
            {
                case AccessorListSyntax accessors:
                    Append(line, accessors);
                    break;
                case ArrowExpressionClauseSyntax when member is BasePropertyDeclarationSyntax:
                    line.Append(" { get; }");
                    break;
                case EqualsValueClauseSyntax value when member is EnumMemberDeclarationSyntax:
                    AppendValue(line, value);
                    break;
                case AttributeListSyntax
                or BlockSyntax
                or ArrowExpressionClauseSyntax
                or EqualsValueClauseSyntax
                or ConstructorInitializerSyntax
                or MemberDeclarationSyntax:
                    break;
                case { } node:
                    Append(line, node);
                    break;
                default:
                    if (part.AsToken() is var token && token.Kind() is SyntaxKind.OpenBraceToken)
                    {
                        return line.ToString();
                    }

                    Append(line, token);
                    break;
            }
        }

        return line.ToString();
    }

    /// <summary>One of the fields or events that a declaration may hold.</summary>
    public static string Of(BaseFieldDeclarationSyntax field, VariableDeclaratorSyntax variable)
    {
        var line = new StringBuilder();
        foreach (var modifier in field.Modifiers)
        {
            Append(line, modifier);
        }

        if (field is EventFieldDeclarationSyntax { EventKeyword: var keyword })
        {
            Append(line, keyword);
        }

        Append(line, field.Declaration.Type);
        Append(line, variable.Identifier);
        if (variable.Initializer is { } value && field.Modifiers.Any(SyntaxKind.ConstKeyword))
        {
            AppendValue(line, value);
        }

        return line.ToString();
    }

    public static string Of(ParameterSyntax positional, bool isReadOnly) =>
        $"public {positional.Type} {positional.Identifier.Text} {(isReadOnly ? "{ get; init; }" : "{ get; set; }")}";

    private static void Append(StringBuilder line, AccessorListSyntax accessors)
    {
        line.Append(" {");
        foreach (var accessor in accessors.Accessors)
        {
            foreach (var modifier in accessor.Modifiers)
            {
                line.Append(' ').Append(modifier.Text);
            }

            line.Append(' ').Append(accessor.Keyword.Text).Append(';');
        }

        line.Append(" }");
    }

    private static void AppendValue(StringBuilder line, EqualsValueClauseSyntax value)
    {
        if (value.Value.Span.Length <= LongestValue)
        {
            line.Append(" = ");
            Append(line, value.Value);
        }
    }

    private static void Append(StringBuilder line, SyntaxNode node)
    {
        foreach (
            var token in node.DescendantTokens(n =>
                n is not AttributeListSyntax && !(n is EqualsValueClauseSyntax { Parent: ParameterSyntax } value && IsLong(value))
            )
        )
        {
            Append(line, token);
        }

        static bool IsLong(EqualsValueClauseSyntax value) => value.Value.Span.Length > LongestValue;
    }

    private static void Append(StringBuilder line, SyntaxToken token)
    {
        // The declaration's own closing semicolon; accessors write theirs.
        if (token.Span.IsEmpty || token.IsKind(SyntaxKind.SemicolonToken))
        {
            return;
        }

        var before = token.GetPreviousToken();
        if (line.Length > 0 && before.Span.End < token.SpanStart && line[^1] is not ('(' or '[' or ' ') && token.Text is not (")" or "]"))
        {
            line.Append(' ');
        }

        line.Append(token.Text);
    }
}
