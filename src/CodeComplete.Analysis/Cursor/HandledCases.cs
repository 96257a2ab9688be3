using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace CodeComplete.Analysis;

/// <summary>What the other arms of a <c>switch</c> handle already: the same constant again would never be reached.</summary>
internal static class HandledCases
{
    /// <param name="name">The name of a constant (<c>Red</c> in <c>Color.Red</c>) in a tree that ends with it.</param>
    /// <param name="document">The document's tree.</param>
    /// <param name="cursor">Where the cursor is in it.</param>
    /// <param name="written">What stands between the cursor and the name.</param>
    /// <returns>The names of the same type's constants that other arms handle; empty where the name is no arm's pattern.</returns>
    public static IReadOnlyCollection<string> Of(SimpleNameSyntax name, SyntaxTree document, int cursor, string written)
    {
        if (name.Parent is not MemberAccessExpressionSyntax { Expression: var type } access || ArmOf(access) is not { } own)
        {
            return [];
        }

        // With a whole arm at the cursor, or the parser reads the next one as its end.
        var text = document.GetText();
        var follows = text.Lines.GetLineFromPosition(cursor).End;
        var rest = text.ToString(TextSpan.FromBounds(cursor, follows)).Trim();
        var end =
            rest.Length > 0 ? ""
            : own is SwitchExpressionArmSyntax ? " => 0,"
            : ":";
        var inserted = written + name.Identifier.ValueText + end;
        var root = document.WithChangedText(text.Replace(cursor, 0, inserted)).GetRoot();
        var at = cursor + written.Length;
        return root.FindToken(at).Parent?.AncestorsAndSelf().FirstOrDefault(IsSwitch) is not { } around
            ? []
            :
            [
                .. Arms(around)
                    .SelectMany(Constants)
                    .Where(constant => !constant.Name.Span.Contains(at) && Last(constant.Expression) == Last(type))
                    .Select(static constant => constant.Name.Identifier.ValueText)
                    .Distinct(StringComparer.Ordinal),
            ];
    }

    /// <summary>The arm or label whose pattern, or part of it after <c>or</c>, the node is.</summary>
    private static SyntaxNode? ArmOf(SyntaxNode node)
    {
        var parent = node.Parent;
        while (parent is ConstantPatternSyntax or BinaryPatternSyntax { OperatorToken.ValueText: "or" })
        {
            parent = parent.Parent;
        }

        return parent is SwitchExpressionArmSyntax or CasePatternSwitchLabelSyntax or CaseSwitchLabelSyntax ? parent : null;
    }

    private static bool IsSwitch(SyntaxNode node) => node is SwitchExpressionSyntax or SwitchStatementSyntax;

    /// <summary>Patterns and constants that always match: an arm with <c>when</c> leaves its constant to others.</summary>
    private static IEnumerable<SyntaxNode> Arms(SyntaxNode node) =>
        node switch
        {
            SwitchExpressionSyntax expression => expression
                .Arms.Where(arm => arm.WhenClause is null)
                .Select(SyntaxNode (arm) => arm.Pattern),
            SwitchStatementSyntax statement => statement
                .Sections.SelectMany(section => section.Labels)
                .Select(
                    SyntaxNode? (label) =>
                        label switch
                        {
                            CaseSwitchLabelSyntax simple => simple.Value,
                            CasePatternSwitchLabelSyntax { WhenClause: null } pattern => pattern.Pattern,
                            _ => null,
                        }
                )
                .OfType<SyntaxNode>(),
            _ => [],
        };

    private static IEnumerable<MemberAccessExpressionSyntax> Constants(SyntaxNode arm) =>
        arm switch
        {
            MemberAccessExpressionSyntax access => [access],
            ConstantPatternSyntax { Expression: MemberAccessExpressionSyntax access } => [access],
            BinaryPatternSyntax { OperatorToken.ValueText: "or" } either => Constants(either.Left).Concat(Constants(either.Right)),
            _ => [],
        };

    private static string? Last(ExpressionSyntax type) =>
        type switch
        {
            SimpleNameSyntax name => name.Identifier.ValueText,
            MemberAccessExpressionSyntax access => access.Name.Identifier.ValueText,
            QualifiedNameSyntax qualified => qualified.Right.Identifier.ValueText,
            _ => null,
        };
}
