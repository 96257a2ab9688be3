using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CodeComplete.Analysis;

/// <summary>
/// The names outside of bodies: types in signatures, base lists and attributes, namespaces in a <c>using</c>, what can be overridden behind
/// <c>override T</c>. A name that is declared there is free.
/// </summary>
/// <param name="isTrusted">As in <see cref="BodyNames"/>.</param>
internal sealed class DeclarationNames(SemanticModel model, CursorContext context, bool isTrusted) : NameLookup(context)
{
    private const string Attribute = nameof(Attribute);

    private readonly int _cursor = context.Offset;
    private HashSet<string>? _inScope;

    public override void Prepare() => InScope();

    protected override IReadOnlyCollection<string>? Behind(string stem)
    {
        if (!isTrusted)
        {
            return null;
        }

        var tree = model.SyntaxTree.WithChangedText(model.SyntaxTree.GetText().Replace(_cursor, 0, stem + Placeholder));
        var token = tree.GetRoot().FindToken(_cursor + stem.Length);
        if (!token.IsKind(SyntaxKind.IdentifierToken) || !token.ValueText.Contains(Placeholder, StringComparison.Ordinal))
        {
            return null;
        }

        return token.Parent switch
        {
            SimpleNameSyntax name when name.FirstAncestorOrSelf<UsingDirectiveSyntax>() is { } directive => Imported(directive, name),
            SimpleNameSyntax name when name.FirstAncestorOrSelf<BaseNamespaceDeclarationSyntax>()?.Name.Span.Contains(name.Span) == true =>
                null,
            SimpleNameSyntax { Parent: QualifiedNameSyntax { Left: var left } qualified } name when qualified.Right == name => Members(
                left
            ),
            // A member of a value, an argument by name: too seldom here to be worth binding.
            SimpleNameSyntax { Parent: MemberAccessExpressionSyntax or NameColonSyntax or NameEqualsSyntax } => null,
            SimpleNameSyntax { Parent: AttributeArgumentSyntax { Parent.Parent: AttributeSyntax attribute } } name => InAttribute(
                attribute,
                name
            ),
            // In a body that begins behind the cursor: it may be a lambda's parameter.
            SimpleNameSyntax { Parent: ArgumentSyntax } name when name.FirstAncestorOrSelf<ArrowExpressionClauseSyntax>() is not null =>
                null,
            SimpleNameSyntax name => Types(name),
            MethodDeclarationSyntax { ExplicitInterfaceSpecifier: null } method when method.Identifier == token => Overridden(method),
            PropertyDeclarationSyntax { ExplicitInterfaceSpecifier: null } property when property.Identifier == token => Overridden(
                property
            ),
            VariableDeclaratorSyntax { Parent.Parent: FieldDeclarationSyntax field } => Overridden(field),
            _ => null,
        };
    }

    private HashSet<string> InScope() =>
        _inScope ??= [.. model.LookupSymbols(_cursor).Select(static symbol => symbol.Name), .. ScopeNames.Keywords];

    private HashSet<string> Types(SimpleNameSyntax name)
    {
        var names = InScope();
        // What the declaration itself brings: its type parameters, and its parameters for a default or a base call.
        var own = (name.FirstAncestorOrSelf<MemberDeclarationSyntax>()?.DescendantNodes() ?? [])
            .Select(static node =>
                node switch
                {
                    TypeParameterSyntax x => x.Identifier.ValueText,
                    ParameterSyntax x => x.Identifier.ValueText,
                    _ => "",
                }
            )
            .Where(own => own.Length > 0 && !names.Contains(own))
            .ToList();
        var attributes =
            name.Parent is AttributeSyntax
                ? names
                    .Where(static type => type.EndsWith(Attribute, StringComparison.Ordinal))
                    .Select(static type => type[..^Attribute.Length])
                : [];
        return own.Count == 0 && name.Parent is not AttributeSyntax ? names : [.. names, .. own, .. attributes];
    }

