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

/// <summary>
/// The second step of verification: the compiler itself. The tree with the candidate replaces the document's in its compilation, and the
/// errors of the member around are compared with those it had without the candidate.
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

    private Dictionary<(string Id, string Message), int>? _before;

    /// <param name="candidate">What is put in at the cursor.</param>
    /// <param name="isCut">The candidate is the beginning of one that did not compile: the model meant no line to end here.</param>
    public Judgement Decide(string candidate, bool isCut, CancellationToken cancellation)
    {
        var offset = cursor.Context.Offset;
        var text = cursor.Text;
        var options = (CSharpParseOptions)cursor.Model.SyntaxTree.Options;
        var closing = OpenEnds.Close(
            text[..offset] + candidate,
            offset,
            FirstVisible(text, offset),
            cursor.Context.RestOfLine.Length == 0,
            options
        );
        var end = offset + candidate.Length;
        var closed = end + closing.Length;
        var forkText = SourceText.From(string.Concat(text.AsSpan(0, offset), candidate, closing, text.AsSpan(offset)));
        var fork = cursor.Model.SyntaxTree.WithChangedText(forkText);
        var compilation = cursor.Model.Compilation.ReplaceSyntaxTree(cursor.Model.SyntaxTree, fork);
        var model = compilation.GetSemanticModel(fork);
        var root = fork.GetRoot(cancellation);
        var scope = ScopeAt(root, offset, end);
        var known = Before(cancellation);

        var unknown = false;
        foreach (var error in Errors(model, fork, scope, cancellation))
        {
            var span = error.Location.SourceSpan;
            var inside = span.Start < closed && span.End > offset || span.IsEmpty && span.Start >= offset && span.Start <= closed;
            if (!Counts(error, span, inside, isCut, (end, closed), known))
            {
                continue;
            }

            if (!Trusted && MissingReferenceErrors.Contains(error.Id))
            {
                unknown = true;
                continue;
            }

            return Judgement.Rejected;
        }

        return unknown || !cursor.Snapshot.IsProjectLoaded || TouchesErrorType(model, root, offset, end)
            ? Judgement.Unknown
            : Judgement.Compiles;
    }

    /// <summary>Every reference of the project is there.</summary>
    private bool Trusted => cursor.Snapshot.IsProjectLoaded && !cursor.Snapshot.HasMissingReferences;

    private static bool Counts(
        Diagnostic error,
        TextSpan span,
        bool inside,
        bool isCut,
        (int Candidate, int Closed) end,
        Dictionary<(string, string), int> known
    )
    {
        if (MissingTokenErrors.Contains(error.Id) && span.Start >= end.Candidate - 1 && span.Start <= end.Closed + 1)
        {
            return false;
        }

        if (error.Id == NoStatement && !isCut && inside && span.End >= end.Candidate - 1)
        {
            return false;
        }

        if (!inside && UnfinishedErrors.Contains(error.Id))
        {
            return false;
        }

        if (inside)
        {
            return true;
        }

        // The same error, as often as it stood there before, is none of the candidate's.
        var key = (error.Id, error.GetMessage());
        if (known.TryGetValue(key, out var times) && times > 0)
        {
            known[key] = times - 1;
            return false;
        }

        return true;
    }

    private Dictionary<(string Id, string Message), int> Before(CancellationToken cancellation)
    {
        if (_before is null)
        {
            var tree = cursor.Model.SyntaxTree;
            var scope = ScopeAt(cursor.Root, cursor.Context.Offset, cursor.Context.Offset);
            _before = Errors(cursor.Model, tree, scope, cancellation)
                .GroupBy(d => (d.Id, d.GetMessage()))
                .ToDictionary(g => g.Key, g => g.Count());
        }

        return new Dictionary<(string, string), int>(_before);
    }

    private static IEnumerable<Diagnostic> Errors(SemanticModel model, SyntaxTree tree, TextSpan? scope, CancellationToken cancellation) =>
        model.GetDiagnostics(scope, cancellation).Where(d => d.Severity == DiagnosticSeverity.Error && d.Location.SourceTree == tree);

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
            .Where(e => e.Span.End > start && e.SpanStart < end)
            .Any(e => model.GetTypeInfo(e).Type is { TypeKind: TypeKind.Error });

    private static char FirstVisible(string text, int offset)
    {
        while (offset < text.Length && char.IsWhiteSpace(text[offset]))
        {
            offset++;
        }

        return offset < text.Length ? text[offset] : '\0';
    }
}
