using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CodeComplete.Analysis;

/// <summary>What may stand after a <c>.</c>, by binding what stands before it.</summary>
internal static class MemberNames
{
    /// <param name="name">The name behind the receiver.</param>
    /// <returns>What may stand in its place; <see langword="null"/> where it is no member, or the receiver is not known.</returns>
    public static IReadOnlyCollection<string>? Of(SemanticModel model, SimpleNameSyntax name)
    {
        var receiver = ReceiverOf(name);
        return
            receiver is not null
            && Of(model, receiver, name.SpanStart, name.Parent is MemberBindingExpressionSyntax) is { Count: > 0 } names
            ? names
            : null;
    }

    /// <summary>What the name is taken from; <see langword="null"/> where it stands alone.</summary>
    public static ExpressionSyntax? ReceiverOf(SimpleNameSyntax name) =>
        name.Parent switch
        {
            MemberAccessExpressionSyntax access when access.Name == name => access.Expression,
            MemberBindingExpressionSyntax member => ConditionalReceiver(member),
            QualifiedNameSyntax qualified when qualified.Right == name => qualified.Left,
            _ => null,
        };

    private static ExpressionSyntax? ConditionalReceiver(MemberBindingExpressionSyntax member) =>
        member
            .Ancestors()
            .OfType<ConditionalAccessExpressionSyntax>()
            .FirstOrDefault(c => c.OperatorToken.Span.End <= member.SpanStart)
            ?.Expression;

    private static HashSet<string>? Of(SemanticModel model, ExpressionSyntax receiver, int position, bool liftsNullable)
    {
        var symbol = model.GetSymbolInfo(receiver).Symbol;
        var type = model.GetTypeInfo(receiver).Type;
        switch (symbol)
        {
            case INamespaceSymbol space:
                return [.. space.GetMembers().Where(m => m.CanBeReferencedByName).Select(m => m.Name)];
            case ITypeSymbol { TypeKind: not TypeKind.Error } named
                when type is null || SymbolEqualityComparer.Default.Equals(named, type) && IsTypeName(receiver, model):
                // `nameof(Order.Total)` needs no order.
                var members = IsInNameOf(receiver) ? model.LookupSymbols(position, named) : model.LookupStaticMembers(position, named);
                return [.. members.Where(m => m.CanBeReferencedByName).Select(m => m.Name)];
        }

        if (type is null or { TypeKind: TypeKind.Error or TypeKind.Dynamic })
        {
            return null;
        }

        if (liftsNullable && type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable)
        {
            type = nullable.TypeArguments[0];
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in Members(model, receiver, type, position))
        {
            if (member.CanBeReferencedByName && !member.IsStatic && member is not ITypeSymbol)
            {
                names.Add(member.Name);
            }
        }

        // `Color.Red` where a property is named like its type: the compiler takes either.
        if (symbol is IPropertySymbol or IFieldSymbol or ILocalSymbol or IParameterSymbol && symbol.Name == type.Name)
        {
            names.UnionWith(model.LookupStaticMembers(position, type).Where(m => m.CanBeReferencedByName).Select(m => m.Name));
        }

        return names;
    }

    /// <summary>After <c>base.</c> the protected members count as well, which no look-up by type gives.</summary>
    private static ImmutableArray<ISymbol> Members(SemanticModel model, ExpressionSyntax receiver, ITypeSymbol type, int position) =>
        receiver is BaseExpressionSyntax
            ? model.LookupBaseMembers(position)
            : model.LookupSymbols(position, type, includeReducedExtensionMethods: true);

    private static bool IsInNameOf(ExpressionSyntax receiver) =>
        receiver.Ancestors().OfType<InvocationExpressionSyntax>().Any(Sieve.IsNameOf);

    private static bool IsTypeName(ExpressionSyntax receiver, SemanticModel model) =>
        receiver is PredefinedTypeSyntax || model.GetSymbolInfo(receiver).Symbol is ITypeSymbol;
}
