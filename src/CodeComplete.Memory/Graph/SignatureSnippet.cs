using System.Text;
using CodeComplete.Memory.Snippets;

namespace CodeComplete.Memory;

/// <summary>A type's members as C# would declare them, without bodies: what a caller needs to know of it.</summary>
/// <param name="Path">The file that declares the type.</param>
/// <param name="Line">Where, from 0.</param>
/// <param name="Text">The type's own line, and of its members those that fit, inherited ones among them, in the order of the source.</param>
public sealed record SignatureSnippet(string Path, int Line, string Text)
{
    /// <param name="typeId">A type of the project.</param>
    /// <param name="words">Names that matter where the snippet is wanted; members that share words with them come first when lines are few.</param>
    /// <param name="mostLines">Braces and the type's own line are counted; at least 4.</param>
    /// <param name="askingPath">The file that wants it: private members are shown only to the one that declares the type.</param>
    /// <returns><see langword="null"/> where the type is not known, or has nothing to show.</returns>
    public static SignatureSnippet? Build(SymbolGraph graph, string typeId, IEnumerable<string> words, int mostLines, string? askingPath)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentOutOfRangeException.ThrowIfLessThan(mostLines, 4);
        if (graph.Declaration(typeId) is not { Node.IsType: true } type)
        {
            return null;
        }

        var wanted = words.ToHashSet(StringComparer.Ordinal);
        var parts = wanted.SelectMany(NameParts.Of).ToHashSet(StringComparer.Ordinal);
        var members = graph
            .Members(typeId)
            .Where(m => m.Node.Kind != SymbolKind.PositionalProperty && (!m.Node.IsPrivate || m.Path == askingPath))
            .DistinctBy(m => m.Node.Signature, StringComparer.Ordinal)
            .Index()
            .OrderByDescending(m => Relevance(m.Item.Node, wanted, parts))
            .ThenBy(m => m.Index)
            .Take(mostLines - 3)
            .OrderBy(m => m.Index)
            .Select(m => m.Item.Node)
            .ToList();
        return members.Count == 0 && type.Node.Kind is not (SymbolKind.Delegate or SymbolKind.Record or SymbolKind.RecordStruct)
            ? null
            : new SignatureSnippet(type.Path, type.Node.FirstLine, Write(type.Node, members));
    }

    private static string Write(SymbolNode type, List<SymbolNode> members)
    {
        if (members.Count == 0)
        {
            return type.Signature + ";";
        }

        var text = new StringBuilder().Append(type.Signature).Append("\n{\n");
        foreach (var member in members)
        {
            text.Append("    ").Append(member.Signature);
            if (member.Kind == SymbolKind.EnumMember)
            {
                text.Append(',');
            }
            else if (!member.Signature.EndsWith('}'))
            {
                text.Append(';');
            }

            text.Append('\n');
        }

        return text.Append('}').ToString();
    }

    /// <summary>A name that is asked for outweighs any words in common; without either, what can be called from outside comes first.</summary>
    private static int Relevance(SymbolNode member, HashSet<string> names, HashSet<string> parts) =>
        (names.Contains(member.Name) ? 100 : 0)
        + (10 * NameParts.Of(member.Name).Count(parts.Contains))
        + (member.IsPrivate || member.Kind is SymbolKind.Constructor or SymbolKind.Operator ? 0 : 1);
}
