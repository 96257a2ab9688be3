using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace CodeComplete.Analysis;

internal enum Judgement
{
    Compiles,
    Rejected,

    /// <summary>The compiler lacks what it would need to judge.</summary>
    Unknown,
}

/// <summary>What the compiler says of a candidate.</summary>
/// <param name="Text">What it says it of: the candidate, with the closers that the end of its line lacked.</param>
/// <param name="Error">What it has against it, as <c>CS1061: ...</c>; <see langword="null"/> where it compiles.</param>
/// <param name="Awaited">A name that the lines below use and neither the candidate nor anybody else declares, where that is what it has against it.</param>
internal readonly record struct Ruling(Judgement Judgement, string Text, string? Error, string? Awaited = null);

/// <summary>
/// The second step of verification: the compiler itself. The tree with the candidate replaces the document's in its compilation, and the
/// errors of the member around are compared with those it had without the candidate. A candidate is read as it stands, for the lines below may
/// go on with what it began; then with the closers that it lacks; then, where the user may go on by hand, as the beginning of something.
/// </summary>
internal sealed class Judge(CursorAnalysis cursor)
{
    /// <summary>Names and types that a missing reference would bring: with such an error nothing can be said where references are missing.</summary>
    private static readonly HashSet<string> MissingReferenceErrors =
    [
        "CS0012",
        "CS0103",
        "CS0234",
        "CS0246",
        "CS0400",
        "CS1061",
        "CS1069",
        "CS1070",
    ];

    /// <summary>Missing tokens; at the candidate's very end they only mean that the user goes on.</summary>
    private static readonly HashSet<string> MissingTokenErrors = ["CS1002", "CS1003", "CS1026", "CS1513", "CS1514"];

    /// <summary>
    /// Only assignment, call, increment, decrement, await and new object expressions can be used as a statement. A line that the model ended
    /// itself may go on in the next one (<c>items</c>, then <c>.Where(...)</c>).
    /// </summary>
    private const string NoStatement = "CS0201";

    /// <summary>Not all code paths return a value; use of an unassigned variable: what stands after the cursor will see to it.</summary>
    private static readonly HashSet<string> UnfinishedErrors = ["CS0161", "CS0165"];

    /// <summary>The name does not exist: a line above might have declared it.</summary>
    private const string UnknownName = "CS0103";

    private Before? _before;

    /// <param name="candidate">What is put in at the cursor.</param>
    /// <param name="isCut">The candidate is the beginning of one that did not compile: the model meant no line to end here.</param>
    public Ruling Decide(string candidate, bool isCut, CancellationToken cancellation)
    {
        var asItStands = Read(candidate, "", isCut, mayStayOpen: false, cancellation);
        if (asItStands.Judgement != Judgement.Rejected)
        {
            return asItStands;
        }

        if (EndsLine && OpenEnds.Closers(cursor.Text[..Offset] + candidate, Offset, Options) is { Length: > 0 } closers)
        {
            var closed = Read(candidate + closers, "", isCut, mayStayOpen: false, cancellation);
            if (closed.Judgement != Judgement.Rejected)
            {
                return closed;
            }
        }

        // What is left open would take in the lines that follow; what closers alone would end is not worth leaving open, since they did not help.
        var following = FirstVisible(cursor.Text, Offset);
        var isBlocksEnd = following is '}' or '\0';
        if (EndsLine && (BodyStands || !OpenEnds.StaysOpen(cursor.Text[..Offset] + candidate, Offset, isBlocksEnd, Options)))
        {
            return asItStands;
        }

        var closing = OpenEnds.Close(cursor.Text[..Offset] + candidate, Offset, following, EndsLine, Options);
        return Read(candidate, closing, isCut, mayStayOpen: true, cancellation);
    }

    /// <summary>The same of several whole lines, as they stand: nothing is to be typed behind them.</summary>
    /// <param name="isAll">They are all that the block around is to hold: what it lacks then, it lacks for good.</param>
    public Ruling DecideLines(string candidate, bool isAll, CancellationToken cancellation) =>
        Read(candidate, "", isCut: false, mayStayOpen: false, cancellation, isAll);

    private int Offset => cursor.Context.Offset;

    /// <summary>Nothing visible follows on the cursor's line.</summary>
    private bool EndsLine => cursor.Context.RestOfLine.Length == 0;

