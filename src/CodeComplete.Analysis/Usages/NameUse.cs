namespace CodeComplete.Analysis;

/// <summary>A place where a document uses a member or a type that the loaded sources themselves declare. Offsets are UTF-16 units.</summary>
public sealed record NameUse
{
    /// <summary>Where the name begins.</summary>
    public required int Start { get; init; }

    public required string Name { get; init; }

    /// <summary>A type is named; else a method, property, field or event.</summary>
    public required bool IsType { get; init; }

    /// <summary>The name stands right of <c>.</c>, <c>?.</c> or <c>-&gt;</c>.</summary>
    public required bool IsAfterDot { get; init; }

    /// <summary>The file that declares it; of a partial type or method this one, where it declares a part.</summary>
    public required string DeclaredIn { get; init; }

    /// <summary><see cref="DeclaredIn"/> is another file.</summary>
    public required bool IsDeclaredElsewhere { get; init; }

    /// <summary>Where the statement around it begins; <see langword="null"/> outside of statements.</summary>
    public int? StatementStart { get; init; }

    /// <summary>Where the member around it begins, with its attributes.</summary>
    public int? MemberStart { get; init; }

    /// <summary>Right after the <c>(</c> of the innermost argument list around it.</summary>
    public int? ArgumentsStart { get; init; }

    /// <summary>Where the <c>)</c> of that list stands; <see langword="null"/> where it is missing.</summary>
    public int? ArgumentsEnd { get; init; }
}
