using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace CodeComplete.Analysis;

/// <summary>
/// Reads the symbols of a file for the symbol graph: first quickly by syntax alone, later through the compiler, with ids and references.
/// </summary>
public static class SymbolReader
{
    // No documentation: it is the larger half of many files.
    private static readonly CSharpParseOptions Options = new(LanguageVersion.Preview, DocumentationMode.None);

    /// <summary>Types and members of a text, without a project and without the compiler.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled.</exception>
    public static SourceSymbols ReadSyntax(string text, CancellationToken cancellation)
    {
        var source = SourceText.From(text);
        var root = CSharpSyntaxTree.ParseText(source, Options, cancellationToken: cancellation).GetRoot(cancellation);
        return new SourceSymbols(IsBound: false, [.. DeclarationReader.Read(root, source).Select(d => d.Declaration)], []);
    }

    /// <summary>
    /// The same with the ids of members, and with all references to symbols that the sources of the loaded solution declare. All is read
    /// from the one snapshot. No generator runs: projects are loaded without any.
    /// </summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled.</exception>
    public static async Task<SourceSymbols> ReadAsync(DocumentSnapshot snapshot, CancellationToken cancellation)
    {
        var compilation =
            await snapshot.Document.Project.GetCompilationAsync(cancellation)
            ?? throw new InvalidOperationException("A C# project has a compilation.");
        var root =
            await snapshot.Document.GetSyntaxRootAsync(cancellation)
            ?? throw new InvalidOperationException("A C# document has a syntax tree.");
        // A model of its own, which goes with the file: nobody else has any use for what is bound here, and what may be null where is
        // a second analysis of every body that no reference depends on.
#pragma warning disable RSEXPERIMENTAL001 // The option may change with a later Roslyn; then this line does.
        var model = compilation.GetSemanticModel(root.SyntaxTree, SemanticModelOptions.DisableNullableAnalysis);
#pragma warning restore RSEXPERIMENTAL001
        var declared = DeclarationReader.Read(root, snapshot.Text);
        var references = new ReferenceReader(model, snapshot.Text);
        var declarations = new List<SymbolDeclaration>(declared.Count);
        foreach (var (node, declaration) in declared)
        {
            cancellation.ThrowIfCancellationRequested();
            var symbol = Declared(model, node, cancellation);
            references.Read(declarations.Count, node, symbol, declaration.FirstLine);
            declarations.Add(declaration with { Id = symbol?.GetDocumentationCommentId() ?? declaration.Id });
        }

        foreach (var statement in (root as CompilationUnitSyntax)?.Members.OfType<GlobalStatementSyntax>() ?? [])
        {
            cancellation.ThrowIfCancellationRequested();
            references.Read(-1, statement, symbol: null, line: 0);
        }

        return new SourceSymbols(IsBound: true, declarations, references.Found);
    }

    private static ISymbol? Declared(SemanticModel model, SyntaxNode node, CancellationToken cancellation) =>
        node is ParameterSyntax { Parent.Parent: RecordDeclarationSyntax record } positional
            ? model
                .GetDeclaredSymbol(record, cancellation)
                ?.GetMembers(positional.Identifier.ValueText)
                .OfType<IPropertySymbol>()
                .FirstOrDefault()
            : model.GetDeclaredSymbol(node, cancellation);
}
