using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CodeComplete.Analysis;

/// <summary>
/// What a name that stands alone may be: what is in scope at one cursor, what the text behind it declares, keywords; in an argument also a
/// parameter's name, in an object initialiser a member of the object alone. A look-up through all imported namespaces takes milliseconds, so it is made once.
/// </summary>
/// <param name="later">What the body declares behind the cursor and all of it may use: local functions.</param>
internal sealed class ScopeNames(IReadOnlyList<string> later)
{
    public static readonly IReadOnlyList<string> Keywords =
    [
        .. SyntaxFacts.GetKeywordKinds().Concat(SyntaxFacts.GetContextualKeywordKinds()).Select(SyntaxFacts.GetText),
        "var",
        "dynamic",
        "_",
        // Of top-level statements; no look-up gives it.
        "args",
    ];

    private HashSet<string>? _inScope;

    /// <returns><see langword="null"/> where the name may be new: declared by it, or the parameter of a lambda that begins there.</returns>
    public IReadOnlyCollection<string>? Of(SpeculativeBinding binding, SimpleNameSyntax name)
    {
        var model = binding.Model;
        switch (name.Parent)
        {
            // Before the `in` the parser takes the new name for its type.
            case FromClauseSyntax { Type: not null } from when from.Type == name:
            case JoinClauseSyntax { Type: not null } join when join.Type == name:
            // `(a` may begin a lambda, a tuple with names, a deconstruction.
            case ParenthesizedExpressionSyntax or ArgumentSyntax { Parent: TupleExpressionSyntax }:
            case AnonymousObjectMemberDeclaratorSyntax or NameColonSyntax or NameEqualsSyntax or AttributeSyntax or GotoStatementSyntax:
            case ConstantPatternSyntax { Parent: SubpatternSyntax }:
                return null;
            case InitializerExpressionSyntax initializer:
                return Initializes(model, initializer, name.SpanStart);
            case ArgumentSyntax { Parent: ArgumentListSyntax { Parent: { } call } list } argument:
                return InArgument(binding, name, call, list.Arguments.IndexOf(argument));
            case EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax { Type: var type } } }:
                return !type.IsVar && MayBeLambda(model.GetTypeInfo(type).Type) ? null : InScope(binding, name);
            case AssignmentExpressionSyntax assignment when assignment.Right == name:
                return MayBeLambda(model.GetTypeInfo(assignment.Left).Type) ? null : InScope(binding, name);
            case ReturnStatementSyntax:
                return MayBeLambda((model.GetEnclosingSymbol(name.SpanStart) as IMethodSymbol)?.ReturnType) ? null : InScope(binding, name);
            case ArrowExpressionClauseSyntax:
                return MayBeLambda(TypeOf(model.GetEnclosingSymbol(name.SpanStart))) ? null : InScope(binding, name);
            default:
                return InScope(binding, name);
        }
    }

    /// <summary>Looks up what is in scope, if that was not done yet.</summary>
    [MemberNotNull(nameof(_inScope))]
    public void LookUp(SemanticModel model, int position) =>
        _inScope ??= [.. model.LookupSymbols(position).Select(static symbol => symbol.Name), .. Keywords, .. later];

    private HashSet<string> InScope(SpeculativeBinding binding, SimpleNameSyntax name)
    {
        LookUp(binding.Model, name.SpanStart);
        var declared = Declared(binding).Where(name => !_inScope.Contains(name)).ToList();
        return declared.Count == 0 ? _inScope : [.. _inScope, .. declared];
    }

    /// <summary>What the text behind the cursor declares itself; where it is in scope is the judge's to say.</summary>
    private static IEnumerable<string> Declared(SpeculativeBinding binding) =>
        binding
            .Root.DescendantNodes(node => node.FullSpan.End > binding.Cursor)
            .Where(node => node.Span.End > binding.Cursor)
            .Select(static node =>
                node switch
                {
                    VariableDeclaratorSyntax x => x.Identifier.ValueText,
                    SingleVariableDesignationSyntax x => x.Identifier.ValueText,
                    ParameterSyntax x => x.Identifier.ValueText,
                    ForEachStatementSyntax x => x.Identifier.ValueText,
                    FromClauseSyntax x => x.Identifier.ValueText,
                    LetClauseSyntax x => x.Identifier.ValueText,
                    JoinClauseSyntax x => x.Identifier.ValueText,
                    CatchDeclarationSyntax x => x.Identifier.ValueText,
                    LocalFunctionStatementSyntax x => x.Identifier.ValueText,
                    _ => "",
                }
            )
            .Where(static name => name.Length > 0);

    private HashSet<string>? InArgument(SpeculativeBinding binding, SimpleNameSyntax name, SyntaxNode call, int at)
    {
        if (call is InvocationExpressionSyntax invocation && Sieve.IsNameOf(invocation))
        {
            return InScope(binding, name);
        }

        var parameters = Candidates(binding.Model, call).ConvertAll(static method => method.Parameters);
        if (parameters.Count == 0 || parameters.Exists(list => MayBeLambda(At(list, at)?.Type)))
        {
            return null;
        }

        return [.. InScope(binding, name), .. parameters.SelectMany(list => list.Skip(at)).Select(static parameter => parameter.Name)];
    }

    private static List<IMethodSymbol> Candidates(SemanticModel model, SyntaxNode call)
    {
        var info = model.GetSymbolInfo(call);
        var candidates = info.Symbol is { } one ? [one] : info.CandidateSymbols;
        if (candidates.IsEmpty && call is InvocationExpressionSyntax { Expression: var called })
        {
            candidates = model.GetMemberGroup(called);
        }

        return [.. candidates.OfType<IMethodSymbol>()];
    }

    private static IParameterSymbol? At(ImmutableArray<IParameterSymbol> parameters, int at) =>
        at < parameters.Length ? parameters[at]
        : parameters is [.., { IsParams: true } last] ? last
        : null;

    /// <summary>A lambda may stand where such a type is wanted, or where it is not known what is.</summary>
    private static bool MayBeLambda(ITypeSymbol? type) =>
        type switch
        {
            null => false,
            { TypeKind: TypeKind.Delegate or TypeKind.Error or TypeKind.Dynamic } => true,
            { SpecialType: SpecialType.System_Delegate or SpecialType.System_MulticastDelegate } => true,
            IArrayTypeSymbol array => MayBeLambda(array.ElementType),
            INamedTypeSymbol { Name: "Expression", ContainingNamespace.Name: "Expressions" } => true,
            INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } => false,
            INamedTypeSymbol { TypeKind: TypeKind.Struct, IsRefLikeType: true, TypeArguments: [var element] } => MayBeLambda(element),
            _ => false,
        };

    private static ITypeSymbol? TypeOf(ISymbol? symbol) =>
        symbol switch
        {
            IMethodSymbol method => method.ReturnType,
            IPropertySymbol property => property.Type,
            _ => null,
        };

    /// <summary>What an object initialiser may set that it does not set yet; <see langword="null"/> where elements may stand too.</summary>
    private static List<string>? Initializes(SemanticModel model, InitializerExpressionSyntax initializer, int position)
    {
        if (
            initializer.Parent is not (BaseObjectCreationExpressionSyntax or WithExpressionSyntax)
            || model.GetTypeInfo((ExpressionSyntax)initializer.Parent).Type is not { TypeKind: not TypeKind.Error } type
            || initializer.Parent is not WithExpressionSyntax
                && type.AllInterfaces.Any(static i => i.SpecialType == SpecialType.System_Collections_IEnumerable)
        )
        {
            return null;
        }

        var set = initializer
            .Expressions.OfType<AssignmentExpressionSyntax>()
            .Select(static assignment => (assignment.Left as IdentifierNameSyntax)?.Identifier.ValueText)
            .ToHashSet();
        List<string> names =
        [
            .. model
                .LookupSymbols(position, type)
                .Where(static member =>
                    member
                        is IPropertySymbol { IsStatic: false, IsIndexer: false }
                            or IFieldSymbol { IsStatic: false, IsReadOnly: false }
                            or IEventSymbol
                )
                .Where(static member =>
                    member is not IPropertySymbol { SetMethod: null, Type.TypeKind: not (TypeKind.Class or TypeKind.Interface) }
                )
                .Select(static member => member.Name)
                .Where(member => !set.Contains(member))
                .Distinct(StringComparer.Ordinal),
        ];
        return names.Count > 0 ? names : null;
    }
}
