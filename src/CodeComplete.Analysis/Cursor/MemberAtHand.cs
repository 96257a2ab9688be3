using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CodeComplete.Analysis;

/// <summary>The member whose uses elsewhere show how to go on at the cursor.</summary>
/// <param name="Id">Its id in the symbol graph; <see langword="null"/> where there is none, or the project does not declare it.</param>
/// <param name="ArgumentTypeIds">The project's own types among the parameters, where the cursor is in the arguments of a call.</param>
internal sealed record MemberAtHand(string? Id, IReadOnlyList<string> ArgumentTypeIds)
{
    public static MemberAtHand None { get; } = new(null, []);

    /// <param name="name">The name at the cursor.</param>
    public static MemberAtHand Of(SemanticModel model, SimpleNameSyntax name)
    {
        // What lies outside a statement or a lambda says little of what is inside.
        for (SyntaxNode? inner = name, node = name.Parent; node is not null; (inner, node) = (node, node.Parent))
        {
            switch (node)
            {
                case StatementSyntax or AnonymousFunctionExpressionSyntax or MemberDeclarationSyntax:
                    return new MemberAtHand(Receiver(model, name), []);
                case ArgumentSyntax { Parent: BaseArgumentListSyntax { Parent: { } call } list } argument:
                    return OfCall(model, call, list.Arguments.IndexOf(argument));
                case AssignmentExpressionSyntax assignment when assignment.Right == inner:
                    return new MemberAtHand(SymbolIds.Of(model.GetSymbolInfo(assignment.Left).Symbol), []);
            }
        }

        return new MemberAtHand(Receiver(model, name), []);
    }

    private static MemberAtHand OfCall(SemanticModel model, SyntaxNode call, int argument)
    {
        var info = model.GetSymbolInfo(call);
        var overloads = (info.Symbol is { } one ? [one] : info.CandidateSymbols)
            .Where(s => ParametersOf(s).Length > argument || ParametersOf(s) is [.., { IsParams: true }])
            .ToList();
        return new MemberAtHand(
            overloads.Select(SymbolIds.Of).FirstOrDefault(id => id is not null),
            [
                .. overloads
                    .SelectMany(s => ParametersOf(s))
                    .SelectMany(p => SymbolIds.OwnTypes(p.Type))
                    .Select(SymbolIds.Of)
                    .OfType<string>()
                    .Distinct(StringComparer.Ordinal),
            ]
        );
    }

    private static System.Collections.Immutable.ImmutableArray<IParameterSymbol> ParametersOf(ISymbol symbol) =>
        symbol switch
        {
            IMethodSymbol method => method.Parameters,
            IPropertySymbol indexer => indexer.Parameters,
            _ => [],
        };

    private static string? Receiver(SemanticModel model, SimpleNameSyntax name)
    {
        var receiver = name.Parent switch
        {
            MemberAccessExpressionSyntax access when access.Name == name => access.Expression,
            MemberBindingExpressionSyntax binding => binding.Ancestors().OfType<ConditionalAccessExpressionSyntax>().First().Expression,
            _ => null,
        };
        return receiver is null || model.GetSymbolInfo(receiver).Symbol is not { Kind: not SymbolKind.NamedType } member
            ? null
            : SymbolIds.Of(member);
    }
}
