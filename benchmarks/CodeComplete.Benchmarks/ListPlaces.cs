using CodeComplete.Analysis;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CodeComplete.Benchmarks;

/// <summary>A place in a folder's own code, where a list is asked for.</summary>
/// <param name="Text">
/// The document without the rest of the line at the place; the bracket behind an attribute stays, and of an override the whole declaration goes.
/// </param>
/// <param name="Offset">In UTF-16 units; <paramref name="Line"/> and <paramref name="Character"/>, from 0, are the same place.</param>
/// <param name="Written">The name or keyword that stood there, whole, its beginning included where the place is inside of it.</param>
internal sealed record ListPlace(string Kind, string File, string Text, int Offset, int Line, int Character, string Written)
{
    public override string ToString() => $"{Kind} {Path.GetFileName(File)}:{Line + 1}:{Character + 1} {Written}";
}

/// <summary>Draws places of every kind that a list is asked for at, as many of each where the code has them.</summary>
internal static class ListPlaces
{
    private const int MostOfOneFile = 4;
    private const int ShortestName = 4;
    private const int Typed = 2;

    private static readonly string[] Kinds =
    [
        "after a dot",
        "statement",
        "inside a word",
        "argument",
        "type",
        "attribute",
        "initialiser",
        "override",
        "using",
        "named argument",
        "comment tag",
    ];

    private sealed record Cut(string Kind, int Cursor, int End, string Written);

    /// <param name="workspace">Its projects must be loaded.</param>
    /// <returns>At most <paramref name="count"/>, the kinds in turn; the same for the same files and seed.</returns>
    public static async Task<IReadOnlyList<ListPlace>> DrawAsync(CodeWorkspace workspace, string root, int count, int seed)
    {
        var random = new Random(seed);
        var all = new List<(string File, Cut Cut)>();
        foreach (var file in workspace.SourceFiles.Where(f => f.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal)))
        {
            if (workspace.Take(file) is { IsProjectLoaded: true } snapshot && await snapshot.Document.GetSyntaxRootAsync() is { } tree)
            {
                all.AddRange(Cuts(tree).Select(cut => (file, cut)));
            }
        }

        var shuffled = all.ToArray();
        random.Shuffle(shuffled);
        var ofKinds = Kinds.Select(kind => new Queue<(string File, Cut Cut)>(shuffled.Where(p => p.Cut.Kind == kind))).ToList();
        var ofFile = new Dictionary<string, int>(StringComparer.Ordinal);
        var chosen = new List<ListPlace>();
        while (chosen.Count < count && ofKinds.Exists(kind => kind.Count > 0))
        {
            foreach (var kind in ofKinds)
            {
                while (kind.TryDequeue(out var place))
                {
                    if (ofFile.GetValueOrDefault(place.File) < MostOfOneFile)
                    {
                        ofFile[place.File] = ofFile.GetValueOrDefault(place.File) + 1;
                        chosen.Add(PlaceOf(place.File, workspace.Take(place.File)!.Text.ToString(), place.Cut));
                        break;
                    }
                }
            }
        }

