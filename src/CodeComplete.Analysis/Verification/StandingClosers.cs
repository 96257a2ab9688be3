using Microsoft.CodeAnalysis.CSharp;

namespace CodeComplete.Analysis;

/// <summary>
/// The model writes to the line's end as if nothing stood after the cursor; an editor has often closed brackets and quotes there already.
/// </summary>
internal static class StandingClosers
{
    /// <summary>Cuts from <paramref name="candidate"/> what <paramref name="restOfLine"/>, closers only, already says.</summary>
    /// <param name="inString">The cursor stands inside a string literal, so the candidate begins with text, not with code.</param>
    public static string Trim(string candidate, string restOfLine, bool inString)
    {
        var standing = restOfLine.Trim();
        if (standing.Length == 0)
        {
            return candidate;
        }

        var at = FirstUnmatched(candidate, standing[0], inString);
        return at < 0 ? TrimTail(candidate, standing) : candidate[..at];
    }

    /// <summary>The candidate's own brackets match; what may be doubled is a <c>;</c> or <c>,</c> at its end.</summary>
    private static string TrimTail(string candidate, string standing) =>
        standing[0] switch
        {
            // `Sum(x);` before a standing `)`: the `;` would stand inside the brackets.
            ')' or ']' or '"' or '\'' => candidate.TrimEnd(';', ' '),
            ';' or ',' => candidate.TrimEnd(standing[0], ' '),
            _ => candidate,
        };

    private static int FirstUnmatched(string candidate, char closer, bool inString)
    {
        if (inString || closer is '"' or '\'')
        {
            return closer is '"' or '\'' ? EndOfLiteral(candidate, closer) : -1;
        }

        if (closer is not (')' or ']' or '}' or '>'))
        {
            return -1;
        }

        var depth = 0;
        foreach (var token in SyntaxFactory.ParseTokens(candidate))
        {
            switch (token.Kind())
            {
                case SyntaxKind.OpenParenToken or SyntaxKind.OpenBracketToken or SyntaxKind.OpenBraceToken:
                    depth++;
                    break;
                case SyntaxKind.CloseParenToken or SyntaxKind.CloseBracketToken or SyntaxKind.CloseBraceToken when depth > 0:
                    depth--;
                    break;
                case SyntaxKind.CloseParenToken
                or SyntaxKind.CloseBracketToken
                or SyntaxKind.CloseBraceToken when token.Text.Length == 1 && token.Text[0] == closer:
                    return token.SpanStart;
            }
        }

        return -1;
    }

    private static int EndOfLiteral(string candidate, char quote)
    {
        for (var i = 0; i < candidate.Length; i++)
        {
            if (candidate[i] == '\\')
            {
                i++;
            }
            else if (candidate[i] == quote)
            {
                return i;
            }
        }

        return -1;
    }
}
