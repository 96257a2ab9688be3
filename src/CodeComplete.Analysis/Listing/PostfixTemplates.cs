using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace CodeComplete.Analysis;

/// <summary>Templates that are written behind an expression and go around it: <c>order.notnull</c> becomes <c>if (order is not null)</c>.</summary>
internal static class PostfixTemplates
{
    private const string Block = "\n{\n\t$0\n}";

    /// <param name="root">Of the tree that <paramref name="model"/> is of.</param>
    /// <param name="wordStart">Where the template's name starts, in UTF-16 units; the templates are those of what stands before its dot.</param>
    public static IEnumerable<ListedItem> At(SemanticModel model, SyntaxNode root, int wordStart)
    {
        if (wordStart == 0 || root.FindToken(wordStart - 1) is not { RawKind: (int)SyntaxKind.DotToken } dot || dot.Span.End != wordStart)
        {
            return [];
        }

        // Before a name on the next line, `order.` is parsed as the qualified name of a declaration's type.
        var (receiver, symbol, type) = dot.Parent switch
        {
            MemberAccessExpressionSyntax access => (
                access.Expression,
                model.GetSymbolInfo(access.Expression).Symbol,
                model.GetTypeInfo(access.Expression).Type
            ),
            QualifiedNameSyntax name => (
                name.Left,
                model.GetSpeculativeSymbolInfo(name.SpanStart, name.Left, SpeculativeBindingOption.BindAsExpression).Symbol,
                model.GetSpeculativeTypeInfo(name.SpanStart, name.Left, SpeculativeBindingOption.BindAsExpression).Type
            ),
            _ => default((ExpressionSyntax?, ISymbol?, ITypeSymbol?)),
        };

        // A receiver of several lines would be indented anew by the client; one that begins with a dot is half of `a?.b`.
        if (
            receiver is null
            || receiver.GetFirstToken().IsKind(SyntaxKind.DotToken)
            || model.SyntaxTree.GetLineSpan(TextSpan.FromBounds(receiver.SpanStart, wordStart)) is var lines
                && lines.StartLinePosition.Line != lines.EndLinePosition.Line
            || symbol is INamespaceSymbol
        )
        {
            return [];
        }

        var templates =
            symbol is ITypeSymbol
                ? receiver.DescendantNodesAndSelf().OfType<GenericNameSyntax>().Any()
                    ? [("typeof", "typeof({0})$0")]
                    : [("typeof", "typeof({0})$0"), ("nameof", "nameof({0})$0")]
                : type is null or IErrorTypeSymbol or { SpecialType: SpecialType.System_Void }
                    ? []
                    : OfValue(receiver, type, model, wordStart);
        var written = Snippet.Escape(receiver.ToString());
        return templates.Select(t => Snippet.Item(t.Name, t.Text.Replace("{0}", written, StringComparison.Ordinal), receiver.SpanStart));
    }

    private static IEnumerable<(string Name, string Text)> OfValue(ExpressionSyntax receiver, ITypeSymbol type, SemanticModel model, int at)
    {
        var isBool = type.SpecialType == SpecialType.System_Boolean;
        var method = model.GetEnclosingSymbol(at) as IMethodSymbol;
        // Top-level statements may await: with the first `await` their method is async.
        var isAwaitable = method is { IsAsync: true } or { IsImplicitlyDeclared: true, MethodKind: MethodKind.Ordinary };
        isAwaitable &= Has(model, type, at, "GetAwaiter");
        yield return ("cast", "((${1:object}){0})$0");
        yield return ("par", "({0})$0");
        if (isBool)
        {
            yield return ("not", "!{0}$0");
        }

        if (isAwaitable)
        {
            yield return ("await", "await {0}$0");
        }

        if (receiver is IdentifierNameSyntax or MemberAccessExpressionSyntax or QualifiedNameSyntax)
        {
            yield return ("nameof", "nameof({0})$0");
        }

        // The others are statements: what they go around must be the whole of one.
        if (receiver.FirstAncestorOrSelf<StatementSyntax>() is not { } statement || statement.SpanStart != receiver.SpanStart)
        {
            yield break;
        }

        yield return ("var", "var ${1:name} = {0};$0");
        if (method is { ReturnsVoid: false } && !(method.IsAsync && method.ReturnType is INamedTypeSymbol { IsGenericType: false }))
        {
            yield return ("return", "return {0};$0");
        }

        yield return ("switch", "switch ({0})" + Block);
        if (isBool)
        {
            yield return ("if", "if ({0})" + Block);
            yield return ("while", "while ({0})" + Block);
        }

        if (!type.IsValueType || type.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T)
        {
            yield return ("null", "if ({0} is null)" + Block);
            yield return ("notnull", "if ({0} is not null)" + Block);
        }

        if (type.IsReferenceType)
        {
            yield return ("lock", "lock ({0})" + Block);
        }

        if (type is IArrayTypeSymbol || Has(model, type, at, "GetEnumerator"))
        {
            yield return ("foreach", "foreach (var ${1:item} in {0})" + Block);
        }
        else if (Has(model, type, at, "GetAsyncEnumerator"))
        {
            yield return ("foreach", "await foreach (var ${1:item} in {0})" + Block);
        }

        if (LengthOf(type, model, at) is { } length)
        {
            yield return ("for", $"for (var ${{1:i}} = 0; $1 < {{0}}{length}; $1++)" + Block);
            yield return ("forr", $"for (var ${{1:i}} = {{0}}{length} - 1; $1 >= 0; $1--)" + Block);
        }

        if (Is(type, model.Compilation.GetTypeByMetadataName("System.Exception")))
        {
            yield return ("throw", "throw {0};$0");
        }

        if (Is(type, model.Compilation.GetSpecialType(SpecialType.System_IDisposable)))
        {
            yield return ("using", "using var ${1:name} = {0};$0");
        }
    }

    /// <summary>What is written behind a value to count it; <see langword="null"/> where it has no count.</summary>
    private static string? LengthOf(ITypeSymbol type, SemanticModel model, int at) =>
        type.SpecialType == SpecialType.System_Int32 ? ""
        : type is IArrayTypeSymbol { Rank: 1 } || IsCount(model, type, at, "Length") ? ".Length"
        : IsCount(model, type, at, "Count") ? ".Count"
        : null;

    private static bool IsCount(SemanticModel model, ITypeSymbol type, int at, string name) =>
        model.LookupSymbols(at, type, name).Any(s => s is IPropertySymbol { Type.SpecialType: SpecialType.System_Int32 });

    private static bool Has(SemanticModel model, ITypeSymbol type, int at, string method) =>
        model
            .LookupSymbols(at, type, method, includeReducedExtensionMethods: true)
            .Any(s => s is IMethodSymbol { IsStatic: false, Parameters: [] or [{ IsOptional: true }] });

    private static bool Is(ITypeSymbol type, ITypeSymbol? wanted)
    {
        for (var current = type; current is not null; current = current.BaseType)
        {
            if (SymbolEqualityComparer.Default.Equals(current, wanted))
            {
                return true;
            }
        }

        return type.AllInterfaces.Contains(wanted, SymbolEqualityComparer.Default);
    }
}
