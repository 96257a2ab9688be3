using CodeComplete.Analysis;
using CodeComplete.Engine.Documents;
using CodeComplete.Engine.Learning;
using CodeComplete.Memory;
using CodeComplete.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace CodeComplete.Engine.Tests.Learning;

public sealed class GraphIndexingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly IdleWork _idle = new(new Activity(), TimeSpan.Zero);

    public void Dispose()
    {
        _idle.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task All_files_are_read_and_joined_into_one_graph()
    {
        var store = Store();
        await using var workspace = await LoadAsync();

        var read = await Indexing(workspace).RunAsync(store, _idle, TestContext.Current.CancellationToken);

        Assert.Equal(3, read);
        var use = Assert.Single(store.Graph.Usages("M:Shop.Money.Add(Shop.Money)", 10));
        Assert.Equal(("Use.cs", 4, "Twice"), (Path.GetFileName(use.Path), use.Line, use.From?.Name));
        Assert.Equal("sealed record Money(decimal Amount) : IMoney", store.Graph.Declaration("T:Shop.Money")?.Node.Signature);
        Assert.Equal(["Money"], store.Graph.Implementations("T:Shop.IMoney").Select(p => p.Node.Name));
        Assert.Equal(["Add"], store.Graph.Implementations("M:Shop.IMoney.Add(Shop.Money)").Select(p => p.Node.Name));
    }

    [Fact]
    public async Task A_cancelled_pass_is_gone_on_with()
    {
        var store = Store();
        await using var workspace = await LoadAsync();
        using var cancellation = new CancellationTokenSource();
        store.Kept += cancellation.Cancel;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Indexing(workspace).RunAsync(store, _idle, cancellation.Token));
        Assert.Equal(1, store.Graph.Files);
        store.Kept -= cancellation.Cancel;
        var rest = await Indexing(workspace).RunAsync(store, _idle, TestContext.Current.CancellationToken);

        Assert.Equal(2, rest);
        Assert.Empty(store.Lacking());
    }

    [Fact]
    public async Task A_file_that_was_never_there_and_one_that_fails_keep_no_other_out()
    {
        var store = Store("Never.cs");
        await using var workspace = await LoadAsync();
        store.Kept += () => _ = store.Graph.Files == 1 ? throw new IOException("The disk is full.") : 0;

        Assert.Equal(2, await Indexing(workspace).RunAsync(store, _idle, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task What_is_read_is_the_editors_text()
    {
        var store = Store();
        await using var workspace = await LoadAsync();
        var path = Path.Combine(_folder.Path, "Use.cs");
        workspace.Open(path, 1, "namespace Shop; class Edited { }");

        await Indexing(workspace).RunAsync(store, _idle, TestContext.Current.CancellationToken);

        Assert.Equal("namespace Shop; class Edited { }", store.Texts[path]);
        Assert.Equal(path, Assert.Single(store.Graph.FindTypes("Edited")).Path);
    }

    [Fact]
    public void Every_kind_and_relation_of_Analysis_has_its_like_in_Memory()
    {
        var source = new SourceSymbols(
            IsBound: true,
            [
                .. Enum.GetValues<DeclarationKind>()
                    .Select(kind => new SymbolDeclaration("id", "Name", kind, 0, "signature", 1, 2, IsPrivate: true)),
            ],
            [.. Enum.GetValues<ReferenceKind>().Select(kind => new SymbolReference(3, kind, "target", 4))]
        );

        var symbols = source.ToMemory();

        Assert.Equal(Enum.GetNames<DeclarationKind>(), symbols.Nodes.Select(n => n.Kind.ToString()));
        Assert.Equal(Enum.GetNames<ReferenceKind>(), symbols.Edges.Select(e => e.Relation.ToString()));
        Assert.Equal(new SymbolNode("id", "Name", SymbolKind.Class, 0, "signature", 1, 2, IsPrivate: true), symbols.Nodes[0]);
        Assert.Equal(new SymbolEdge(3, SymbolRelation.Inherits, "target", 4), symbols.Edges[0]);
    }

    private static GraphIndexing Indexing(CodeWorkspace workspace) => new(workspace, NullLogger.Instance);

    private StoredSymbols Store(params string[] missing) =>
        new([
            .. missing.Select(name => Path.Combine(_folder.Path, name)),
            _folder.Write("IMoney.cs", "namespace Shop;\n\ninterface IMoney { Money Add(Money other); }\n"),
            _folder.Write(
                "Money.cs",
                "namespace Shop;\n\nsealed record Money(decimal Amount) : IMoney { public Money Add(Money other) => new(Amount + other.Amount); }\n"
            ),
            _folder.Write("Use.cs", "namespace Shop;\n\nclass Use\n{\n    Money Twice(Money money) => money.Add(money);\n}\n"),
        ]);

    private async Task<CodeWorkspace> LoadAsync()
    {
        // A repository's root: nothing above it belongs to the test.
        Directory.CreateDirectory(Path.Combine(_folder.Path, ".git"));
        var workspace = new CodeWorkspace(new WorkspaceOptions { Folders = [_folder.Path] });
        await workspace.LoadAsync(firstFile: null, TestContext.Current.CancellationToken);
        return workspace;
    }

    private sealed class StoredSymbols : ISymbolStore
    {
        private readonly Dictionary<string, byte[]> _blobs = new(StringComparer.Ordinal);
        private readonly IReadOnlyList<string> _paths;

        public StoredSymbols(IReadOnlyList<string> paths)
        {
            _paths = paths;
            Graph = new SymbolGraph(path => FileSymbolsBlob.Read(_blobs[path]));
        }

        public event Action? Kept;

        public SymbolGraph Graph { get; }

        public Dictionary<string, string> Texts { get; } = new(StringComparer.Ordinal);

        public IReadOnlyList<string> Lacking() => [.. _paths.Where(p => !_blobs.ContainsKey(p))];

        public void Put(string path, string text, FileSymbols symbols)
        {
            _blobs[path] = FileSymbolsBlob.Write(symbols);
            Texts[path] = text;
            Graph.Put(path, symbols);
            Kept?.Invoke();
        }
    }
}
