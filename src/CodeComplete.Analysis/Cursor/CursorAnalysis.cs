using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CodeComplete.Analysis;

/// <summary>
/// One cursor in one snapshot, bound once and asked by every stage of a request: its context, the names that may follow what the decoder
/// writes, and whether a candidate compiles. Not for use from two threads at once.
/// </summary>
public sealed class CursorAnalysis
{
    private const string Placeholder = "__expected__";
    private static readonly SymbolDisplayFormat TypeFormat = SymbolDisplayFormat.MinimallyQualifiedFormat;

    private CursorAnalysis(
        DocumentSnapshot snapshot,
        SemanticModel model,
        SyntaxNode root,
        string text,
        CursorContext context,
        SpeculativeScope? scope
    )
    {
        (Snapshot, Model, Root, Text, Context, Scope) = (snapshot, model, root, text, context, scope);
    }

    public DocumentSnapshot Snapshot { get; }

    public CursorContext Context { get; }

    /// <summary>The whole document, as it is in the snapshot.</summary>
    public string Text { get; }

    internal SemanticModel Model { get; }

    internal SyntaxNode Root { get; }

    internal SpeculativeScope? Scope { get; }

    /// <param name="offset">The cursor, in UTF-16 units; taken to the nearest place inside the text.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled.</exception>
    public static async Task<CursorAnalysis> AtAsync(DocumentSnapshot snapshot, int offset, CancellationToken cancellation)
    {
        offset = Math.Clamp(offset, 0, snapshot.Text.Length);
        var model =
            await snapshot.Document.GetSemanticModelAsync(cancellation)
            ?? throw new InvalidOperationException("A C# document has a semantic model.");
        var root = await model.SyntaxTree.GetRootAsync(cancellation);
        var text = snapshot.Text.ToString();
        var place = Place.At(root, text, offset);
        var scope = place.Kind is PlaceKind.Comment or PlaceKind.DocComment or PlaceKind.DisabledCode or PlaceKind.Directive
            ? null
            : SpeculativeScope.At(model, root, text, offset);
        cancellation.ThrowIfCancellationRequested();

        var binding = place.Kind is PlaceKind.String ? null : scope?.Bind(Placeholder);
        var receiver = binding is null ? null : Receiver(binding);
        var expected = binding is null ? null : Expected(binding);
        var around = root.FindToken(Math.Max(0, offset - 1)).Parent?.AncestorsAndSelf().OfType<MemberDeclarationSyntax>().ToList() ?? [];
        var member = around.FirstOrDefault(m =>
            m is not (BaseTypeDeclarationSyntax or BaseNamespaceDeclarationSyntax or GlobalStatementSyntax)
        );
        var related = RelatedTypes(model, member, receiver, expected);
        var atHand = binding is not null && AtCursor(binding) is { } name ? MemberAtHand.Of(binding.Model, name) : MemberAtHand.None;
        var enclosing = member is null ? null : DeclaredBy(model, member);
        var context = new CursorContext
        {
            Kind = place.Kind,
            Offset = offset,
            NameStart = place.NameStart,
            TypedName = text[place.NameStart..offset],
            // That it may be null says nothing of its members.
            ReceiverType = receiver?.WithNullableAnnotation(NullableAnnotation.None).ToDisplayString(TypeFormat),
            ExpectedType = expected?.ToDisplayString(TypeFormat),
            EnclosingMember = NameOf(member),
            EnclosingType = around.OfType<BaseTypeDeclarationSyntax>().FirstOrDefault()?.Identifier.ValueText,
            RelatedTypes = [.. related.Select(t => t.Name).Distinct(StringComparer.Ordinal)],
            RelatedTypeIds = [.. related.Select(SymbolIds.Of).OfType<string>()],
            ReceiverTypeId = SymbolIds.Of(receiver),
            ExpectedTypeId = SymbolIds.Of(expected),
            ArgumentTypeIds = atHand.ArgumentTypeIds,
            MemberAtHandId = atHand.Id,
            EnclosingMemberId = SymbolIds.Of(enclosing),
            EnclosingBaseIds = [.. SymbolBases.Of(enclosing).Select(SymbolIds.Of).OfType<string>()],
            RestOfLine = RestOfLine(text, offset),
        };
        return new CursorAnalysis(snapshot, model, root, text, context, scope);
    }

    /// <summary>
    /// The names that may stand at the end of <paramref name="written"/>, which follows the cursor; <see langword="null"/> where anything
    /// may: a name being declared, or a receiver the compiler does not know. The first question for a name that stands alone takes milliseconds.
    /// </summary>
    public VisibleNames? NamesAfter(string written) => Names?.At(written);

    /// <summary>Looks up the names in scope, so that the first <see cref="NamesAfter"/> need not wait.</summary>
    public void PrepareNames() => Names?.Prepare();

    private NameLookup? Names =>
        field ??=
            !Context.IsCode ? null
            : Scope is null ? new DeclarationNames(Model, Context, IsTrusted)
            : new BodyNames(Scope, Model.SyntaxTree, Context, IsTrusted);

    /// <summary>Every reference of the project is there: a name that is not known does not exist.</summary>
    private bool IsTrusted => Snapshot.IsProjectLoaded && !Snapshot.HasMissingReferences;

