using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CodeComplete.Analysis;

/// <summary>Finds what a document uses of the project's own code, as the compiler binds it.</summary>
public static class NameUses
{
    /// <returns>In the order of the text. Locals, parameters and what libraries or the build's own files declare are not among them.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled.</exception>
    public static async Task<IReadOnlyList<NameUse>> InAsync(DocumentSnapshot snapshot, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var model = await snapshot.Document.GetSemanticModelAsync(cancellation);
        var root = await snapshot.Document.GetSyntaxRootAsync(cancellation);
        var uses = new List<NameUse>();
        foreach (var name in root!.DescendantNodes(node => node is not UsingDirectiveSyntax).OfType<SimpleNameSyntax>())
        {
            if (!name.IsVar && Use(name, model!, snapshot.Path, cancellation) is { } use)
            {
                uses.Add(use);
            }
        }

        return uses;
    }

    private static NameUse? Use(SimpleNameSyntax name, SemanticModel model, string path, CancellationToken cancellation)
    {
        // An attribute or an alias is written by another name than the symbol's.
        if (
            model.GetSymbolInfo(name, cancellation).Symbol is not { } symbol
            || symbol.Name != name.Identifier.ValueText
            || !IsMemberOrType(symbol)
            || DeclaredIn(symbol, path) is not { } declaredIn
        )
        {
            return null;
        }

        var arguments = name.FirstAncestorOrSelf<ArgumentListSyntax>();
        return new NameUse
        {
            Start = name.Identifier.SpanStart,
            Name = symbol.Name,
            IsType = symbol is ITypeSymbol,
            IsAfterDot = name.Parent is MemberBindingExpressionSyntax || (name.Parent is MemberAccessExpressionSyntax x && x.Name == name),
            DeclaredIn = declaredIn,
            IsDeclaredElsewhere = !Paths.Comparer.Equals(declaredIn, path),
            StatementStart = name.FirstAncestorOrSelf<StatementSyntax>()?.SpanStart,
            MemberStart = name.FirstAncestorOrSelf<MemberDeclarationSyntax>(member => member is not GlobalStatementSyntax)?.SpanStart,
            ArgumentsStart = arguments?.OpenParenToken.Span.End,
            ArgumentsEnd = arguments is { CloseParenToken: { IsMissing: false } closer } ? closer.SpanStart : null,
        };
    }

    private static bool IsMemberOrType(ISymbol symbol) =>
        symbol switch
        {
            IMethodSymbol method => method.MethodKind is MethodKind.Ordinary or MethodKind.ReducedExtension,
            IFieldSymbol or IPropertySymbol => symbol.ContainingType is { IsTupleType: false, IsAnonymousType: false },
            INamedTypeSymbol type => type is { IsTupleType: false, IsAnonymousType: false },
            _ => symbol is IEventSymbol,
        };

    private static string? DeclaredIn(ISymbol symbol, string path)
    {
        var definition = (symbol as IMethodSymbol)?.ReducedFrom ?? symbol;
        var files = definition
            .OriginalDefinition.Locations.Where(location => location.IsInSource)
            .Select(location => location.SourceTree!.FilePath)
            // Sources in memory have no path.
            .Where(file => file.Length > 0)
            .ToList();
        return files.Exists(file => Paths.Comparer.Equals(file, path)) ? path : files.Order(StringComparer.Ordinal).FirstOrDefault();
    }
}
