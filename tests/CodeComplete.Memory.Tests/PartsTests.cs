using System.Text;
using CodeComplete.Memory.Snippets;

namespace CodeComplete.Memory.Tests;

/// <summary>What is made of files in idle time: that it comes, comes back, goes, and that making it has an end.</summary>
public sealed class PartsTests : IDisposable
{
    private const string Secret = "AKIAQ7XZ4PL2MND8WT3R";

    private readonly Opened _opened = new();
    private readonly Letters _letters = new();

    public void Dispose() => _opened.Dispose();

    [Fact]
    public void What_was_made_is_taken_in_after_a_reopening_and_not_made_again()
    {
        var memory = Open(new Embedder());
        Samples.PutAll(memory);
        PutSymbols(memory, "Stock/Warehouse.cs", Samples.Warehouse, "class Warehouse");
        ReadAll(memory);
        var (vectors, ngrams) = (memory.Statistics.Vectors, memory.Ngrams!.Save());
        Assert.True(vectors > 0);

        _opened.Close();
        var (embedder, encoded) = (new Embedder(), _letters.Encoded);
        memory = Open(embedder);
        ReadAll(memory);

        Assert.Equal((0, encoded), (embedder.Calls, _letters.Encoded));
        Assert.Equal((vectors, 1), (memory.Statistics.Vectors, memory.Statistics.Symbols));
        Assert.Equal(ngrams, memory.Ngrams!.Save());
    }

    [Fact]
    public void Of_a_changed_file_all_is_made_anew_and_of_no_other()
    {
        var embedder = new Embedder();
        var memory = Open(embedder);
        memory.Put("A.cs", Samples.Discounts);
        memory.Put("B.cs", Samples.Warehouse);
        PutSymbols(memory, "A.cs", Samples.Discounts, "class DiscountPolicy");
        ReadAll(memory);
        var (calls, encoded) = (embedder.Calls, _letters.Encoded);

        memory.Put("A.cs", Samples.Mailer);
        Assert.Equal(0, memory.Statistics.Symbols);
        ReadAll(memory);

        // The old text once more, to take it out of the counts.
        Assert.Equal((calls + 1, encoded + 2), (embedder.Calls, _letters.Encoded));
        Assert.Equal(Counts(Samples.Mailer, Samples.Warehouse), memory.Ngrams!.Save());
        Assert.Contains("A.cs", memory.LackingSymbols(bound: false));
    }

    [Fact]
    public void Of_a_removed_file_nothing_is_left()
    {
        var memory = Open(new Embedder());
        memory.Put("B.cs", Samples.Warehouse);
        ReadAll(memory);
        var vectors = memory.Statistics.Vectors;
        memory.Put("A.cs", Samples.Discounts);
        PutSymbols(memory, "A.cs", Samples.Discounts, "class DiscountPolicy");
        ReadAll(memory);

        memory.Remove("A.cs");
        ReadAll(memory);

        Assert.Equal((vectors, 0), (memory.Statistics.Vectors, memory.Statistics.Symbols));
        Assert.Equal(Counts(Samples.Warehouse), memory.Ngrams!.Save());
    }

    [Fact]
    public void A_file_that_had_to_make_room_and_comes_back_is_not_counted_twice()
    {
        var memory = _opened.Open(_opened.Options with { MemoryBudgetBytes = 1 });
        memory.Put("A.cs", Samples.Discounts);
        ReadAll(memory);
        memory.Maintain();
        Assert.Equal(1, memory.Statistics.EvictedFiles);

        memory.Put("A.cs", Samples.Discounts);
        ReadAll(memory);

        Assert.Equal(Counts(Samples.Discounts), memory.Ngrams!.Save());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(256)]
    [InlineData(100)]
    [InlineData(-1)]
    public void Damaged_vectors_are_made_again(int length)
    {
        var memory = Open(new Embedder());
        Samples.PutAll(memory);
        ReadAll(memory);
        var vectors = memory.Statistics.Vectors;
        var hash = SnippetCutter.Hash(Samples.Warehouse);
        var whole = memory.Local.Parts.Find(PartKinds.Vectors, "embedder", "Stock/Warehouse.cs", hash)!;
        Assert.True(whole.Length > 256);
        var blob = length < 0 ? [.. whole.Select(static _ => (byte)0x80)] : new byte[length];
        Assert.True(memory.Local.Parts.Put(PartKinds.Vectors, "embedder", "Stock/Warehouse.cs", hash, blob));
        _opened.Close();

        memory = Open(new Embedder());
        ReadAll(memory);

        Assert.Equal(vectors, memory.Statistics.Vectors);
        Assert.Equal(whole, memory.Local.Parts.Find(PartKinds.Vectors, "embedder", "Stock/Warehouse.cs", hash));
    }