    private CSharpParseOptions Options => (CSharpParseOptions)cursor.Model.SyntaxTree.Options;

    /// <param name="closing">What is put behind the candidate for the compiler alone.</param>
    /// <param name="mayStayOpen">Tokens that are missing at the candidate's end are the user's to type.</param>
    /// <param name="isAll">No other statement is to come in the block.</param>
    private Ruling Read(string candidate, string closing, bool isCut, bool mayStayOpen, CancellationToken cancellation, bool isAll = false)
    {
        var text = cursor.Text;
        var end = Offset + candidate.Length;
        var closed = end + closing.Length;
        var fork = cursor.Model.SyntaxTree.WithChangedText(
            SourceText.From(string.Concat(text.AsSpan(0, Offset), candidate, closing, text.AsSpan(Offset)))
        );
        var root = fork.GetRoot(cancellation);
        var scope = ScopeAt(root, Offset, end);
        var before = _before ??= Before.Of(cursor, ScopeAt(cursor.Root, Offset, Offset), cancellation);
        var place = new ReadPlace(
            Offset,
            end,
            closed,
            NextLine(text, Offset) - Offset + closed,
            mayStayOpen ? default : StatementAt(root, end),
            isCut,
            mayStayOpen,
            EndsLine,
            isAll
        );

        // Most of what is wrong does not even parse, and binding costs tens of milliseconds. A bracket too many breaks what is behind the member.
        if (Uncounted(fork.GetDiagnostics(cancellation).Where(IsError), place, before).FirstOrDefault() is { } unparsed)
        {
            return Rejected(Described(unparsed));
        }

        var compilation = cursor.Model.Compilation.ReplaceSyntaxTree(cursor.Model.SyntaxTree, fork);
        var model = compilation.GetSemanticModel(fork);
        var errors = model.GetDiagnostics(scope, cancellation).Where(d => IsErrorIn(d, scope) && d.Location.SourceTree == fork).ToList();
        var unknown = false;
        foreach (var error in Uncounted(errors, place, before))
        {
            if (Trusted || !MissingReferenceErrors.Contains(error.Id))
            {
                return Rejected(Described(error));
            }

            unknown = true;
        }

        var inBody = IsInBody(cursor);
        if (!BringsWhatIsWaitedFor(errors, fork, place, before, inBody))
        {
            return Rejected("the lines below wait for something else") with { Awaited = FirstUnknown(errors, fork, place.Next, inBody) };
        }

        return new Ruling(
            unknown || !cursor.Snapshot.IsProjectLoaded || TouchesErrorType(model, root, Offset, end)
                ? Judgement.Unknown
                : Judgement.Compiles,
            candidate,
            Error: null
        );

        Ruling Rejected(string error) => new(Judgement.Rejected, candidate, error);
    }

    private static string Described(Diagnostic error) => $"{error.Id}: {error.GetMessage()}";

    /// <param name="Start">Where the candidate starts, in the fork.</param>
    /// <param name="End">Where it ends.</param>
    /// <param name="Closed">Where what closes it ends.</param>
    /// <param name="Next">The first visible character of the lines behind.</param>
    /// <param name="Statement">What the candidate completes: all that is wrong in it is the candidate's.</param>
    private readonly record struct ReadPlace(
        int Start,
        int End,
        int Closed,
        int Next,
        TextSpan Statement,
        bool IsCut,
        bool MayStayOpen,
        bool EndsLine,
        bool IsAll
    )
    {
        public bool Holds(TextSpan span) =>
            span.Start < Closed && span.End > Start
            || span.IsEmpty && span.Start >= Start && span.Start <= Closed
            || !Statement.IsEmpty && Statement.Contains(span);
    }

