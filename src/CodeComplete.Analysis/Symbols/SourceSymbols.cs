namespace CodeComplete.Analysis;

/// <summary>What a source file declares, and what that refers to, as plain data.</summary>
/// <param name="IsBound">The compiler was asked: members have ids and there are references. Otherwise only the syntax was read.</param>
/// <param name="Declarations">In the order of the source; a container stands before its members.</param>
public sealed record SourceSymbols(bool IsBound, IReadOnlyList<SymbolDeclaration> Declarations, IReadOnlyList<SymbolReference> References);

public enum DeclarationKind
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
/// <param name="Id">
/// The documentation comment id (<c>T:Clinic.Money</c>, <c>M:Clinic.Money.Add(Clinic.Money)</c>), the same in every file. A type's is known
/// from syntax alone; a member's only where the file is bound.
/// </param>
/// <param name="Container">The declaring type's place in <see cref="SourceSymbols.Declarations"/>; -1 for a type of a namespace.</param>
/// <param name="Signature">One line as C# writes it, without attributes, body and closing semicolon.</param>
/// <param name="FirstLine">From 0; attributes and comments above are not counted.</param>
/// <param name="LastLine">From 0, inclusive.</param>
/// <param name="IsPrivate">Only the declaring type sees it: private, or an explicit implementation of an interface's member.</param>
public sealed record SymbolDeclaration(
    string? Id,
    string Name,
    DeclarationKind Kind,
    int Container,
    string Signature,
    int FirstLine,
    int LastLine,
    bool IsPrivate
);

public enum ReferenceKind
{
    /// <summary>A class from its base class, an interface from its base interfaces.</summary>
    Inherits,

    /// <summary>A type an interface, a member an interface's member.</summary>
    Implements,
    Overrides,

    /// <summary>A member's code uses another: a method, property, field, event or constructor.</summary>
    Calls,

    /// <summary>The type of a parameter.</summary>
    Takes,

    /// <summary>The type of what a method returns, or of a property, field or event.</summary>
    Returns,
}

/// <summary>One edge of the symbol graph. That a container declares a member is <see cref="SymbolDeclaration.Container"/>.</summary>
/// <param name="From">The place in <see cref="SourceSymbols.Declarations"/>; -1 for top-level statements.</param>
/// <param name="Target">
/// The id of a symbol of the project; .NET's own and those of packages are left out. A constructor that nobody wrote, or that stands in the
/// type's own signature, goes by the type's id.
/// </param>
/// <param name="Line">From 0.</param>
public sealed record SymbolReference(int From, ReferenceKind Kind, string Target, int Line);
