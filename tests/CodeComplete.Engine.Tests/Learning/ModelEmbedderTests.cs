using CodeComplete.Engine.Documents;
using CodeComplete.Engine.Learning;
using CodeComplete.Memory;
using CodeComplete.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace CodeComplete.Engine.Tests.Learning;

/// <summary>The encoder of a model folder makes the memory's vectors; one that is broken costs no more than that, and one line says so.</summary>
public sealed class ModelEmbedderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TinyModel _model = new();
    private readonly List<Notice> _notices = [];

    public ModelEmbedderTests()
    {
        Directory.CreateDirectory(Model);
        Directory.CreateDirectory(Work);
        _model.Export(Model, new TinyExport());
    }

    private string Model => Path.Combine(_folder.Path, "model");

    private string Work => Path.Combine(_folder.Path, "work");

    private EngineSettings Settings => EngineSettings.Default with { Model = Model };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_folder_with_an_encoder_uses_it()
    {
        new TinyEncoder { Tokens = 2, QueryWeights = [1, 1] }.Export(Model, _model);
        var embedder = ModelEmbedder.Of(Settings, _notices.Add, NullLogger.Instance);
        using var owned = (IDisposable)embedder;
        var snippet = new float[TinyEncoder.Width];
        var query = new float[TinyEncoder.Width];

        embedder.Embed(["bcd"], EmbeddedKind.Snippet, snippet, TestContext.Current.CancellationToken);
        embedder.Embed(["zbc"], EmbeddedKind.Query, query, TestContext.Current.CancellationToken);

        Assert.Equal(snippet, query); // the first two tokens of the one, the last two of the other
        Assert.Equal(TinyEncoder.Width, embedder.Dimensions);
        Assert.False(embedder.IsLexical);
        Assert.Empty(_notices);
    }

    [Fact]
    public void A_query_that_cannot_be_embedded_has_zeros_and_a_snippet_is_not_taken_for_made()
    {
        new TinyEncoder().Export(Model, _model);
        var embedder = ModelEmbedder.Of(Settings, _notices.Add, NullLogger.Instance);
        ((IDisposable)embedder).Dispose();
        var vector = new float[TinyEncoder.Width];
        Array.Fill(vector, 1);

        Assert.Throws<ObjectDisposedException>(() => embedder.Embed(["bcd"], EmbeddedKind.Snippet, vector, CancellationToken.None));
        embedder.Embed(["bcd"], EmbeddedKind.Query, vector, CancellationToken.None);

        Assert.All(vector, x => Assert.Equal(0, x));
    }

    [Fact]
    public void A_folder_without_one_has_vectors_of_its_words()
    {
        Assert.IsType<HashingEmbedder>(ModelEmbedder.Of(Settings, _notices.Add, NullLogger.Instance));
        Assert.IsType<HashingEmbedder>(
            ModelEmbedder.Of(Settings with { Model = Path.Combine(_folder.Path, "none") }, _notices.Add, NullLogger.Instance)
        );
        Assert.Empty(_notices);
    }

    [Fact]
    public async Task A_broken_one_is_said_once_and_the_words_are_taken()
    {
        new TinyEncoder().Export(Model, _model);
        File.WriteAllText(Path.Combine(Model, "encoder.onnx"), "not a graph");
        await using var memories = Open();
        memories.Open(Path.Combine(_folder.Path, "other"), Settings);
        Read(memories);

        Assert.IsType<HashingEmbedder>(memories.Embedder);
        Assert.Equal(Statistics(memories).Snippets, Statistics(memories).Vectors);
        var notice = Assert.Single(_notices);
        Assert.Equal(NoticeLevel.Warning, notice.Level);
        Assert.StartsWith($"'{Path.Combine(Model, "encoder.onnx")}' is damaged", notice.Message, StringComparison.Ordinal);
        Assert.Contains("by its words alone", notice.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_encoder_has_the_vectors_made_again_and_the_same_one_has_not()
    {
        var made = new List<int>();
        foreach (var seed in new[] { 1, 1, 2 })
        {
            new TinyEncoder { Seed = seed }.Export(Model, _model);
            await using var memories = Open();
            var memory = memories.All[0].Memory;
            memory.Load(encoder: null, TestContext.Current.CancellationToken);
            made.Add(memory.Statistics.Vectors);
            Assert.Equal(memory.Statistics.Snippets, Read(memories));
        }

        Assert.Equal(0, made[0]);
        Assert.True(made[1] > 0);
        Assert.Equal(0, made[2]);
    }

    private MemorySet Open()
    {
        var memories = new MemorySet(Path.Combine(_folder.Path, "data"), new Activity(), _notices.Add, NullLogger.Instance);
        memories.Open(Work, Settings);
        memories.All[0].Memory.Put("Invoice.cs", "class Invoice\n{\n    decimal Total;\n    decimal Discount;\n}\n");
        return memories;
    }

    // Returns how many vectors there are then.
    private static int Read(MemorySet memories)
    {
        var memory = memories.All[0].Memory;
        while (memory.ReadNext(encoder: null, TestContext.Current.CancellationToken))
        {
            // A file each.
        }

        return memory.Statistics.Vectors;
    }

    private static MemoryStatistics Statistics(MemorySet memories) => memories.All[0].Memory.Statistics;
}
