using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace CodeComplete.Analysis;

/// <summary>What the compiler says of a whole document in which a piece of text was replaced, measured against the document as it was.</summary>
/// <param name="Compiles">
/// No error is new. <see langword="null"/>: the compiler cannot tell, since the member around has errors already or its project is not loaded.
/// </param>
/// <param name="BringsNoError">
/// The same for a text that stops in the middle, or stands before lines that need what it was: open brackets, a <c>;</c> or an empty body may be
/// typed behind it first, and an error that the document has with nothing in the text's place is none of the text's.
/// </param>
/// <param name="NewErrors">As <c>CS1061: ...</c>, of the text as it stands; empty where it compiles or cannot be told.</param>
public sealed record CompileFinding(bool? Compiles, bool? BringsNoError, IReadOnlyList<string> NewErrors)
{
    public static CompileFinding Unknown { get; } = new(null, null, []);
}

/// <summary>
/// Judges what verification let through, for evaluation: so it shares nothing with it, looks at the whole document and knows no error that does
/// not count.
/// </summary>
public static class CompileCheck
{
    /// <summary>What may be missing at the end of a line that stops in the middle: the next keys that anyone would type.</summary>
    private static readonly string[] Ends =
    [
        ";",
        ")",
        ");",
        "))",
        "));",
        ")));",
        "]",
        "];",
        "]);",
        ",",
        " }",
        " };",
        " });",
        " { }",
        ") { }",
        ")) { }",
        " { });",
    ];

    /// <param name="original">The document as it was.</param>
    /// <param name="start">Where the replaced text begins, in UTF-16 units.</param>
    /// <param name="end">Where it ends.</param>
    /// <param name="replacement">What stands there instead.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled.</exception>
    public static async Task<CompileFinding> ReplacedAsync(
        DocumentSnapshot original,
        int start,
        int end,
        string replacement,
        CancellationToken cancellation
    )
    {
        ArgumentNullException.ThrowIfNull(original);
        var model = (await original.Document.GetSemanticModelAsync(cancellation))!;
        var before = Errors(model, cancellation);
        var member = MemberAt(await model.SyntaxTree.GetRootAsync(cancellation), start, end);
        if (!original.IsProjectLoaded || before.Exists(error => error.Location.SourceSpan.IntersectsWith(member)))
        {
            return CompileFinding.Unknown;
        }

        var text = original.Text;
        var known = Counted(before);
        var errors = NewErrors(replacement, known);
        if (errors.Count == 0)
        {
            return new CompileFinding(true, true, []);
        }

        var without = Counted(ErrorsWith(""));
        var knownOrMissing = known.Keys.Union(without.Keys).ToDictionary(Itself, MostOf, StringComparer.Ordinal);
        // An ending that the parser does not take is not worth binding.
        var syntaxErrors = Math.Max(SyntaxErrors(model.SyntaxTree), SyntaxErrors(With("")));
        var bringsNone = Ends.Prepend("")
            .Any(ending =>
                SyntaxErrors(With(replacement + ending)) <= syntaxErrors && NewErrors(replacement + ending, knownOrMissing).Count == 0
            );
        return new CompileFinding(false, bringsNone, errors);

        SyntaxTree With(string instead) =>
            model.SyntaxTree.WithChangedText(text.WithChanges(new TextChange(TextSpan.FromBounds(start, end), instead)));

        int SyntaxErrors(SyntaxTree tree) => tree.GetDiagnostics(cancellation).Count(error => error.Severity == DiagnosticSeverity.Error);

        List<Diagnostic> ErrorsWith(string instead)
        {
            var tree = With(instead);
            // The generators' output is kept as it is: a line inside of a member is nothing that they read.
            return Errors(model.Compilation.ReplaceSyntaxTree(model.SyntaxTree, tree).GetSemanticModel(tree), cancellation);
        }

        // The same error more often than it was known is new.
        List<string> NewErrors(string instead, Dictionary<string, int> than) =>
            [
                .. Counted(ErrorsWith(instead))
                    .SelectMany(error => Enumerable.Repeat(error.Key, Math.Max(0, error.Value - than.GetValueOrDefault(error.Key)))),
            ];

        string Itself(string error) => error;

        int MostOf(string error) => Math.Max(known.GetValueOrDefault(error), without.GetValueOrDefault(error));
    }

    private static Dictionary<string, int> Counted(IEnumerable<Diagnostic> errors) =>
        errors.CountBy(Described, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);

    /// <summary>Of this document; what the project's options make of warnings counts as it would in its build.</summary>
    private static List<Diagnostic> Errors(SemanticModel model, CancellationToken cancellation) =>
        [.. model.GetDiagnostics(cancellationToken: cancellation).Where(error => error.Severity == DiagnosticSeverity.Error)];

    private static string Described(Diagnostic error) => $"{error.Id}: {error.GetMessage()}";

    /// <summary>The method, property, field and the like around the text; all of the document where there is none.</summary>
    private static TextSpan MemberAt(SyntaxNode root, int start, int end) =>
        root.FindNode(TextSpan.FromBounds(start, end), getInnermostNodeForTie: true)
            .FirstAncestorOrSelf<MemberDeclarationSyntax>(member =>
                member is not (BaseTypeDeclarationSyntax or BaseNamespaceDeclarationSyntax or GlobalStatementSyntax)
            )
            ?.FullSpan
        ?? root.FullSpan;
}