    /// <summary>The errors of the member, or the file, without the candidate, and what the file lacks to be parsed.</summary>
    /// <param name="Errors">How often each stood there.</param>
    /// <param name="Unknown">How many names behind the cursor nobody declares.</param>
    /// <param name="BrokenNext">How often the parser stumbles in the lines right behind the cursor's.</param>
    private sealed record Before(
        Dictionary<(string Id, string Message), int> Errors,
        (int InMember, int InNextLines) Unknown,
        int BrokenNext
    )
    {
        public static Before Of(CursorAnalysis cursor, TextSpan? scope, CancellationToken cancellation)
        {
            var tree = cursor.Model.SyntaxTree;
            var errors = cursor
                .Model.GetDiagnostics(scope, cancellation)
                .Where(d => IsErrorIn(d, scope) && d.Location.SourceTree == tree)
                .ToList();
            var unparsed = tree.GetDiagnostics(cancellation).Where(IsError).ToList();
            var next = NextLine(cursor.Text, cursor.Context.Offset);
            return new Before(
                errors.Concat(unparsed.Where(d => !IsErrorIn(d, scope))).CountBy(d => (d.Id, d.GetMessage())).ToDictionary(),
                Judge.Unknown(errors, tree, next, IsInBody(cursor)),
                Broken(unparsed, tree, next)
            );
        }
    }

    /// <summary>So many lines are taken to go on with the cursor's.</summary>
    private const int NextLines = 5;

    private static int Broken(IEnumerable<Diagnostic> unparsed, SyntaxTree tree, int next)
    {
        var end = EndOfNextLines(tree, next);
        return unparsed.Count(d => d.Location.SourceSpan.Start >= next && d.Location.SourceSpan.Start <= end);
    }

    private static (int InMember, int InNextLines) Unknown(List<Diagnostic> errors, SyntaxTree tree, int next, bool inBody)
    {
        var unknown = Undeclared(errors, tree, next, inBody).ToList();
        var end = EndOfNextLines(tree, next);
        return (unknown.Count, unknown.Count(span => span.Start <= end));
    }

    private static string? FirstUnknown(List<Diagnostic> errors, SyntaxTree tree, int next, bool inBody) =>
        Undeclared(errors, tree, next, inBody)
            .OrderBy(static span => span.Start)
            .Select(span => tree.GetText().ToString(span))
            .FirstOrDefault();

    /// <summary>
    /// The names behind a position that a line before it might declare. A body's lines declare locals, and these do not begin with a capital: that is a method
    /// that is to be written, or of a package that is missing. Nor does a member declare what may be a type.
    /// </summary>
    private static IEnumerable<TextSpan> Undeclared(IEnumerable<Diagnostic> errors, SyntaxTree tree, int next, bool inBody)
    {
        var text = tree.GetText();
        return errors
            .Where(d => d.Id == UnknownName && d.Location.SourceSpan.Start >= next)
            .Select(static d => d.Location.SourceSpan)
            .Where(span => !char.IsUpper(text[span.Start]) || !inBody && (span.End == text.Length || text[span.End] != '.'));
    }

    private static int EndOfNextLines(SyntaxTree tree, int next)
    {
        var lines = tree.GetText().Lines;
        return lines[Math.Min(lines.Count - 1, lines.GetLineFromPosition(Math.Min(next, tree.Length)).LineNumber + NextLines - 1)].End;
    }

    /// <summary>The innermost statement around a position; empty where a member is nearer.</summary>
    private static TextSpan StatementAt(SyntaxNode root, int position) =>
        root.FindToken(Math.Max(0, position - 1))
            .Parent?.FirstAncestorOrSelf<SyntaxNode>(static node =>
                node is StatementSyntax and not BlockSyntax or MemberDeclarationSyntax or AccessorDeclarationSyntax
            )
            is StatementSyntax statement
            ? statement.Span
            : default;

    /// <summary>Every reference of the project is there.</summary>
    private bool Trusted => cursor.Snapshot.IsProjectLoaded && !cursor.Snapshot.HasMissingReferences;

    /// <summary>The errors that are the candidate's.</summary>
    private static IEnumerable<Diagnostic> Uncounted(IEnumerable<Diagnostic> errors, ReadPlace place, Before before)
    {
        var known = new Dictionary<(string, string), int>(before.Errors);
        foreach (var error in errors)
        {
            var span = error.Location.SourceSpan;
            var inside = place.Holds(span);
            if (MissingTokenErrors.Contains(error.Id) && span.Start >= place.End - 1 && span.Start <= place.Closed + 1)
            {
                // What stands behind the cursor on its line may lack its own end, as it did before.
                if (!place.MayStayOpen && place.EndsLine)
                {
                    yield return error;
                }

                continue;
            }

            if (error.Id == NoStatement && place.MayStayOpen && !place.IsCut && inside && span.End >= place.End - 1)
            {
                continue;
            }

            var isUnfinished = UnfinishedErrors.Contains(error.Id);
            if (!inside && isUnfinished && !place.IsAll)
            {
                continue;
            }

            // The same error, as often as it stood there before, is none of the candidate's; of one that is all there will be, what it leaves undone is.
            var key = (error.Id, error.GetMessage());
            if (!inside && !isUnfinished && known.GetValueOrDefault(key) is > 0 and var times)
            {
                known[key] = times - 1;
                continue;
            }

            yield return error;
        }
    }

