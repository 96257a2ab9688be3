using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CodeComplete.Analysis;

/// <summary>What the other arms of a <c>switch</c> handle already: the same constant again would never be reached.</summary>
internal static class HandledCases
{
    /// <param name="name">The name of a constant (<c>Red</c> in <c>Color.Red</c>) in a tree that ends at the cursor.</param>
    /// <param name="root">The document's tree, for the arms behind the cursor.</param>
    /// <param name="cursor">Where the cursor is in it.</param>
    /// <returns>The names of the same type's constants that other arms handle; empty where the name is no arm's pattern.</returns>
    public static IReadOnlyCollection<string> Of(SimpleNameSyntax name, SyntaxNode root, int cursor)
    {
        if (
            name.Parent is not MemberAccessExpressionSyntax { Expression: var type } access
            || Constant(access) is not { Parent: SwitchExpressionArmSyntax or CasePatternSwitchLabelSyntax or CaseSwitchLabelSyntax } own
            || own.Ancestors().FirstOrDefault(IsSwitch) is not { } before
        )
        {
            return [];
        }

        var after = root.FindToken(cursor)
            .Parent?.AncestorsAndSelf()
            .FirstOrDefault(node => IsSwitch(node) && node.SpanStart < cursor && cursor < node.Span.End);
        var constants = Arms(before)
            .Where(arm => !arm.Span.Contains(name.Span))
            .SelectMany(Constants)
            // The parser may read the next line's arm as the end of the cursor's.
            .Concat(after is null ? [] : Arms(after).SelectMany(Constants).Where(constant => StandsBelow(constant.Name, cursor)));
        return
        [
            .. constants
                .Where(constant => Last(constant.Expression) == Last(type))
                .Select(static constant => constant.Name.Identifier.ValueText)
                .Distinct(StringComparer.Ordinal),
        ];
    }

    private static bool StandsBelow(SyntaxNode node, int cursor) =>
        node.SpanStart > cursor
        && node.SyntaxTree.GetText().Lines is var lines
        && lines.GetLineFromPosition(node.SpanStart).LineNumber > lines.GetLineFromPosition(cursor).LineNumber;

    /// <summary>The node that stands in the arm; of <c>A or B</c> the whole.</summary>
    private static SyntaxNode? Constant(SyntaxNode access)
    {
        var node = access;
        while (node.Parent is ConstantPatternSyntax or BinaryPatternSyntax { OperatorToken.ValueText: "or" })
        {
            node = node.Parent;
        }

        return node;
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
