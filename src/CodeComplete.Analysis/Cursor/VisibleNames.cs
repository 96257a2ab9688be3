using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CodeComplete.Analysis;

/// <summary>Names the compiler knows at a place.</summary>
/// <param name="Start">Where the name that is being written starts, in characters of the written text; negative where it starts before it.</param>
/// <param name="Names">Each is a whole identifier.</param>
public sealed record VisibleNames(int Start, IReadOnlyCollection<string> Names);

/// <summary>What may stand after a <c>.</c>, by binding what stands before it.</summary>
internal static class MemberNames
{
    // Stands for the name that is still to be written, so that `a.` parses as a member access and `a.b` binds only `a`.
    private const string Placeholder = "__name__";

    /// <summary>
    /// The members that may be named at the end of <paramref name="written"/>, the text after the cursor's position in <paramref name="scope"/>.
    /// </summary>
    /// <param name="typedName">The part of the name left of the cursor, which belongs to the document.</param>
    /// <returns><see langword="null"/> where the end is no member access, or the receiver is not known.</returns>
    public static VisibleNames? At(SpeculativeScope scope, string typedName, string written)
    {
        var nameLength = TrailingIdentifier(written);
        var startsBefore = nameLength == written.Length;
        var binding = scope.Bind(written + Placeholder);
        if (binding is null)
        {
            return null;
        }

        var end = binding.Cursor + written.Length;
        if (end >= binding.Root.FullSpan.End)
        {
            return null;
        }

        var token = binding.Root.FindToken(end);
        if (token.Parent is not SimpleNameSyntax name || !token.ValueText.EndsWith(Placeholder, StringComparison.Ordinal))
        {
            return null;
        }

        var receiver = name.Parent switch
        {
            MemberAccessExpressionSyntax access when access.Name == name => access.Expression,
            MemberBindingExpressionSyntax member => ConditionalReceiver(member),
            QualifiedNameSyntax qualified when qualified.Right == name => qualified.Left,
            _ => null,
        };
        if (
            receiver is null
            || Of(binding.Model, receiver, name.SpanStart, name.Parent is MemberBindingExpressionSyntax) is not { Count: > 0 } names
        )
        {
            return null;
        }

        return new VisibleNames(startsBefore ? -typedName.Length : written.Length - nameLength, names);
    }

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
                return [.. model.LookupStaticMembers(position, named).Where(m => m.CanBeReferencedByName).Select(m => m.Name)];
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
    private static System.Collections.Immutable.ImmutableArray<ISymbol> Members(
        SemanticModel model,
        ExpressionSyntax receiver,
        ITypeSymbol type,
        int position
    ) =>
        receiver is BaseExpressionSyntax
            ? model.LookupBaseMembers(position)
            : model.LookupSymbols(position, type, includeReducedExtensionMethods: true);

    private static bool IsTypeName(ExpressionSyntax receiver, SemanticModel model) =>
        receiver is PredefinedTypeSyntax || model.GetSymbolInfo(receiver).Symbol is ITypeSymbol;

    internal static int TrailingIdentifier(string text)
    {
        var length = 0;
        while (length < text.Length && SyntaxFacts.IsIdentifierPartCharacter(text[text.Length - 1 - length]))
        {
            length++;
        }

        return length;
    }
}
