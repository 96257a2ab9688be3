using CodeComplete.Analysis;
using CodeComplete.Memory;

namespace CodeComplete.Engine.Learning;

/// <summary>What Analysis reads of a file, in the words of Memory's symbol graph.</summary>
internal static class SymbolTranslation
{
    public static FileSymbols ToMemory(this SourceSymbols source) =>
        new(
            source.IsBound,
            [
                .. source.Declarations.Select(d => new SymbolNode(
                    d.Id,
                    d.Name,
                    ToMemory(d.Kind),
                    d.Container,
                    d.Signature,
                    d.FirstLine,
                    d.LastLine,
                    d.IsPrivate
                )),
            ],
            [.. source.References.Select(r => new SymbolEdge(r.From, ToMemory(r.Kind), r.Target, r.Line))]
        );

    private static SymbolKind ToMemory(DeclarationKind kind) =>
        kind switch
        {
            DeclarationKind.Class => SymbolKind.Class,
            DeclarationKind.Struct => SymbolKind.Struct,
            DeclarationKind.Interface => SymbolKind.Interface,
            DeclarationKind.Record => SymbolKind.Record,
            DeclarationKind.RecordStruct => SymbolKind.RecordStruct,
            DeclarationKind.Enum => SymbolKind.Enum,
            DeclarationKind.Delegate => SymbolKind.Delegate,
            DeclarationKind.Constructor => SymbolKind.Constructor,
            DeclarationKind.Method => SymbolKind.Method,
            DeclarationKind.Operator => SymbolKind.Operator,
            DeclarationKind.Property => SymbolKind.Property,
            DeclarationKind.PositionalProperty => SymbolKind.PositionalProperty,
            DeclarationKind.Indexer => SymbolKind.Indexer,
            DeclarationKind.Field => SymbolKind.Field,
            DeclarationKind.Event => SymbolKind.Event,
            DeclarationKind.EnumMember => SymbolKind.EnumMember,
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, message: null),
        };

    private static SymbolRelation ToMemory(ReferenceKind kind) =>
        kind switch
        {
            ReferenceKind.Inherits => SymbolRelation.Inherits,
            ReferenceKind.Implements => SymbolRelation.Implements,
            ReferenceKind.Overrides => SymbolRelation.Overrides,
            ReferenceKind.Calls => SymbolRelation.Calls,
            ReferenceKind.Takes => SymbolRelation.Takes,
            ReferenceKind.Returns => SymbolRelation.Returns,
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, message: null),
        };
}
