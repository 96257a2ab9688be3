using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CodeComplete.Analysis;

/// <summary>
/// The braces that a signature at the cursor still lacks, as the file writes them. With them in place, a body is written like any other that is
/// empty.
/// </summary>
/// <param name="Open">From the cursor to where the body's first line begins, its indentation included.</param>
/// <param name="Close">From the end of the body's last line on.</param>
public sealed record BodyScaffold(string Open, string Close)
{
    /// <returns><see langword="null"/> where the cursor does not stand at the end of a signature that wants a body.</returns>
    public static BodyScaffold? At(CursorAnalysis cursor)
    {
        ArgumentNullException.ThrowIfNull(cursor);
        var (text, offset) = (cursor.Text, cursor.Context.Offset);
        if (cursor.Context.RestOfLine.Length > 0 || !cursor.Context.IsCode)
        {
            return null;
        }

        var head = text.AsSpan(0, offset).TrimEnd([' ', '\t']);
        if (head.IsEmpty || head[^1] is '\r' or '\n')
        {
            return null;
        }

        var last = cursor.Root.FindToken(head.Length - 1);
        var signature = last.Parent?.FirstAncestorOrSelf<SyntaxNode>(static node =>
            node is BaseMethodDeclarationSyntax or LocalFunctionStatementSyntax
        );
        if (last.Span.End != head.Length || signature is null || !LacksBody(signature, head.Length))
        {
            return null;
        }

        var start = text.AsSpan(0, signature.SpanStart).LastIndexOfAny('\r', '\n') + 1;
        var indentation = text[start..signature.SpanStart];
        if (!string.IsNullOrWhiteSpace(indentation))
        {
            return null;
        }

        var line = text.Contains("\r\n", StringComparison.Ordinal) ? "\r\n" : "\n";
        var unit = Indentation.UnitOf(text, indentation);
        var brace = OpensOnSameLine(text) ? " {" : $"{line}{indentation}{{";
        return new BodyScaffold($"{brace}{line}{indentation}{unit}", $"{line}{indentation}}}");
    }

    private static bool LacksBody(SyntaxNode signature, int end) =>
        signature switch
        {
            BaseMethodDeclarationSyntax { Body: null, ExpressionBody: null, SemicolonToken.IsMissing: true } x => x.Parent
                is not InterfaceDeclarationSyntax
                && IsClosed(x.ParameterList, end)
                && !x.Modifiers.Any(m => m.Kind() is SyntaxKind.AbstractKeyword or SyntaxKind.ExternKeyword or SyntaxKind.PartialKeyword),
            LocalFunctionStatementSyntax { Body: null, ExpressionBody: null, SemicolonToken.IsMissing: true } x => IsClosed(
                x.ParameterList,
                end
            ),
            _ => false,
        };

    private static bool IsClosed(ParameterListSyntax parameters, int end) =>
        !parameters.CloseParenToken.IsMissing && parameters.CloseParenToken.Span.End <= end;

    /// <summary>How most braces of the file stand.</summary>
    private static bool OpensOnSameLine(string text)
    {
        var (same, own) = (0, 0);
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            var trimmed = line.Trim();
            if (trimmed.EndsWith('{'))
            {
                _ = trimmed.Length == 1 ? own++ : same++;
            }
        }

        return same > own;
    }
}
