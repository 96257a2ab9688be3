using System.Collections.Frozen;

namespace CodeComplete.Memory.Snippets;

/// <summary>Words that stand in all C# code and so say nothing about what it is about.</summary>
internal static class StopWords
{
    private static readonly FrozenSet<string> Names = Set(
        """
        abstract add alias allows and args as ascending async await base bool break by byte case catch char checked class const continue
        decimal default delegate descending do double dynamic else enum equals event explicit extension extern false field file finally
        fixed float for foreach from get global goto group if implicit in init int interface internal into is join let lock long managed
        nameof namespace new nint not notnull nuint null object on operator or orderby out override params partial private protected public
        readonly record ref remove required return sbyte scoped sealed select set short sizeof stackalloc static string struct switch this
        throw true try typeof uint ulong unchecked unmanaged unsafe ushort using value var virtual void volatile when where while with yield
        System Object String Boolean Int32 Task ToString GetHashCode Equals GetType
        """
    );

    private static readonly FrozenSet<string> Parts = Set(
        "get set has the for and new with from can not add all async base class int bool string object value item items result system"
    );

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> NameLookup = Names.GetAlternateLookup<
        ReadOnlySpan<char>
    >();

    /// <summary>Is it a keyword, or a name that every project uses everywhere? Case matters, as it does in C#.</summary>
    public static bool IsName(ReadOnlySpan<char> name) => NameLookup.Contains(name);

    /// <summary>Is it a part (lower-cased) that every other name has?</summary>
    public static bool IsPart(string part) => Parts.Contains(part);

    private static FrozenSet<string> Set(string words) =>
        words.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);
}
