using CodeComplete.Memory.Graph;
using CsCheck;

namespace CodeComplete.Memory.Tests.Graph;

public sealed class SymbolGraphTests
{
    [Fact]
    public void A_declaration_is_found_by_its_id()
    {
        var graph = new GraphFiles().Put("Money.cs", "T:Shop.Money", "M:Shop.Money.Add").Graph;

        var place = graph.Declaration("M:Shop.Money.Add");

        Assert.Equal(("Money.cs", 1, "public void Add()"), (place?.Path, place?.Node.FirstLine, place?.Node.Signature));
        Assert.Null(graph.Declaration("M:Shop.Money.Sub"));
    }

    [Fact]
    public void Of_a_partial_type_all_members_are_known_and_the_first_file_declares_it()
    {
        var graph = new GraphFiles().Put("b.cs", "T:A", "M:A.Two").Put("a.cs", "T:A", "M:A.One").Graph;

        Assert.Equal("a.cs", graph.Declaration("T:A")?.Path);
        Assert.Equal(["One", "Two"], Names(graph.Members("T:A")));
    }

    [Fact]
    public void Types_are_found_by_name_where_only_the_syntax_was_read()
    {
        var files = new GraphFiles();
        files.Put(
            "a.cs",
            new FileSymbols(
                IsBound: false,
                [
                    new SymbolNode("T:Shop.Money", "Money", SymbolKind.Struct, -1, "struct Money", 0, 3, IsPrivate: false),
                    new SymbolNode(null, "Add", SymbolKind.Method, 0, "public Money Add(Money other)", 2, 2, IsPrivate: false),
                ],
                []
            )
        );

        Assert.Equal("T:Shop.Money", Assert.Single(files.Graph.FindTypes("Money")).Node.Id);
        Assert.Equal(["Add"], Names(files.Graph.Members("T:Shop.Money")));
        Assert.Empty(files.Graph.FindTypes("Add"));
    }

    [Fact]
    public void Inherited_members_follow_the_own_ones_without_what_is_overridden_or_implemented()
    {
        var graph = new GraphFiles()
            .Put("Base.cs", "T:Base", "> Inherits T:Root", "M:Base.F", "> Overrides M:Root.F", "M:Base.H")
            .Put(
                "Derived.cs",
                "T:Derived",
                "> Implements T:IG",
                "> Inherits T:Base",
                "M:Derived.F",
                "> Overrides M:Base.F",
                "M:Derived.G",
                "> Implements M:IG.G"
            )
            .Put("IG.cs", "T:IG", "M:IG.G", "M:IG.Extra")
            .Put("Root.cs", "T:Root", "M:Root.F", "M:Root.R")
            .Graph;

        Assert.Equal(["F", "G", "H", "Extra", "R"], Names(graph.Members("T:Derived")));
    }

    [Fact]
    public void A_circle_of_types_has_an_end()
    {
        var graph = new GraphFiles()
            .Put("a.cs", "T:A", "> Inherits T:B", "M:A.F", "> Overrides M:B.F")
            .Put("b.cs", "T:B", "> Inherits T:A", "M:B.F", "> Overrides M:A.F", "> Calls M:A.F")
            .Graph;

        Assert.Equal(["F"], Names(graph.Members("T:A")));
        Assert.Equal(["A", "B"], Names(graph.Implementations("T:A").Append(graph.Declaration("T:A")!).OrderBy(p => p.Path)));
        Assert.Equal([("b.cs", 4)], graph.Usages("M:A.F", 10).Select(u => (u.Path, u.Line)));
    }

    [Fact]
    public void Usages_go_into_what_overrides_and_implements_and_come_in_order()
    {
        var graph = new GraphFiles()
            .Put("z.cs", "T:Z", "M:Z.Run", "> Calls M:IA.F", "> Calls M:B.F")
            .Put("b.cs", "T:B", "> Inherits T:A", "M:B.F", "> Overrides M:A.F")
            .Put("a.cs", "T:A", "> Implements T:IA", "M:A.F", "> Implements M:IA.F", "M:A.Own", "> Calls M:A.F")
            .Put("IA.cs", "T:IA", "M:IA.F")
            .Put("unrelated.cs", "T:U", "M:U.Run", "> Calls M:U.F")
            .Graph;

        Assert.Equal([("a.cs", 5), ("z.cs", 2), ("z.cs", 3)], graph.Usages("M:IA.F", 10).Select(u => (u.Path, u.Line)));
        Assert.Equal([("a.cs", 5)], graph.Usages("M:IA.F", 1).Select(u => (u.Path, u.Line)));
        Assert.Equal(["Own", "Run"], Names(graph.Callers("M:IA.F")));
        Assert.Equal(["Run"], Names(graph.Callers("M:B.F")));
        Assert.Equal(["F", "F"], Names(graph.Implementations("M:IA.F")));
        Assert.Equal(["A", "B"], Names(graph.Implementations("T:IA")));
    }

