using CodeComplete.Memory.Graph;

namespace CodeComplete.Memory;

/// <summary>
/// The project's symbols and their relations. In memory stands only which file declares or refers to what, as 8 bytes a fact; what a file
/// says in full is fetched when it is asked. Answers are in the order of paths and lines. Thread-safe.
/// </summary>
/// <param name="fetch">Gives what was last put for a path; <see langword="null"/> where that cannot be read, which leaves the file out.</param>
public sealed class SymbolGraph(Func<string, FileSymbols?> fetch)
{
    /// <summary>Deeper hierarchies than this are nobody's; it also ends a circle of files that were read at different times.</summary>
    private const int DeepestHierarchy = 8;

    private readonly Lock _gate = new();
    private readonly FilePostings _postings = new();

    /// <summary>How many files have symbols.</summary>
    public int Files
    {
        get
        {
            lock (_gate)
            {
                return _postings.Files;
            }
        }
    }

    /// <summary>What it takes in memory, in bytes, paths left out.</summary>
    public long Bytes
    {
        get
        {
            lock (_gate)
            {
                return _postings.Bytes;
            }
        }
    }

    /// <summary>Takes a file in, in the place of what was known of it. <paramref name="symbols"/> is not kept.</summary>
    public void Put(string path, FileSymbols symbols)
    {
        ArgumentNullException.ThrowIfNull(symbols);
        var keys = new HashSet<int>();
        foreach (var node in symbols.Nodes)
        {
            if (node.Id is { } id)
            {
                keys.Add(DeclarationKey(id));
            }

            if (node.IsType)
            {
                keys.Add(NameKey(node.Name));
            }
        }

        foreach (var edge in symbols.Edges)
        {
            keys.Add(EdgeKey(edge.Relation, edge.Target));
        }

        lock (_gate)
        {
            _postings.Put(path, keys);
        }
    }

    public void Remove(string path)
    {
        lock (_gate)
        {
            _postings.Remove(path);
        }
    }

    /// <summary>Where a symbol is declared; of a partial type the first place.</summary>
    public SymbolPlace? Declaration(string id) => Declarations(id).Select(d => d.Place).FirstOrDefault();

    /// <summary>The types of a name, without namespace and type parameters: also of files of which only the syntax was read.</summary>
    public IReadOnlyList<SymbolPlace> FindTypes(string name) =>
        [
            .. FilesOf(NameKey(name))
                .SelectMany(f => f.Symbols.Nodes.Where(n => n.IsType && n.Name == name).Select(n => new SymbolPlace(f.Path, n))),
        ];

    /// <summary>
    /// The members of a type in the order of the source, then those of its bases and interfaces, nearest first. What a member overrides or
    /// implements is not named again, nor are types inside the type.
    /// </summary>
    public IReadOnlyList<SymbolPlace> Members(string typeId)
    {
        var members = new List<SymbolPlace>();
        // What a nearer member stands in for.
        var hidden = new HashSet<string>(StringComparer.Ordinal);
        foreach (var id in WithRelated(typeId, BasesOf))
        {
            foreach (var (place, symbols, at) in Declarations(id))
            {
                for (var i = at + 1; i < symbols.Nodes.Count; i++)
                {
                    var node = symbols.Nodes[i];
                    if (node.Container != at || node.IsType)
                    {
                        continue;
                    }

                    if (node.Id is not { } member || !hidden.Contains(member))
                    {
                        members.Add(place with { Node = node });
                    }

                    // Of what is hidden itself, too: an override may stand over an override.
                    hidden.UnionWith(
                        symbols
                            .Edges.Where(e => e.From == i && e.Relation is SymbolRelation.Overrides or SymbolRelation.Implements)
                            .Select(e => e.Target)
                    );
                }
            }
        }

        return members;
    }

    /// <summary>The places that use a member, or what overrides or implements it.</summary>
    public IReadOnlyList<SymbolUse> Usages(string memberId, int most) =>
        Uses(WithRelated(memberId, id => ReplacementsOf(id, most), most), most);

    /// <summary>The places that use any member of a type itself, its constructors among them.</summary>
    public IReadOnlyList<SymbolUse> UsagesOfMembersOf(string typeId, int most) =>
        Uses(
            [
                .. Declarations(typeId)
                    .SelectMany(d => d.Symbols.Nodes.Where(n => n.Container == d.At && !n.IsType))
                    .Select(n => n.Id)
                    .OfType<string>()
                    .Prepend(typeId),
            ],
            most
        );

