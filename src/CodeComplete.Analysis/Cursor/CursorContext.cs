using System.Buffers;

namespace CodeComplete.Analysis;

/// <summary>What kind of place the cursor is at.</summary>
public enum PlaceKind
{
    /// <summary>An expression, and none of the more exact kinds.</summary>
    Expression,

    /// <summary>After <c>.</c>, <c>?.</c> or <c>-&gt;</c>.</summary>
    MemberAccess,

    /// <summary>The start of an argument.</summary>
    Argument,
    StatementStart,
    TypeName,

    /// <summary>A member's name in <c>new T { ... }</c>.</summary>
    ObjectInitializer,
    Attribute,

    /// <summary>Where a member of a type, or a type, may be declared.</summary>
    Declaration,
    Using,

    /// <summary>A name that is being declared: the user invents it.</summary>
    NewName,
    String,
    Comment,
    DocComment,
    Directive,

    /// <summary>Inside <c>#if</c> of something that is not defined.</summary>
    DisabledCode,
}

/// <summary>What the cursor sees, as plain data.</summary>
public sealed record CursorContext
{
    private static readonly SearchValues<char> Closers = SearchValues.Create(")]}\"',;> ");

    public required PlaceKind Kind { get; init; }

    /// <summary>The cursor, in UTF-16 units from the start of the text.</summary>
    public required int Offset { get; init; }

    /// <summary>Where the name that is being typed starts; <see cref="Offset"/> where none is.</summary>
    public required int NameStart { get; init; }

    /// <summary>The typed part of that name.</summary>
    public required string TypedName { get; init; }

    /// <summary>The receiver's type at a member access, as C# writes it, where the compiler knows it.</summary>
    public string? ReceiverType { get; init; }

    /// <summary>The type that the expression at the cursor is converted to, where the compiler knows it.</summary>
    public string? ExpectedType { get; init; }

    /// <summary>The name of the member around the cursor.</summary>
    public string? EnclosingMember { get; init; }

    /// <summary>The name of the type around the cursor.</summary>
    public string? EnclosingType { get; init; }

    /// <summary>Names of the project's own types that matter here: the receiver's, the expected, those of the parameters around.</summary>
    public IReadOnlyList<string> RelatedTypes { get; init; } = [];

    /// <summary>The ids of <see cref="RelatedTypes"/> in the symbol graph, and of those that share a name with one of them.</summary>
    public IReadOnlyList<string> RelatedTypeIds { get; init; } = [];

    /// <summary>The receiver's type in the symbol graph; <see langword="null"/> where the project does not declare it.</summary>
    public string? ReceiverTypeId { get; init; }

    /// <summary>The expected type in the symbol graph; <see langword="null"/> where the project does not declare it.</summary>
    public string? ExpectedTypeId { get; init; }

    /// <summary>The project's own types among the parameters of the call whose arguments the cursor is in, over all its overloads.</summary>
    public IReadOnlyList<string> ArgumentTypeIds { get; init; } = [];

    /// <summary>
    /// The project's own member whose uses elsewhere show how to go on here: the one that is called with the argument at the cursor, else
    /// the one that is assigned to, else the one that gives the receiver.
    /// </summary>
    public string? MemberAtHandId { get; init; }

    /// <summary>The member around the cursor in the symbol graph.</summary>
    public string? EnclosingMemberId { get; init; }

    /// <summary>The members of the project that the one around the cursor overrides or implements: their other bodies are alike.</summary>
    public IReadOnlyList<string> EnclosingBaseIds { get; init; } = [];

    /// <summary>What stands right of the cursor on its line, without trailing blanks.</summary>
    public required string RestOfLine { get; init; }

    /// <summary>The rest of the line is nothing but closers, quotes, <c>,</c> and <c>;</c>.</summary>
    public bool OnlyClosersFollow => AreClosers(RestOfLine);

    /// <summary>The text is nothing but such characters and blanks.</summary>
    public static bool AreClosers(ReadOnlySpan<char> text) => !text.ContainsAnyExcept(Closers);

    /// <summary>Code may be written here: not in a string, a comment or disabled code.</summary>
    public bool IsCode =>
        Kind is not (PlaceKind.String or PlaceKind.Comment or PlaceKind.DocComment or PlaceKind.Directive or PlaceKind.DisabledCode);
}
