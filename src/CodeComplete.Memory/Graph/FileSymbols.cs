namespace CodeComplete.Memory;

/// <summary>The part of the symbol graph that one file gives: its nodes, and the edges that start there.</summary>
/// <param name="IsBound">The compiler was asked. Otherwise members have no ids, and there are no edges.</param>
/// <param name="Nodes">In the order of the source; a container stands before its members.</param>
public sealed record FileSymbols(bool IsBound, IReadOnlyList<SymbolNode> Nodes, IReadOnlyList<SymbolEdge> Edges);

/// <summary>What a node is. The numbers are stored: new kinds come last.</summary>
public enum SymbolKind
{
    Class,
    Struct,
    Interface,
    Record,
    RecordStruct,
    Enum,
    Delegate,
    Constructor,
    Method,
    Operator,
    Property,

    /// <summary>A property that a record makes of a parameter: it stands in the record's own signature.</summary>
    PositionalProperty,
    Indexer,
    Field,
    Event,
    EnumMember,
}

/// <summary>A type or a member where it is declared.</summary>
/// <param name="Id">The same in every file, for example <c>T:Clinic.Money</c>; <see langword="null"/> where only the syntax was read.</param>
/// <param name="Container">
/// The declaring type's place in <see cref="FileSymbols.Nodes"/>, which is the edge "declares"; -1 for a type of a namespace.
/// </param>
/// <param name="Signature">One line as C# writes it, without closing semicolon.</param>
/// <param name="FirstLine">From 0.</param>
/// <param name="LastLine">From 0, inclusive.</param>
/// <param name="IsPrivate">Only the declaring type sees it.</param>
public sealed record SymbolNode(
    string? Id,
    string Name,
    SymbolKind Kind,
    int Container,
    string Signature,
    int FirstLine,
    int LastLine,
    bool IsPrivate
)
{
    public bool IsType => Kind <= SymbolKind.Delegate;
}

/// <summary>How one symbol refers to another. The numbers are stored: new relations come last.</summary>
public enum SymbolRelation
{
    /// <summary>A class its base class, an interface its base interfaces.</summary>
    Inherits,

    /// <summary>A type an interface, a member an interface's member.</summary>
    Implements,
    Overrides,

    /// <summary>A member's code uses another member.</summary>
    Calls,

    /// <summary>The type of a parameter.</summary>
    Takes,

    /// <summary>The type of what a method returns, or of a property, field or event.</summary>
    Returns,
}

/// <summary>An edge from a node of the file to a symbol of any file.</summary>
/// <param name="From">The place in <see cref="FileSymbols.Nodes"/>; -1 for top-level statements.</param>
/// <param name="Target">The target's id.</param>
/// <param name="Line">From 0.</param>
public sealed record SymbolEdge(int From, SymbolRelation Relation, string Target, int Line);