    /// <summary>The types that inherit from or implement a type, or the members that override or implement a member; directly or not.</summary>
    /// <param name="most">Of some members (<c>IDisposable.Dispose</c>) there is one in every other file, and each is a file to open.</param>
    public IReadOnlyList<SymbolPlace> Implementations(string id, int most = int.MaxValue) =>
        InOrder(
            WithRelated(id, i => [.. HeirsOf(i, most), .. ReplacementsOf(i, most)], most)
                .Skip(1)
                .SelectMany(Declarations)
                .Take(most)
                .Select(d => d.Place)
        );

    /// <summary>The members whose code uses a member, or what overrides or implements it; each once.</summary>
    public IReadOnlyList<SymbolPlace> Callers(string memberId) =>
        [.. Usages(memberId, int.MaxValue).Where(u => u.From is not null).Select(u => new SymbolPlace(u.Path, u.From!)).Distinct()];

    /// <summary>The symbols that stand in a relation to another: for <see cref="SymbolRelation.Returns"/>, what returns a type.</summary>
    public IReadOnlyList<SymbolUse> Incoming(SymbolRelation relation, string targetId, int most) => Uses(relation, [targetId], most);

    private List<SymbolUse> Uses(IReadOnlyList<string> targets, int most) => Uses(SymbolRelation.Calls, targets, most);

    private List<SymbolUse> Uses(SymbolRelation relation, IReadOnlyList<string> targets, int most)
    {
        var wanted = targets.ToHashSet(StringComparer.Ordinal);
        return
        [
            .. FilesOf([.. targets.Select(t => EdgeKey(relation, t))])
                .SelectMany(f =>
                    f.Symbols.Edges.Where(e => e.Relation == relation && wanted.Contains(e.Target))
                        .OrderBy(e => e.Line)
                        .Select(e => new SymbolUse(f.Path, e.Line, e.From < 0 ? null : f.Symbols.Nodes[e.From]))
                )
                .Distinct()
                .Take(most),
        ];
    }

    private IEnumerable<(SymbolPlace Place, FileSymbols Symbols, int At)> Declarations(string id) =>
        FilesOf(DeclarationKey(id))
            .SelectMany(f =>
                f.Symbols.Nodes.Index().Where(n => n.Item.Id == id).Select(n => (new SymbolPlace(f.Path, n.Item), f.Symbols, n.Index))
            );

    private IEnumerable<string> BasesOf(string typeId) =>
        Declarations(typeId)
            .SelectMany(d =>
                d.Symbols.Edges.Where(e => e.From == d.At && e.Relation is SymbolRelation.Inherits or SymbolRelation.Implements)
                    .OrderBy(e => e.Relation)
            )
            .Select(e => e.Target);

    private IEnumerable<string> HeirsOf(string typeId, int most) => SourcesOf(SymbolRelation.Inherits, typeId, most);

    private IEnumerable<string> ReplacementsOf(string memberId, int most) =>
        SourcesOf(SymbolRelation.Overrides, memberId, most).Concat(SourcesOf(SymbolRelation.Implements, memberId, most));

    private IEnumerable<string> SourcesOf(SymbolRelation relation, string target, int most) =>
        Uses(relation, [target], most).Select(u => u.From?.Id).OfType<string>();

    /// <summary>A symbol and, level by level, those it is related to; each once, and those of further levels only while there are fewer than <paramref name="most"/>.</summary>
    private static List<string> WithRelated(string id, Func<string, IEnumerable<string>> related, int most = int.MaxValue)
    {
        var all = new List<string> { id };
        var seen = new HashSet<string>(StringComparer.Ordinal) { id };
        var (from, depth) = (0, 0);
        while (from < all.Count && all.Count <= most && depth++ < DeepestHierarchy)
        {
            var level = all[from..];
            from = all.Count;
            all.AddRange(level.SelectMany(related).Where(seen.Add).Take(most));
        }

        return all;
    }

    private static List<SymbolPlace> InOrder(IEnumerable<SymbolPlace> places) =>
        [.. places.Distinct().OrderBy(p => p.Path, StringComparer.Ordinal).ThenBy(p => p.Node.FirstLine)];

    /// <summary>The files that mention any of the keys, opened one by one as they are asked for.</summary>
    private IEnumerable<(string Path, FileSymbols Symbols)> FilesOf(params IReadOnlyList<int> keys)
    {
        SortedSet<string> paths;
        lock (_gate)
        {
            paths = new SortedSet<string>(keys.SelectMany(_postings.Find), StringComparer.Ordinal);
        }

        foreach (var path in paths)
        {
            if (fetch(path) is { } symbols)
            {
                yield return (path, symbols);
            }
        }
    }

    private static int DeclarationKey(string id) => HashCode.Combine(-1, id);

    private static int NameKey(string name) => HashCode.Combine(-2, name);

    private static int EdgeKey(SymbolRelation relation, string target) => HashCode.Combine((int)relation, target);
}