    private static string RestOfLine(string text, int offset)
    {
        var rest = text.AsSpan(offset);
        var end = rest.IndexOfAny('\r', '\n');
        return (end < 0 ? rest : rest[..end]).TrimEnd().ToString();
    }

    private static ITypeSymbol? Receiver(SpeculativeBinding binding) =>
        AtCursor(binding)?.Parent switch
        {
            MemberAccessExpressionSyntax access => Known(binding.Model.GetTypeInfo(access.Expression).Type),
            MemberBindingExpressionSyntax member => Known(
                binding.Model.GetTypeInfo(member.Ancestors().OfType<ConditionalAccessExpressionSyntax>().First().Expression).Type
            ),
            _ => null,
        };

    private static ITypeSymbol? Expected(SpeculativeBinding binding)
    {
        if (AtCursor(binding) is not { } name)
        {
            return null;
        }

        ExpressionSyntax expression = name;
        while (expression.Parent is MemberAccessExpressionSyntax access && access.Name == expression)
        {
            expression = access;
        }

        return expression.Parent switch
        {
            // The compiler converts no erroneous expression, so the target is read off the syntax around it.
            EqualsValueClauseSyntax
            {
                Parent: VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax { Type.IsVar: false } declaration }
            } => Known(binding.Model.GetTypeInfo(declaration.Type).Type),
            AssignmentExpressionSyntax assignment when assignment.Right == expression => Known(
                binding.Model.GetTypeInfo(assignment.Left).Type
            ),
            IfStatementSyntax or WhileStatementSyntax => binding.Model.Compilation.GetSpecialType(SpecialType.System_Boolean),
            ReturnStatementSyntax => ReturnType(binding.Model, expression),
            ArgumentSyntax argument => ParameterType(binding.Model, argument),
            BinaryExpressionSyntax binary when binary.Right == expression => Known(binding.Model.GetTypeInfo(binary.Left).Type),
            _ => Known(binding.Model.GetTypeInfo(expression).ConvertedType),
        };
    }

    private static ITypeSymbol? ReturnType(SemanticModel model, SyntaxNode node)
    {
        var method = model.GetEnclosingSymbol(node.SpanStart) as IMethodSymbol;
        var type = Known(method?.ReturnType);
        return method is { IsAsync: true } && type is INamedTypeSymbol { TypeArguments: [var result] } ? Known(result) : type;
    }

    private static ITypeSymbol? ParameterType(SemanticModel model, ArgumentSyntax argument)
    {
        if (argument.Parent is not BaseArgumentListSyntax { Parent: { } call } list)
        {
            return null;
        }

        var info = model.GetSymbolInfo(call);
        var methods = info.Symbol is { } one ? [one] : info.CandidateSymbols;
        var at = list.Arguments.IndexOf(argument);
        var types = methods
            .OfType<IMethodSymbol>()
            .Select(m =>
                at < m.Parameters.Length ? m.Parameters[at].Type
                : m.Parameters is [.., { IsParams: true } last] ? (last.Type as IArrayTypeSymbol)?.ElementType
                : null
            )
            .OfType<ITypeSymbol>()
            .Distinct(SymbolEqualityComparer.Default)
            .ToList();
        return types is [ITypeSymbol only] ? Known(only) : null;
    }

    private static SimpleNameSyntax? AtCursor(SpeculativeBinding binding) =>
        binding.Cursor < binding.Root.FullSpan.End ? binding.Root.FindToken(binding.Cursor).Parent as SimpleNameSyntax : null;

    private static ITypeSymbol? Known(ITypeSymbol? type) =>
        type is null or { TypeKind: TypeKind.Error } or { SpecialType: SpecialType.System_Void } ? null : type;

    /// <summary>Types of the project itself: those of .NET the model knows, these it does not.</summary>
    private static List<INamedTypeSymbol> RelatedTypes(
        SemanticModel model,
        MemberDeclarationSyntax? member,
        ITypeSymbol? receiver,
        ITypeSymbol? expected
    )
    {
        var types = new List<ITypeSymbol?> { receiver, expected };
        if (member is BaseMethodDeclarationSyntax method)
        {
            types.AddRange(method.ParameterList.Parameters.Select(p => p.Type is null ? null : model.GetTypeInfo(p.Type).Type));
        }

        return
        [
            .. types
                .SelectMany(SymbolIds.OwnTypes)
                .Select(t => t.OriginalDefinition)
                .Distinct(SymbolEqualityComparer.Default)
                .Cast<INamedTypeSymbol>(),
        ];
    }

    private static ISymbol? DeclaredBy(SemanticModel model, MemberDeclarationSyntax member) =>
        model.GetDeclaredSymbol(member is BaseFieldDeclarationSyntax { Declaration.Variables: [var variable, ..] } ? variable : member);

    private static string? NameOf(MemberDeclarationSyntax? member) =>
        member switch
        {
            MethodDeclarationSyntax x => x.Identifier.ValueText,
            ConstructorDeclarationSyntax x => x.Identifier.ValueText,
            PropertyDeclarationSyntax x => x.Identifier.ValueText,
            EventDeclarationSyntax x => x.Identifier.ValueText,
            BaseFieldDeclarationSyntax x => x.Declaration.Variables.FirstOrDefault()?.Identifier.ValueText,
            IndexerDeclarationSyntax => "this[]",
            OperatorDeclarationSyntax x => "operator " + x.OperatorToken.ValueText,
            _ => null,
        };
}
