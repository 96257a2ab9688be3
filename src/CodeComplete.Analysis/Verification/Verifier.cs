using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace CodeComplete.Analysis;

/// <summary>What verification made of a candidate.</summary>
/// <param name="Text">
/// What may be shown: the candidate, or a beginning of it, with the closers that its line lacked; empty where nothing of it stands.
/// </param>
/// <param name="Verified"><see langword="true"/>: the compiler accepts it. <see langword="null"/>: the compiler could not judge.</param>
/// <param name="WasCut">The end of the candidate did not compile and was cut off.</param>
/// <param name="Error">Of the whole candidate, as <c>CS1061: ...</c>, where it was cut or dropped and the compiler said why.</param>
/// <param name="Awaited">The first name that the lines below use and nobody declares, where it was dropped because it does not either.</param>
public sealed record Verdict(string Text, bool? Verified, bool WasCut, string? Error = null, string? Awaited = null);

/// <summary>Nothing is shown that the compiler rejects (invariant 3): sieve, then judge, then cut back to the longest beginning that binds.</summary>
public static class Verifier
{
    // A judge's answer costs a compilation of the document (tens of milliseconds); a sieve's a millisecond or so.
    private const int MostJudgements = 4;
    private const int MostSieves = 24;

    /// <param name="cursor">Where the candidate would stand.</param>
    /// <param name="candidate">The text that would be put in, to the end of the line.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled.</exception>
    public static Verdict Verify(CursorAnalysis cursor, string candidate, CancellationToken cancellation)
    {
        var context = cursor.Context;
        var whole = context.OnlyClosersFollow
            ? StandingClosers.Trim(candidate, context.RestOfLine, context.Kind == PlaceKind.String)
            : candidate;
        whole = whole.TrimEnd();
        var judge = new Judge(cursor);
        var (sieves, judgements) = (0, 0);
        string? error = null;
        string? awaited = null;
        foreach (var text in Beginnings(whole, context.IsCode))
        {
            cancellation.ThrowIfCancellationRequested();
            var isCut = text.Length < whole.Length;
            var mayGoOn = !isCut && context.RestOfLine.Length == 0;
            if (context.IsCode && sieves++ < MostSieves && Sieve.Objection(cursor.Scope, text, mayGoOn) is { } objection)
            {
                error ??= objection;
                continue;
            }

            if (judgements++ == MostJudgements)
            {
                break;
            }

            var (judgement, judged, because, waitedFor) = judge.Decide(text, isCut, cancellation);
            error ??= because;
            awaited ??= waitedFor;
            if (judgement != Judgement.Rejected)
            {
                return new Verdict(judged, judgement == Judgement.Compiles ? true : null, isCut, error);
            }
        }

        return new Verdict("", Verified: null, WasCut: true, error, awaited);
    }

    /// <summary>Several lines, as a whole; else so many of them, from the first, as are whole and compile.</summary>
    /// <param name="candidate">Behind the cursor, without the last line's end.</param>
    /// <param name="ends">
    /// Where it may end, in UTF-16 units, the longest first; and whether it is then all that the block around is to hold.
    /// </param>
    /// <returns>Its text is empty where none does.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled.</exception>
    public static Verdict VerifyLines(
        CursorAnalysis cursor,
        string candidate,
        IEnumerable<(int Length, bool IsAll)> ends,
        CancellationToken cancellation
    )
    {
        ArgumentNullException.ThrowIfNull(cursor);
        ArgumentNullException.ThrowIfNull(candidate);
        ArgumentNullException.ThrowIfNull(ends);
        var judge = new Judge(cursor);
        var (sieves, judgements) = (0, 0);
        string? error = null;
        foreach (var (length, isAll) in ends)
        {
            cancellation.ThrowIfCancellationRequested();
            var text = candidate[..length];
            if (sieves++ < MostSieves && Sieve.Objection(cursor.Scope, text) is { } objection)
            {
                error ??= objection;
                continue;
            }

            if (judgements++ == MostJudgements)
            {
                break;
            }

            var ruling = judge.DecideLines(text, isAll, cancellation);
            error ??= ruling.Error;
            if (ruling.Judgement != Judgement.Rejected)
            {
                return new Verdict(text, ruling.Judgement == Judgement.Compiles ? true : null, WasCut: length < candidate.Length, error);
            }
        }

        return new Verdict("", Verified: null, WasCut: true, error);
    }

    /// <summary>The candidate itself, then its beginnings that could be an expression, the longest first.</summary>
    private static IEnumerable<string> Beginnings(string candidate, bool isCode)
    {
        if (!IsWorthShowing(candidate))
        {
            yield break;
        }

        yield return candidate;
        if (!isCode)
        {
            yield break;
        }

        var ends = Ends(candidate);
        for (var i = ends.Count - 1; i >= 0; i--)
        {
            var beginning = candidate[..ends[i]];
            if (IsWorthShowing(beginning))
            {
                yield return beginning;
            }
        }
    }

    /// <summary>
    /// Where an expression may end, outside of brackets: a call that is cut inside its arguments, or before them, is none.
    /// </summary>
    private static List<int> Ends(string candidate)
    {
        var ends = new List<int>();
        var depth = 0;
        var tokens = SyntaxFactory.ParseTokens(candidate).ToList();
        for (var i = 0; i < tokens.Count; i++)
        {
            var token = tokens[i];
            depth += token.Kind() switch
            {
                SyntaxKind.OpenParenToken or SyntaxKind.OpenBracketToken or SyntaxKind.OpenBraceToken => 1,
                SyntaxKind.CloseParenToken or SyntaxKind.CloseBracketToken or SyntaxKind.CloseBraceToken when depth > 0 => -1,
                _ => 0,
            };
            var isCalled = i + 1 < tokens.Count && tokens[i + 1].IsKind(SyntaxKind.OpenParenToken);
            if (depth == 0 && !isCalled && EndsAnExpression(token.Kind()) && token.Span.End < candidate.Length)
            {
                ends.Add(token.Span.End);
            }
        }

        return ends;
    }

    private static bool EndsAnExpression(SyntaxKind kind) =>
        kind
            is SyntaxKind.IdentifierToken
                or SyntaxKind.CloseParenToken
                or SyntaxKind.CloseBracketToken
                or SyntaxKind.CloseBraceToken
                or SyntaxKind.SemicolonToken
                or SyntaxKind.NumericLiteralToken
                or SyntaxKind.StringLiteralToken
                or SyntaxKind.CharacterLiteralToken
                or SyntaxKind.TrueKeyword
                or SyntaxKind.FalseKeyword
                or SyntaxKind.NullKeyword
                or SyntaxKind.ThisKeyword;

    /// <summary>Closers and separators alone are not: they are quicker typed than read.</summary>
    private static bool IsWorthShowing(string text) => text.Any(c => char.IsLetterOrDigit(c) || c is '(' or '[' or '{' or '"');
}
