using Microsoft.CodeAnalysis;

namespace CodeComplete.Analysis;

/// <summary>The members that a member stands in for.</summary>
internal static class SymbolBases
{
    public static IEnumerable<ISymbol> Of(ISymbol? member) =>
        Overridden(member) is { } overridden ? Implemented(member).Prepend(overridden) : Implemented(member);

    public static ISymbol? Overridden(ISymbol? member) =>
        member switch
        {
            IMethodSymbol method => method.OverriddenMethod,
            IPropertySymbol property => property.OverriddenProperty,
            IEventSymbol @event => @event.OverriddenEvent,
            _ => null,
        };

    /// <summary>The members of the project's own interfaces that this member implements, by its name or explicitly.</summary>
    public static IEnumerable<ISymbol> Implemented(ISymbol? member)
    {
        if (
            member is not (IMethodSymbol or IPropertySymbol or IEventSymbol)
            || member.ContainingType is not { TypeKind: not TypeKind.Interface } type
        )
        {
            return [];
        }

        // An explicit implementation is named Interface.Member.
        var name = member.Name[(member.Name.LastIndexOf('.') + 1)..];
        return type
            .AllInterfaces.Where(i => SymbolIds.IsInSource(i.OriginalDefinition))
            .SelectMany(i => i.GetMembers(name))
            .Where(m =>
                m.Kind == member.Kind && SymbolEqualityComparer.Default.Equals(type.FindImplementationForInterfaceMember(m), member)
            );
    }
}
