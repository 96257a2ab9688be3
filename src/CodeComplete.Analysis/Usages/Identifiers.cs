using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace CodeComplete.Analysis;

/// <summary>The identifiers of a piece of code, be it whole or half: those in the holes of interpolated strings too, none in literals and comments.</summary>
public static class Identifiers
{
    // A script may begin with any statement; documentation is then a comment like any other.
    private static readonly CSharpParseOptions Options = new(LanguageVersion.Latest, DocumentationMode.None, SourceCodeKind.Script);

    /// <returns>In the order of the text, as often as they stand there, without a leading <c>@</c>. <c>var</c> is none.</returns>
    public static IReadOnlyList<string> In(string code) =>
        [
            .. CSharpSyntaxTree
                .ParseText(code, Options)
                .GetRoot()
                // What no statement can begin with (`)`, a lone operator) is skipped text: trivia, with tokens in it.
                .DescendantTokens(descendIntoTrivia: true)
                .Where(token => token.IsKind(SyntaxKind.IdentifierToken) && !token.IsMissing && token.ValueText is not ("" or "var"))
                .Select(token => token.ValueText),
        ];
}
