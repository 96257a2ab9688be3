using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace CodeComplete.Analysis;

/// <summary>What the declarations of one file refer to, as the compiler binds them.</summary>
internal sealed class ReferenceReader(SemanticModel model, SourceText text)
{
    private readonly HashSet<SymbolReference> _seen = [];
    private readonly List<SymbolReference> _found = [];

    // The id of a method used twenty times is built once.
    private readonly Dictionary<ISymbol, string?> _ids = new(SymbolEqualityComparer.Default);

    /// <summary>Each once, by declaration in the order of the source.</summary>
    public IReadOnlyList<SymbolReference> Found => _found;

    /// <param name="from">The place of the declaration, which the references carry.</param>
    /// <param name="symbol"><see langword="null"/> for top-level statements, and for what the compiler does not know.</param>
    public void Read(int from, SyntaxNode node, ISymbol? symbol, int line)
    {
        switch (symbol)
        {
            case INamedTypeSymbol type:
                ReadBases(from, node, type);
                AddTypes(from, ReferenceKind.Takes, type.DelegateInvokeMethod?.Parameters.Select(p => p.Type), line);
                AddTypes(from, ReferenceKind.Returns, type.DelegateInvokeMethod is { } invoke ? [invoke.ReturnType] : null, line);
                break;
            case IMethodSymbol method:
                AddTypes(from, ReferenceKind.Takes, method.Parameters.Select(p => p.Type), line);
                AddTypes(from, ReferenceKind.Returns, [method.ReturnType], line);
                break;
            case IPropertySymbol property:
                AddTypes(from, ReferenceKind.Takes, property.Parameters.Select(p => p.Type), line);
                AddTypes(from, ReferenceKind.Returns, [property.Type], line);
                break;
            case IFieldSymbol { ContainingType.TypeKind: not TypeKind.Enum } field:
                AddTypes(from, ReferenceKind.Returns, [field.Type], line);
                break;
            case IEventSymbol @event:
                AddTypes(from, ReferenceKind.Returns, [@event.Type], line);
                break;
        }

        Add(from, ReferenceKind.Overrides, SymbolBases.Overridden(symbol), line);
        foreach (var implemented in SymbolBases.Implemented(symbol))
        {
            Add(from, ReferenceKind.Implements, implemented, line);
        }

        // The members of a type speak for themselves.
        foreach (var used in node.DescendantNodes(n => n == node || n is not MemberDeclarationSyntax))
        {
            if (Used(used) is { } target)
            {
                Add(from, ReferenceKind.Calls, target, text.Lines.IndexOf(used.SpanStart));
            }
        }
    }

    private void ReadBases(int from, SyntaxNode node, INamedTypeSymbol type)
    {
        foreach (var listed in (node as BaseTypeDeclarationSyntax)?.BaseList?.Types ?? [])
        {
            if (model.GetSymbolInfo(listed.Type).Symbol is INamedTypeSymbol based)
            {
                var kind =
                    based.TypeKind == TypeKind.Interface && type.TypeKind != TypeKind.Interface
                        ? ReferenceKind.Implements
                        : ReferenceKind.Inherits;
                Add(from, kind, based, text.Lines.IndexOf(listed.SpanStart));
            }
        }
    }

    private ISymbol? Used(SyntaxNode node)
    {
        switch (node)
        {
            // `var` and its like bind to types or nothing; a type that is only named is no use of a member.
            case SimpleNameSyntax { IsVar: false }:
            case BaseObjectCreationExpressionSyntax:
            case ConstructorInitializerSyntax:
            case PrimaryConstructorBaseTypeSyntax:
            case ElementAccessExpressionSyntax:
            case ElementBindingExpressionSyntax:
                var info = model.GetSymbolInfo(node);
                return (info.Symbol ?? (info.CandidateSymbols is [var only] ? only : null)) switch
                {
                    { Kind: SymbolKind.Method or SymbolKind.Property or SymbolKind.Field or SymbolKind.Event } member => member,
                    _ => null,
                };
            default:
                return null;
        }
    }

    private void AddTypes(int from, ReferenceKind kind, IEnumerable<ITypeSymbol>? types, int line)
    {
        foreach (var type in types?.SelectMany(SymbolIds.OwnTypes) ?? [])
        {
            Add(from, kind, type, line);
        }
    }

    private void Add(int from, ReferenceKind kind, ISymbol? target, int line)
    {
        if (target is null)
        {
            return;
        }

        if (!_ids.TryGetValue(target, out var id))
        {
            _ids[target] = id = SymbolIds.Of(target);
        }

        if (id is not null && new SymbolReference(from, kind, id, line) is var reference && _seen.Add(reference))
        {
            _found.Add(reference);
        }
    }
}