    /// <summary>Beside what is in scope what the attribute takes by name; anything where the attribute is not known.</summary>
    private HashSet<string>? InAttribute(AttributeSyntax attribute, SimpleNameSyntax name)
    {
        var type = new[] { attribute.Name.ToString(), attribute.Name + Attribute }
            .Select(written => SyntaxFactory.ParseTypeName(written))
            .Select(written =>
                model.GetSpeculativeTypeInfo(_cursor, written, SpeculativeBindingOption.BindAsTypeOrNamespace).Type as INamedTypeSymbol
            )
            .FirstOrDefault(IsAttribute);
        if (type is null)
        {
            return null;
        }

        var taken = type.InstanceConstructors.SelectMany(static constructor => constructor.Parameters).Select(static p => p.Name);
        for (var up = type; up is not null; up = up.BaseType)
        {
            taken = taken.Concat(
                up.GetMembers()
                    .Where(static member => member is IPropertySymbol { SetMethod: not null } or IFieldSymbol { IsStatic: false })
                    .Select(static member => member.Name)
            );
        }

        return [.. Types(name), .. taken];

        // A class `Note` may stand beside the `NoteAttribute` that `[Note]` means.
        bool IsAttribute(INamedTypeSymbol? type) =>
            type is not null
            && model.Compilation.GetTypeByMetadataName("System.Attribute") is { } attributes
            && model.Compilation.ClassifyConversion(type, attributes) is { IsReference: true, IsImplicit: true };
    }

    private List<string>? Members(NameSyntax left)
    {
        var symbol = model.GetSpeculativeSymbolInfo(_cursor, left, SpeculativeBindingOption.BindAsTypeOrNamespace).Symbol;
        return symbol is INamespaceOrTypeSymbol container ? NamesOf(container.GetMembers().OfType<INamespaceOrTypeSymbol>()) : null;
    }

    /// <summary>Behind <c>using</c> namespaces alone, and with <c>static</c> or a name of its own types as well.</summary>
    private List<string>? Imported(UsingDirectiveSyntax directive, SimpleNameSyntax name)
    {
        var isNamespace = directive.StaticKeyword == default && directive.Alias is null;
        if (name.Parent is not QualifiedNameSyntax { Left: var left } qualified || qualified.Right != name)
        {
            var inRoot = model.Compilation.GlobalNamespace.GetMembers().Where(member => !isNamespace || member is INamespaceSymbol);
            return NamesOf(inRoot, "static", "unsafe", "global");
        }

        INamespaceSymbol? space = model.Compilation.GlobalNamespace;
        foreach (var part in left.ToString().Split('.', StringSplitOptions.TrimEntries))
        {
            space = space?.GetNamespaceMembers().FirstOrDefault(member => member.Name == part);
        }

        return space is null ? null : NamesOf(space.GetMembers().Where(member => !isNamespace || member is INamespaceSymbol));
    }

    private List<string>? Overridden(MemberDeclarationSyntax declaration)
    {
        if (!declaration.Modifiers.Any(SyntaxKind.OverrideKeyword) || model.GetEnclosingSymbol(_cursor) is not INamedTypeSymbol type)
        {
            return null;
        }

        var members = new List<ISymbol>();
        for (var up = type.BaseType; up is not null; up = up.BaseType)
        {
            members.AddRange(
                up.GetMembers()
                    .Where(member =>
                        (member.IsVirtual || member.IsAbstract || member.IsOverride && !member.IsSealed)
                        && member.CanBeReferencedByName
                        && model.Compilation.IsSymbolAccessibleWithin(member, type)
                    )
            );
        }

        return NamesOf(members);
    }

    private static List<string>? NamesOf(IEnumerable<ISymbol> symbols, params ReadOnlySpan<string> others)
    {
        var names = symbols
            .Where(static symbol => symbol.CanBeReferencedByName)
            .Select(static symbol => symbol.Name)
            .ToHashSet(StringComparer.Ordinal);
        names.UnionWith(others.ToArray());
        return names.Count > 0 ? [.. names] : null;
    }
}