    [Fact]
    public void Usages_of_a_types_members_and_what_returns_it_are_known()
    {
        var graph = new GraphFiles()
            .Put("Money.cs", "T:Money", "M:Money.Add", "M:Money.Sub", "> Returns T:Money")
            .Put("Use.cs", "T:Use", "M:Use.Run", "> Calls M:Money.Add", "> Calls T:Money", "> Takes T:Money", "> Calls M:Other.Add")
            .Graph;

        Assert.Equal([2, 3], graph.UsagesOfMembersOf("T:Money", 10).Select(u => u.Line));
        Assert.Equal("Sub", Assert.Single(graph.Incoming(SymbolRelation.Returns, "T:Money", 10)).From?.Name);
        Assert.Equal("Run", Assert.Single(graph.Incoming(SymbolRelation.Takes, "T:Money", 10)).From?.Name);
    }

    [Fact]
    public void A_file_that_changes_or_goes_takes_its_symbols_along()
    {
        var files = new GraphFiles().Put("a.cs", "T:A", "M:A.Old").Put("b.cs", "T:B", "M:B.Run", "> Calls M:A.Old");

        files.Put("a.cs", "T:A", "M:A.New");
        Assert.Null(files.Graph.Declaration("M:A.Old"));
        Assert.Equal(["New"], Names(files.Graph.Members("T:A")));

        files.Remove("a.cs");
        files.Remove("never there.cs");
        Assert.Null(files.Graph.Declaration("T:A"));
        Assert.Single(files.Graph.Usages("M:A.Old", 10));
        Assert.Equal(1, files.Graph.Files);
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_left_out()
    {
        var files = new GraphFiles().Put("a.cs", "T:A", "M:A.F", "> Calls M:A.F").Put("b.cs", "T:B", "M:B.F", "> Calls M:A.F");
        files.LoseBlob("a.cs");

        Assert.Null(files.Graph.Declaration("T:A"));
        Assert.Equal(["b.cs"], files.Graph.Usages("M:A.F", 10).Select(u => u.Path));
    }

    [Fact]
    public void Postings_hold_what_a_plain_set_holds_through_merges()
    {
        var change = Gen.Select(Gen.Int[0, 9], Gen.Int[0, 40].Array[0, 3000], Gen.Bool);
        change
            .Array[1, 40]
            .Sample(
                changes =>
                {
                    var postings = new FilePostings();
                    var plain = new Dictionary<string, HashSet<int>>(StringComparer.Ordinal);
                    foreach (var (file, keys, removes) in changes)
                    {
                        var path = $"{file}.cs";
                        // Many different keys fill the postings up to a merge; the few asked for lie among them.
                        var spread = keys.Select((k, i) => i < 5 ? k : (i * 7919) + k).ToHashSet();
                        if (removes)
                        {
                            postings.Remove(path);
                            plain.Remove(path);
                        }
                        else
                        {
                            postings.Put(path, spread);
                            plain[path] = spread;
                        }
                    }

                    Assert.Equal(plain.Count, postings.Files);
                    foreach (var key in Enumerable.Range(0, 41))
                    {
                        Assert.Equal(
                            plain.Where(p => p.Value.Contains(key)).Select(p => p.Key).Order(StringComparer.Ordinal),
                            postings.Find(key).Order(StringComparer.Ordinal)
                        );
                    }
                },
                iter: 60
            );
    }

    [Fact]
    public void It_may_be_asked_while_it_is_written()
    {
        var graph = new SymbolGraph(path => new FileSymbols(
            IsBound: true,
            [new SymbolNode("T:" + path, path, SymbolKind.Class, -1, "class", 0, 0, IsPrivate: false)],
            [new SymbolEdge(0, SymbolRelation.Calls, "M:X", 0)]
        ));
        graph.Put("steady", new FileSymbols(IsBound: true, [], [new SymbolEdge(-1, SymbolRelation.Calls, "M:X", 0)]));

        Parallel.For(
            0,
            4000,
            i =>
            {
                var path = $"f{i % 50}";
                switch (i % 3)
                {
                    case 0:
                        graph.Put(
                            path,
                            new FileSymbols(
                                IsBound: true,
                                [],
                                [.. Enumerable.Range(0, 60).Select(n => new SymbolEdge(-1, SymbolRelation.Calls, $"M:{i}.{n}", 0))]
                            )
                        );
                        break;
                    case 1:
                        graph.Remove(path);
                        break;
                    default:
                        Assert.Contains(graph.Usages("M:X", 100), u => u.Path == "steady");
                        break;
                }
            }
        );

        Assert.InRange(graph.Files, 1, 51);
    }

    private static IEnumerable<string> Names(IEnumerable<SymbolPlace> places) => places.Select(p => p.Node.Name);
}
