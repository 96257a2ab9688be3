using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CodeComplete.Analysis;

/// <summary>The ids under which the symbol graph knows the project's own symbols.</summary>
internal static class SymbolIds
{
    /// <returns><see langword="null"/> for what the project's sources do not declare, and for locals, parameters and the like.</returns>
    public static string? Of(ISymbol? symbol)
    {
        var declared = (symbol as IMethodSymbol)?.ReducedFrom ?? symbol?.OriginalDefinition;
        if (declared is IMethodSymbol { AssociatedSymbol: { } propertyOrEvent })
        {
            declared = propertyOrEvent;
        }
        else if (declared is IMethodSymbol { MethodKind: MethodKind.Constructor } constructor && !IsWritten(constructor))
        {
            declared = constructor.ContainingType;
        }

        return declared switch
        {
            INamedTypeSymbol { IsAnonymousType: true } => null,
            IMethodSymbol { MethodKind: MethodKind.LocalFunction or MethodKind.AnonymousFunction or MethodKind.DelegateInvoke } => null,
            INamedTypeSymbol
            or IMethodSymbol
            or IPropertySymbol
            or IFieldSymbol
            or IEventSymbol
                when declared.ContainingType is not { IsAnonymousType: true } and not { IsTupleType: true } && IsInSource(declared) =>
                declared.GetDocumentationCommentId(),
            _ => null,
        };
    }

    /// <summary>The project's own types that a type is made of: <c>Task&lt;Money?[]&gt;</c> is made of <c>Money</c>.</summary>
    public static IEnumerable<INamedTypeSymbol> OwnTypes(ITypeSymbol? type)
    {
        switch (type)
        {
            case IArrayTypeSymbol array:
                return OwnTypes(array.ElementType);
            case INamedTypeSymbol named:
                var arguments = named.TypeArguments.SelectMany(OwnTypes);
                return !named.IsAnonymousType && IsInSource(named.OriginalDefinition) ? arguments.Prepend(named) : arguments;
            default:
                return [];
        }
    }

    public static bool IsInSource(ISymbol symbol) => symbol.Locations.Any(l => l.IsInSource);

    /// <summary>Neither the compiler's own nor a primary constructor.</summary>
    private static bool IsWritten(IMethodSymbol constructor) =>
        constructor is { IsImplicitlyDeclared: false, DeclaringSyntaxReferences: [var written, ..] }
        && written.GetSyntax() is ConstructorDeclarationSyntax;
}
