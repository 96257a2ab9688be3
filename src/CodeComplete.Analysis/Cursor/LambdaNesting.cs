using Microsoft.CodeAnalysis.CSharp;

namespace CodeComplete.Analysis;

/// <summary>
/// Lambdas in the arguments of calls in lambdas: the compiler binds each once for every way to read the calls around it, so that what does not
/// compile takes it the longer the deeper it is, in calls that cannot be cancelled (docs/RESULTS.md). Nobody writes that; a model that repeats itself does.
/// </summary>
internal static class LambdaNesting
{
    /// <summary>Deeper ones are neither bound nor judged.</summary>
    private const int Most = 4;

    /// <summary>Whether <paramref name="written"/> holds more lambdas, one in the arguments of a call in the other, than are bound.</summary>
    public static bool IsTooDeep(string written)
    {
        // Most of what is written has no lambda at all, and needs no tokens.
        if (!written.Contains("=>", StringComparison.Ordinal))
        {
            return false;
        }

        // For each bracket that is open: whether a lambda has begun in it.
        var brackets = new Stack<bool>();
        brackets.Push(false);
        var depth = 0;
        foreach (var token in SyntaxFactory.ParseTokens(written))
        {
            switch (token.Kind())
            {
                case SyntaxKind.OpenParenToken or SyntaxKind.OpenBracketToken or SyntaxKind.OpenBraceToken:
                    brackets.Push(false);
                    break;
                case SyntaxKind.CloseParenToken or SyntaxKind.CloseBracketToken or SyntaxKind.CloseBraceToken when brackets.Count > 1:
                    depth -= brackets.Pop() ? 1 : 0;
                    break;
                case SyntaxKind.EqualsGreaterThanToken when !brackets.Peek():
                    brackets.Pop();
                    brackets.Push(true);
                    depth++;
                    break;
            }

            if (depth > Most)
            {
                return true;
            }
        }

        return false;
    }
}