    [Fact]
    public void Damaged_symbols_are_lacking()
    {
        var memory = Open(new Embedder());
        memory.Put("A.cs", Samples.Discounts);
        memory.Local.Parts.Put(PartKinds.Graph, "symbols-1", "A.cs", SnippetCutter.Hash(Samples.Discounts), [1, 2, 3]);
        _opened.Close();

        memory = Open(new Embedder());
        Assert.Empty(memory.LackingSymbols(bound: false));
        ReadAll(memory);

        Assert.Equal(["A.cs"], memory.LackingSymbols(bound: false));
    }

    [Fact]
    public void Another_embedder_makes_all_vectors_anew()
    {
        var memory = Open(new Embedder());
        Samples.PutAll(memory);
        ReadAll(memory);
        _opened.Close();

        var other = new Embedder("another");
        memory = Open(other);
        ReadAll(memory);

        Assert.Equal(Samples.All.Count, other.Calls);
        Assert.True(memory.Statistics.Vectors > 0);
    }

    [Fact]
    public void A_query_is_embedded_as_one_and_once_a_place()
    {
        var embedder = new Embedder();
        var memory = Open(embedder);
        Samples.PutAll(memory);
        ReadAll(memory);
        Assert.Equal(Samples.All.Count, embedder.Kinds.Count(static kind => kind == EmbeddedKind.Snippet));

        var first = memory.Recall(Opened.Query("TryReserve(sku, quantity)"));
        var again = memory.Recall(Opened.Query("TryReserve(sku, quantity)"));
        memory.Recall(Opened.Query("TryReserve(sku, quantity).")); // another place

        Assert.Equal(2, embedder.Kinds.Count(static kind => kind == EmbeddedKind.Query));
        Assert.Contains(first.Snippets, static s => s.Sources.HasFlag(RecallSources.Vectors));
        Assert.Equal(first.Snippets, again.Snippets);
    }

    [Fact]
    public void Vectors_that_know_more_than_words_have_a_larger_vote()
    {
        var votes = new List<double>();
        foreach (var isLexical in new[] { true, false })
        {
            var memory = Open(new Embedder(isLexical ? "words" : "meanings") { IsLexical = isLexical });
            Samples.PutAll(memory);
            ReadAll(memory);
            votes.Add(memory.Recall(Opened.Query("TryReserve(sku, quantity)") with { Sources = RecallSources.Vectors }).Snippets[0].Score);
            memory.Dispose();
        }

        Assert.True(votes[1] > votes[0]);
    }

    [Fact]
    public void An_embedder_that_fails_keeps_neither_other_files_nor_other_parts_out_and_the_pass_ends()
    {
        var embedder = new Embedder { Embedding = static texts => Assert.DoesNotContain("TryReserve", string.Join("", texts)) };
        var memory = Open(embedder);
        Samples.PutAll(memory);

        var pieces = ReadAll(memory, mostFailures: 1);

        Assert.InRange(pieces, 1, 4 * Samples.All.Count);
        Assert.Equal(Samples.All.Count, embedder.Calls);
        Assert.Equal(Counts([.. Samples.All.Values]), memory.Ngrams!.Save());
    }

    [Fact]
    public void A_file_that_changes_while_it_is_read_gets_what_belongs_to_its_new_text()
    {
        ProjectMemory? memory = null;
        var embedder = new Embedder();
        embedder.Embedding = _ =>
        {
            if (embedder.Calls == 1)
            {
                memory!.Put("A.cs", Samples.Warehouse);
            }
        };
        memory = Open(embedder);
        memory.Put("A.cs", Samples.Discounts);

        ReadAll(memory);
        ReadAll(memory);

        Assert.Equal(2, embedder.Calls);
        Assert.Equal(memory.Statistics.Snippets, memory.Statistics.Vectors);
        Assert.Equal(Counts(Samples.Warehouse), memory.Ngrams!.Save());
    }

    [Fact]
    public void What_was_cancelled_is_done_by_the_next_call()
    {
        using var keystroke = new CancellationTokenSource();
        var embedder = new Embedder();
        embedder.Embedding = _ =>
        {
            if (embedder.Calls == 2)
            {
                keystroke.Cancel();
                keystroke.Token.ThrowIfCancellationRequested();
            }
        };
        var memory = Open(embedder);
        Samples.PutAll(memory);

        Assert.True(memory.ReadNext(_letters, keystroke.Token));
        Assert.ThrowsAny<OperationCanceledException>(() => memory.ReadNext(_letters, keystroke.Token));
        ReadAll(memory);

        Assert.Equal(Samples.All.Count + 1, embedder.Calls);
        Assert.Equal(memory.Statistics.Snippets, memory.Statistics.Vectors);
    }

    [Fact]
    public void A_memory_that_is_closed_reads_nothing_more()
    {
        var embedder = new Embedder();
        var memory = Open(embedder);
        Samples.PutAll(memory);
        Assert.True(memory.ReadNext(_letters, CancellationToken.None));
        memory.Dispose();

        Assert.False(memory.ReadNext(_letters, CancellationToken.None));
        Assert.Equal(1, embedder.Calls);
    }