    /// <summary>
    /// Where the lines below cannot be parsed behind what is there, or use names that nobody declares, what leaves it so is not what is missing. A
    /// line that has begun answers for the next ones alone.
    /// </summary>
    private bool BringsWhatIsWaitedFor(List<Diagnostic> errors, SyntaxTree fork, ReadPlace place, Before before, bool inBody)
    {
        var mends = before.BrokenNext == 0 || Broken(fork.GetDiagnostics().Where(IsError), fork, place.Next) == 0;
        var unknown = Unknown(errors, fork, place.Next, inBody);
        var declares = StartsLine
            ? before.Unknown.InMember == 0 || unknown.InMember < before.Unknown.InMember
            : before.Unknown.InNextLines == 0 || unknown.InNextLines < before.Unknown.InNextLines;
        return mends && declares;
    }

    private static bool IsInBody(CursorAnalysis cursor) => cursor.Scope is not null;

    /// <summary>The next line is indented deeper: what the head of a statement is written for is there already.</summary>
    private bool BodyStands
    {
        get
        {
            var line = Indentation.OfLineAt(cursor.Text, Offset);
            var next = Indentation.OfLineAt(cursor.Text, NextLine(cursor.Text, Offset));
            return next.Length > line.Length && next.StartsWith(line);
        }
    }

    private bool StartsLine => cursor.Text.AsSpan(0, Offset).TrimEnd([' ', '\t']) is [] or [.., '\n' or '\r'];

    private static bool IsError(Diagnostic diagnostic) => diagnostic.Severity == DiagnosticSeverity.Error;

    private static bool IsErrorIn(Diagnostic diagnostic, TextSpan? scope) =>
        IsError(diagnostic) && (scope is not { } span || span.IntersectsWith(diagnostic.Location.SourceSpan));

    /// <summary>
    /// The member in whose body the candidate stands; the whole file (<see langword="null"/>) elsewhere, since a declaration that changes can break
    /// any other member.
    /// </summary>
    private static TextSpan? ScopeAt(SyntaxNode root, int start, int end)
    {
        var inBody = false;
        for (var node = root.FindToken(Math.Max(0, start - 1)).Parent; node is not null; node = node.Parent)
        {
            inBody |= node is BlockSyntax or ArrowExpressionClauseSyntax or EqualsValueClauseSyntax && node.SpanStart < start;
            if (node is BaseTypeDeclarationSyntax or BaseNamespaceDeclarationSyntax or GlobalStatementSyntax or DelegateDeclarationSyntax)
            {
                return null;
            }

            if (node is MemberDeclarationSyntax)
            {
                return inBody && node.FullSpan.End >= end ? node.FullSpan : null;
            }
        }

        return null;
    }

    private static bool TouchesErrorType(SemanticModel model, SyntaxNode root, int start, int end) =>
        root.DescendantNodes(TextSpan.FromBounds(start, Math.Max(start + 1, end)))
            .OfType<ExpressionSyntax>()
            .Where(e => e.Span.End > start && e.SpanStart < end && !(e.Parent is InvocationExpressionSyntax call && Sieve.IsNameOf(call)))
            .Any(e => model.GetTypeInfo(e).Type is { TypeKind: TypeKind.Error });

    private static char FirstVisible(string text, int offset) =>
        NextVisible(text, offset) is var next && next < text.Length ? text[next] : '\0';

    private static int NextLine(string text, int offset) =>
        text.IndexOf('\n', offset) is var end and >= 0 ? NextVisible(text, end) : text.Length;

    private static int NextVisible(string text, int offset)
    {
        while (offset < text.Length && char.IsWhiteSpace(text[offset]))
        {
            offset++;
        }

        return offset;
    }
}