        return [.. chosen.Take(count)];
    }

    private static ListPlace PlaceOf(string file, string text, Cut cut)
    {
        var lineStart = text.LastIndexOf('\n', Math.Max(0, cut.Cursor - 1)) + 1;
        return new ListPlace(
            cut.Kind,
            file,
            text.Remove(cut.Cursor, cut.End - cut.Cursor),
            cut.Cursor,
            text.AsSpan(0, cut.Cursor).Count('\n'),
            cut.Cursor - lineStart,
            cut.Written
        );
    }

    private static IEnumerable<Cut> Cuts(SyntaxNode root)
    {
        var text = root.GetText();
        foreach (var token in root.DescendantTokens(descendIntoTrivia: true))
        {
            if (KindOf(token) is { } kind && token.Span.Length > 0)
            {
                var end = text.Lines.GetLineFromPosition(token.SpanStart).End;
                if (kind == "override")
                {
                    var member = token.Parent!.FirstAncestorOrSelf<MemberDeclarationSyntax>()!;
                    var after = member.Modifiers.First(m => m.IsKind(SyntaxKind.OverrideKeyword)).Span.End + 1;
                    yield return new Cut(kind, after, member.Span.End, token.Text);
                    continue;
                }

                // An editor has closed the bracket by itself.
                end = kind == "attribute" ? token.Parent!.FirstAncestorOrSelf<AttributeListSyntax>()!.CloseBracketToken.SpanStart : end;
                yield return new Cut(kind, token.SpanStart, end, token.Text);
                if (kind is "after a dot" or "statement" or "argument" or "type" && token.Text.Length >= ShortestName)
                {
                    yield return new Cut("inside a word", token.SpanStart + Typed, end, token.Text);
                }
            }
        }
    }

    /// <summary>The kind of place that a token begins; <see langword="null"/> where it begins none, or nothing that a list could know.</summary>
    private static string? KindOf(SyntaxToken token)
    {
        var parent = token.Parent;
        if (parent is IdentifierNameSyntax or GenericNameSyntax)
        {
            var whole = (NameSyntax)parent;
            return whole.Parent switch
            {
                XmlNameAttributeSyntax or CrefSyntax => null,
                NameColonSyntax { Parent: ArgumentSyntax } => "named argument",
                NameColonSyntax or NameEqualsSyntax => null,
                AttributeSyntax => "attribute",
                UsingDirectiveSyntax => "using",
                QualifiedNameSyntax name when name.FirstAncestorOrSelf<UsingDirectiveSyntax>() is not null => name.Right == whole
                    ? "using"
                    : null,
                QualifiedNameSyntax or AliasQualifiedNameSyntax => null,
                MemberAccessExpressionSyntax access when access.Name == whole => "after a dot",
                MemberBindingExpressionSyntax => "after a dot",
                AssignmentExpressionSyntax
                {
                    Parent: InitializerExpressionSyntax { RawKind: (int)SyntaxKind.ObjectInitializerExpression }
                } set when set.Left == whole => "initialiser",
                _ when whole.FirstAncestorOrSelf<BaseNamespaceDeclarationSyntax>()?.Name.Contains(whole) == true => null,
                _ when IsStatementStart(token) => "statement",
                ArgumentSyntax argument when argument.Parent is ArgumentListSyntax list && list.Arguments[0] == argument => "argument",
                _ when IsType(whole) => "type",
                _ => null,
            };
        }

        return parent switch
        {
            XmlNameSyntax { Parent: XmlElementStartTagSyntax or XmlEmptyElementSyntax } => "comment tag",
            MethodDeclarationSyntax method
                when method.Identifier == token && method.Modifiers.Any(SyntaxKind.OverrideKeyword) && method.TypeParameterList is null =>
                "override",
            PropertyDeclarationSyntax property when property.Identifier == token && property.Modifiers.Any(SyntaxKind.OverrideKeyword) =>
                "override",
            _ when IsStatementStart(token) && token.IsKeyword() => "statement",
            _ => null,
        };
    }

    /// <summary>The first token of a statement that begins its line.</summary>
    private static bool IsStatementStart(SyntaxToken token) =>
        token.Parent?.FirstAncestorOrSelf<StatementSyntax>() is { Parent: BlockSyntax or SwitchSectionSyntax } statement
        && statement.SpanStart == token.SpanStart
        && token.GetPreviousToken().TrailingTrivia.Any(SyntaxKind.EndOfLineTrivia);

    private static bool IsType(NameSyntax name) =>
        name.Parent switch
        {
            ParameterSyntax parameter => parameter.Type == name,
            VariableDeclarationSyntax variable => variable.Type == name && !name.IsVar,
            ObjectCreationExpressionSyntax creation => creation.Type == name,
            MethodDeclarationSyntax method => method.ReturnType == name,
            PropertyDeclarationSyntax property => property.Type == name,
            TypeArgumentListSyntax or BaseTypeSyntax or TypeOfExpressionSyntax => true,
            CastExpressionSyntax cast => cast.Type == name,
            _ => false,
        };
}