    [Fact]
    public void A_killed_process_loses_few_counts()
    {
        var memory = Open(new Embedder());
        for (var i = 0; i < 80; i++)
        {
            memory.Put($"F{i}.cs", Samples.Synthetic(i, members: 1));
        }

        ReadAll(memory);

        Assert.NotNull(memory.Local.Parts.Image(PartKinds.Ngrams, _letters.Id));
    }

    [Fact]
    public void Secrets_in_signatures_are_neither_stored_nor_recalled()
    {
        var memory = Open(new Embedder());
        memory.Put("A.cs", Samples.Discounts);
        var symbols = new FileSymbols(
            IsBound: true,
            [
                new SymbolNode("T:Symbol", "Symbol", SymbolKind.Class, -1, "class Symbol", 4, 10, IsPrivate: false),
                new SymbolNode("M:Open", "Open", SymbolKind.Method, 0, $"void Open(string key = \"{Secret}\")", 5, 6, IsPrivate: false),
            ],
            []
        );
        Assert.True(memory.PutSymbols("A.cs", Samples.Discounts, symbols));
        var query = Opened.Query("client.") with { Types = ["T:Symbol"], Sources = RecallSources.Signatures, LeastCoverage = 0 };

        var snippet = Assert.Single(memory.Recall(query).Snippets);

        Assert.Contains("void Open(string key = ", snippet.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, snippet.Text, StringComparison.Ordinal);
        _opened.Close();
        Assert.Equal(-1, _opened.AllStoredBytes().AsSpan().IndexOf(Encoding.UTF8.GetBytes(Secret)));
    }

    [Fact]
    public void Of_a_member_that_half_the_project_implements_few_files_are_opened()
    {
        var files = new Dictionary<string, FileSymbols>(StringComparer.Ordinal);
        var opened = 0;
        var graph = new SymbolGraph(path =>
        {
            opened++;
            return files[path];
        });
        for (var i = 0; i < 200; i++)
        {
            var node = new SymbolNode($"M:C{i}.Dispose", "Dispose", SymbolKind.Method, -1, "void Dispose()", 1, 2, IsPrivate: false);
            var edge = new SymbolEdge(0, SymbolRelation.Implements, "M:System.IDisposable.Dispose", 1);
            graph.Put($"{i}.cs", files[$"{i}.cs"] = new FileSymbols(IsBound: true, [node], [edge]));
        }

        Assert.Equal(5, graph.Implementations("M:System.IDisposable.Dispose", most: 5).Count);
        Assert.InRange(opened, 5, 50);
        Assert.Equal(200, graph.Implementations("M:System.IDisposable.Dispose").Count);
    }

    private ProjectMemory Open(IEmbedder embedder) => _opened.Open(_opened.Options with { Embedder = () => embedder });

    // Returns how many pieces there were.
    private int ReadAll(ProjectMemory memory, int mostFailures = 0)
    {
        for (var (pieces, failures) = (0, 0); ; pieces++)
        {
            Assert.True(pieces < 1000, "Reading has no end.");
            try
            {
                if (!memory.ReadNext(_letters, TestContext.Current.CancellationToken))
                {
                    return pieces;
                }
            }
            catch (Exception) when (failures++ < mostFailures)
            {
                // The next file.
            }
        }
    }

    private byte[] Counts(params IReadOnlyList<string> texts)
    {
        var store = new NgramStore(_letters.Id);
        foreach (var text in texts)
        {
            store.Add([.. _letters.Encode(text.ReplaceLineEndings("\n"))]);
        }

        return store.Save();
    }

    private static void PutSymbols(ProjectMemory memory, string path, string text, string signature) =>
        Assert.True(
            memory.PutSymbols(
                path,
                text,
                new FileSymbols(
                    IsBound: true,
                    [new SymbolNode("T:Symbol", "Symbol", SymbolKind.Class, -1, signature, 4, 10, IsPrivate: false)],
                    []
                )
            )
        );

    /// <summary>One token a letter.</summary>
    private sealed class Letters : ITokenEncoder
    {
        public string Id => "letters";

        public int Encoded { get; private set; }

        public IReadOnlyList<int> Encode(string text)
        {
            Encoded++;
            return [.. text.Select(static c => (int)c)];
        }
    }

    private sealed class Embedder(string id = "embedder") : IEmbedder
    {
        private readonly HashingEmbedder _words = new();

        public string Id => id;

        public int Dimensions => _words.Dimensions;

        /// <summary>One a file.</summary>
        public int Calls { get; private set; }

        public Action<IReadOnlyList<string>>? Embedding { get; set; }

        public bool IsLexical { get; init; } = true;

        public List<EmbeddedKind> Kinds { get; } = [];

        public void Embed(IReadOnlyList<string> texts, EmbeddedKind kind, Span<float> vectors, CancellationToken cancellation)
        {
            Calls++;
            Kinds.Add(kind);
            Embedding?.Invoke(texts);
            _words.Embed(texts, kind, vectors, cancellation);
        }
    }
}
