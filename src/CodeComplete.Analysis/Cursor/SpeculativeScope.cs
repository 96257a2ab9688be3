using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CodeComplete.Analysis;

/// <summary>
/// Binds text that is not in the document: the body around the cursor, cut off at the cursor and gone on with otherwise. It costs a
/// millisecond or so instead of a new compilation. What stands after the cursor is left out on purpose: in <c>items.</c> and a line
/// <c>Next();</c> below it, the parser would read <c>items.Next()</c>.
/// </summary>
internal sealed class SpeculativeScope
{
    private readonly SemanticModel _model;
    private readonly SyntaxNode _host;
    private readonly string _head;
    private readonly int _position;
    private readonly int _cursor;

    private SpeculativeScope(SemanticModel model, SyntaxNode host, string head, int position, int cursor)
    {
        (_model, _host, _head, _position, _cursor) = (model, host, head, position, cursor);
    }

    /// <returns><see langword="null"/> where the cursor stands in no body that can be bound by itself (a signature, a base list).</returns>
    public static SpeculativeScope? At(SemanticModel model, SyntaxNode root, string text, int offset)
    {
        var token = root.FindToken(Math.Max(0, Math.Min(offset, root.FullSpan.End) - 1));
        for (var node = token.Parent; node is not null; node = node.Parent)
        {
            switch (node)
            {
                case BaseMethodDeclarationSyntax { Body: { } body } when body.OpenBraceToken.Span.End <= offset:
                    return new SpeculativeScope(model, node, text[node.SpanStart..offset], body.OpenBraceToken.Span.End, offset);
                case AccessorDeclarationSyntax { Body: { } body } when body.OpenBraceToken.Span.End <= offset:
                    return new SpeculativeScope(model, node, text[node.SpanStart..offset], body.OpenBraceToken.Span.End, offset);
                case ArrowExpressionClauseSyntax arrow
                    when arrow.ArrowToken.Span.End <= offset && arrow.Parent is not LocalFunctionStatementSyntax:
                    return new SpeculativeScope(model, node, text[arrow.ArrowToken.Span.End..offset], arrow.ArrowToken.Span.End, offset);
                case EqualsValueClauseSyntax equals
                    when equals.EqualsToken.Span.End <= offset
                        && equals.Parent
                            is PropertyDeclarationSyntax
                                or VariableDeclaratorSyntax { Parent.Parent: BaseFieldDeclarationSyntax }:
                    return new SpeculativeScope(
                        model,
                        node,
                        text[equals.EqualsToken.Span.End..offset],
                        equals.EqualsToken.Span.End,
                        offset
                    );
                case GlobalStatementSyntax global when global.SpanStart <= offset:
                    return new SpeculativeScope(model, node, text[global.SpanStart..offset], global.SpanStart, offset);
                case MemberDeclarationSyntax:
                    return null;
            }
        }

        return null;
    }

    /// <summary>The names of the local functions that the body declares behind the cursor.</summary>
    public IReadOnlyList<string> LaterFunctions =>
        field ??= [
            // A top-level statement's functions stand beside it.
            .. (_host is GlobalStatementSyntax ? _host.Parent! : _host)
                .DescendantNodes()
                .OfType<LocalFunctionStatementSyntax>()
                .Where(function => function.SpanStart >= _cursor)
                .Select(static function => function.Identifier.ValueText),
        ];

    /// <summary>Parses and binds the body up to the cursor with <paramref name="written"/> after it.</summary>
    /// <returns><see langword="null"/> where the text is no body of that kind any more.</returns>
    public SpeculativeBinding? Bind(string written)
    {
        var text = _head + written;
        var options = (CSharpParseOptions)_host.SyntaxTree.Options;
        SemanticModel? bound = null;
        SyntaxNode? root = null;
        try
        {
            switch (_host)
            {
                case BaseMethodDeclarationSyntax:
                    // Destructors, operators and constructors all parse as members; a stray `}` in the text ends the member early, and behind it an `=>`
                    // begins a second body, which no model answers for.
                    if (
                        SyntaxFactory.ParseMemberDeclaration(text, options: options, consumeFullText: false) is BaseMethodDeclarationSyntax
                        {
                            Body: not null,
                            ExpressionBody: null
                        } method
                    )
                    {
                        root = method;
                        _model.TryGetSpeculativeSemanticModelForMethodBody(_position, method, out bound);
                    }

                    break;
                case AccessorDeclarationSyntax:
                    var property =
                        SyntaxFactory.ParseMemberDeclaration("int x{" + text, options: options, consumeFullText: false)
                        as PropertyDeclarationSyntax;
                    if (property?.AccessorList?.Accessors is [{ Body: not null, ExpressionBody: null } accessor])
                    {
                        _model.TryGetSpeculativeSemanticModelForMethodBody(_position, accessor, out bound);
                        root = accessor;
                        return bound is null ? null : new SpeculativeBinding(bound, root, "int x{".Length + _head.Length);
                    }

                    break;
                case ArrowExpressionClauseSyntax:
                    var arrow = SyntaxFactory.ArrowExpressionClause(
                        SyntaxFactory.ParseExpression(text, options: options, consumeFullText: false)
                    );
                    root = arrow;
                    _model.TryGetSpeculativeSemanticModel(_position, arrow, out bound);
                    return bound is null ? null : new SpeculativeBinding(bound, root, arrow.ArrowToken.FullSpan.Length + _head.Length);
                case EqualsValueClauseSyntax:
                    var equals = SyntaxFactory.EqualsValueClause(
                        SyntaxFactory.ParseExpression(text, options: options, consumeFullText: false)
                    );
                    root = equals;
                    _model.TryGetSpeculativeSemanticModel(_position, equals, out bound);
                    return bound is null ? null : new SpeculativeBinding(bound, root, equals.EqualsToken.FullSpan.Length + _head.Length);
                case GlobalStatementSyntax:
                    var statement = SyntaxFactory.ParseStatement(text, options: options, consumeFullText: false);
                    root = statement;
                    _model.TryGetSpeculativeSemanticModel(_position, statement, out bound);
                    break;
            }
        }
        catch (ArgumentException)
        {
            // Roslyn refuses a position that error recovery has put outside every body; nothing can be said there.
            return null;
        }

        return bound is null || root is null ? null : new SpeculativeBinding(bound, root, _head.Length);
    }
}

/// <summary>A bound piece of text.</summary>
/// <param name="Model">Answers for the nodes under <paramref name="Root"/>; it has no diagnostics.</param>
/// <param name="Cursor">Where the written text begins, in the positions of <paramref name="Root"/>.</param>
internal sealed record SpeculativeBinding(SemanticModel Model, SyntaxNode Root, int Cursor);
