using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace CodeComplete.Analysis;

/// <summary>The declared types and members of a tree, by syntax alone.</summary>
internal sealed class DeclarationReader(SourceText text)
{
    private readonly List<(SyntaxNode Node, SymbolDeclaration Declaration)> _found = [];

    /// <returns>Each with its node: the declaration, of fields and events the declarator, of positional properties the parameter.</returns>
    public static IReadOnlyList<(SyntaxNode Node, SymbolDeclaration Declaration)> Read(SyntaxNode root, SourceText text)
    {
        var reader = new DeclarationReader(text);
        if (root is CompilationUnitSyntax unit)
        {
            reader.Read(unit.Members, "", -1);
        }

        return reader._found;
    }

    private void Read(SyntaxList<MemberDeclarationSyntax> members, string prefix, int container)
    {
        foreach (var member in members)
        {
            switch (member)
            {
                case BaseNamespaceDeclarationSyntax space:
                    Read(space.Members, $"{prefix}{NameOf(space.Name)}.", -1);
                    break;
                // Its members are the surrounding class's.
                case ExtensionBlockDeclarationSyntax block:
                    Read(block.Members, prefix, container);
                    break;
                case TypeDeclarationSyntax type:
                    ReadType(type, prefix, container);
                    break;
                case EnumDeclarationSyntax type:
                    var at = AddType(type, type.Identifier, arity: 0, DeclarationKind.Enum, prefix, container);
                    foreach (var value in type.Members)
                    {
                        Add(value, value, value.Identifier.ValueText, DeclarationKind.EnumMember, at, SignatureText.Of(value));
                    }

                    break;
                case DelegateDeclarationSyntax type:
                    AddType(
                        type,
                        type.Identifier,
                        type.TypeParameterList?.Parameters.Count ?? 0,
                        DeclarationKind.Delegate,
                        prefix,
                        container
                    );
                    break;
                case BaseFieldDeclarationSyntax field:
                    var kind = field is FieldDeclarationSyntax ? DeclarationKind.Field : DeclarationKind.Event;
                    foreach (var variable in field.Declaration.Variables)
                    {
                        Add(variable, field, variable.Identifier.ValueText, kind, container, SignatureText.Of(field, variable));
                    }

                    break;
                default:
                    if (NameAndKind(member) is var (name, memberKind))
                    {
                        Add(member, member, name, memberKind, container, SignatureText.Of(member));
                    }

                    break;
            }
        }
    }

    private void ReadType(TypeDeclarationSyntax type, string prefix, int container)
    {
        var arity = type.TypeParameterList?.Parameters.Count ?? 0;
        var kind = type switch
        {
            InterfaceDeclarationSyntax => DeclarationKind.Interface,
            StructDeclarationSyntax => DeclarationKind.Struct,
            RecordDeclarationSyntax record => record.ClassOrStructKeyword.IsKind(SyntaxKind.StructKeyword)
                ? DeclarationKind.RecordStruct
                : DeclarationKind.Record,
            _ => DeclarationKind.Class,
        };
        var at = AddType(type, type.Identifier, arity, kind, prefix, container);
        if (type is RecordDeclarationSyntax { ParameterList: { } positional })
        {
            var isReadOnly = kind == DeclarationKind.Record || type.Modifiers.Any(SyntaxKind.ReadOnlyKeyword);
            foreach (var parameter in positional.Parameters)
            {
                Add(
                    parameter,
                    parameter,
                    parameter.Identifier.ValueText,
                    DeclarationKind.PositionalProperty,
                    at,
                    SignatureText.Of(parameter, isReadOnly)
                );
            }
        }

        Read(type.Members, $"{prefix}{NameWithArity(type.Identifier, arity)}.", at);
    }

    private int AddType(
        MemberDeclarationSyntax type,
        SyntaxToken identifier,
        int arity,
        DeclarationKind kind,
        string prefix,
        int container
    ) => Add(type, type, identifier.ValueText, kind, container, SignatureText.Of(type), "T:" + prefix + NameWithArity(identifier, arity));

    private int Add(
        SyntaxNode node,
        SyntaxNode whole,
        string name,
        DeclarationKind kind,
        int container,
        string signature,
        string? id = null
    )
    {
        var attributes = (whole as MemberDeclarationSyntax)?.AttributeLists;
        var start = attributes is { Count: > 0 } lists ? lists[^1].GetLastToken().GetNextToken().SpanStart : whole.SpanStart;
        var (first, last) = (text.Lines.IndexOf(start), text.Lines.IndexOf(whole.Span.End));
        _found.Add((node, new SymbolDeclaration(id, name, kind, container, signature, first, last, IsPrivate(whole, container))));
        return _found.Count - 1;
    }

    private bool IsPrivate(SyntaxNode node, int container)
    {
        if (container < 0 || node is not MemberDeclarationSyntax member || node is EnumMemberDeclarationSyntax)
        {
            return false;
        }

        var isExplicit = member switch
        {
            MethodDeclarationSyntax x => x.ExplicitInterfaceSpecifier is not null,
            BasePropertyDeclarationSyntax x => x.ExplicitInterfaceSpecifier is not null,
            _ => false,
        };
        var modifiers = member.Modifiers;
        return isExplicit
            || modifiers.Any(SyntaxKind.PrivateKeyword) && !modifiers.Any(SyntaxKind.ProtectedKeyword)
            || _found[container].Declaration.Kind != DeclarationKind.Interface
                && !modifiers.Any(m =>
                    m.Kind()
                        is SyntaxKind.PublicKeyword
                            or SyntaxKind.InternalKeyword
                            or SyntaxKind.ProtectedKeyword
                            or SyntaxKind.FileKeyword
                );
    }

    private static (string Name, DeclarationKind Kind)? NameAndKind(MemberDeclarationSyntax member) =>
        member switch
        {
            MethodDeclarationSyntax x => (x.Identifier.ValueText, DeclarationKind.Method),
            ConstructorDeclarationSyntax x => (x.Identifier.ValueText, DeclarationKind.Constructor),
            PropertyDeclarationSyntax x => (x.Identifier.ValueText, DeclarationKind.Property),
            EventDeclarationSyntax x => (x.Identifier.ValueText, DeclarationKind.Event),
            IndexerDeclarationSyntax => ("this[]", DeclarationKind.Indexer),
            OperatorDeclarationSyntax x => ("operator " + x.OperatorToken.ValueText, DeclarationKind.Operator),
            ConversionOperatorDeclarationSyntax x => ("operator " + x.Type, DeclarationKind.Operator),
            _ => null,
        };

    private static string NameOf(NameSyntax name) =>
        name switch
        {
            QualifiedNameSyntax qualified => $"{NameOf(qualified.Left)}.{qualified.Right.Identifier.ValueText}",
            SimpleNameSyntax simple => simple.Identifier.ValueText,
            _ => name.ToString(),
        };

    private static string NameWithArity(SyntaxToken identifier, int arity) =>
        arity == 0 ? identifier.ValueText : $"{identifier.ValueText}`{arity}";
}
