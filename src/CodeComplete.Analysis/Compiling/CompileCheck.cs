using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace CodeComplete.Analysis;

/// <summary>What the compiler says of a whole document in which a piece of text was replaced, measured against the document as it was.</summary>
/// <param name="Compiles">
/// No error is new. <see langword="null"/>: the compiler cannot tell, since the member around has errors already or its project is not loaded.
/// </param>
/// <param name="CompilesEnded">
/// As <paramref name="Compiles"/>, where brackets that are open, a <c>;</c> or an empty body may be typed behind the text first.
/// </param>
/// <param name="NewErrors">As <c>CS1061: ...</c>, of the text as it stands; empty where it compiles or cannot be told.</param>
public sealed record CompileFinding(bool? Compiles, bool? CompilesEnded, IReadOnlyList<string> NewErrors)
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
        var errors = NewErrors(replacement);
        if (errors.Count == 0)
        {
            return new CompileFinding(true, true, []);
        }

        // An ending that the parser does not take is not worth binding.
        var syntaxErrors = SyntaxErrors(model.SyntaxTree);
        var ended = Ends.Any(ending =>
            SyntaxErrors(With(replacement + ending)) <= syntaxErrors && NewErrors(replacement + ending).Count == 0
        );
        return new CompileFinding(false, ended, errors);

        SyntaxTree With(string instead) =>
            model.SyntaxTree.WithChangedText(text.WithChanges(new TextChange(TextSpan.FromBounds(start, end), instead)));

        int SyntaxErrors(SyntaxTree tree) => tree.GetDiagnostics(cancellation).Count(error => error.Severity == DiagnosticSeverity.Error);

        List<string> NewErrors(string instead)
        {
            var tree = With(instead);
            // The generators' output is kept as it is: a line inside of a member is nothing that they read.
            var changed = model.Compilation.ReplaceSyntaxTree(model.SyntaxTree, tree).GetSemanticModel(tree);
            var known = before.CountBy(Described, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
            var found = new List<string>();
            foreach (var error in Errors(changed, cancellation).Select(Described))
            {
                if (known.GetValueOrDefault(error) is > 0 and var times)
                {
                    known[error] = times - 1;
                }
                else
                {
                    found.Add(error);
                }
            }

            return found;
        }
    }

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
