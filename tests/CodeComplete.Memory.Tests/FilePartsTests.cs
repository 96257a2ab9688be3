using CodeComplete.Memory.Snippets;

namespace CodeComplete.Memory.Tests;

public sealed class FilePartsTests : IDisposable
{
    private readonly Opened _opened = new();

    public void Dispose() => _opened.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_is_attached_to_a_file_comes_back(bool withImage)
    {
        var memory = _opened.Open();
        var hash = Put(memory, "A.cs", Samples.Discounts);
        var path = memory.DatabasePath;
        Assert.Equal([("A.cs", hash)], memory.Local.Parts.Lacking(PartKinds.Vectors, "encoder 1"));

        Assert.True(memory.Local.Parts.Put(PartKinds.Vectors, "encoder 1", "A.cs", hash, [1, 2, 3]));
        Assert.True(memory.Local.Parts.Put(PartKinds.Graph, "schema 1", @"./A.cs", hash, new byte[100_000]));

        Assert.Equal([1, 2, 3], memory.Local.Parts.Find(PartKinds.Vectors, "encoder 1", "A.cs", hash));
        Assert.Empty(memory.Local.Parts.Lacking(PartKinds.Vectors, "encoder 1"));
        _opened.Close();
        if (!withImage)
        {
            Opened.DeleteImages(path);
        }

        memory = _opened.Open();
        Assert.Empty(memory.Local.Parts.Lacking(PartKinds.Vectors, "encoder 1"));
        Assert.Equal([1, 2, 3], Assert.Single(memory.Local.Parts.All(PartKinds.Vectors, "encoder 1")).Blob);
        Assert.Equal(100_000, memory.Local.Parts.Find(PartKinds.Graph, "schema 1", "A.cs", hash)!.Length);
        Assert.Equal([("A.cs", hash)], memory.Local.Parts.Lacking(PartKinds.Ngrams, "tokenizer"));
    }

    [Fact]
    public void A_part_goes_with_the_text_it_was_made_of()
    {
        var memory = _opened.Open();
        var old = Put(memory, "A.cs", Samples.Discounts);
        memory.Local.Parts.Put(PartKinds.Vectors, "encoder 1", "A.cs", old, [1]);
        memory.Flush();

        var now = Put(memory, "A.cs", Samples.Warehouse);

        Assert.Null(memory.Local.Parts.Find(PartKinds.Vectors, "encoder 1", "A.cs", old));
        Assert.Null(memory.Local.Parts.Find(PartKinds.Vectors, "encoder 1", "A.cs", now));
        Assert.False(memory.Local.Parts.Put(PartKinds.Vectors, "encoder 1", "A.cs", old, [1])); // came too late
        Assert.Equal([("A.cs", now)], memory.Local.Parts.Lacking(PartKinds.Vectors, "encoder 1"));
        memory = _opened.Reopen();
        Assert.Equal([("A.cs", now)], memory.Local.Parts.Lacking(PartKinds.Vectors, "encoder 1"));

        memory.Remove("A.cs");
        Assert.Empty(memory.Local.Parts.Lacking(PartKinds.Vectors, "encoder 1"));
        Assert.False(memory.Local.Parts.Put(PartKinds.Vectors, "encoder 1", "A.cs", now, [1]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Parts_of_another_producer_go(bool flushed)
    {
        var memory = _opened.Open();
        var hash = Put(memory, "A.cs", Samples.Discounts);
        var other = Put(memory, "B.cs", Samples.Warehouse);
        memory.Local.Parts.Put(PartKinds.Vectors, "encoder 1", "A.cs", hash, [1]);
        memory.Local.Parts.Put(PartKinds.Vectors, "encoder 1", "B.cs", other, [1]);
        memory.Local.Parts.Put(PartKinds.Graph, "schema", "B.cs", other, [3]);
        if (flushed)
        {
            memory = _opened.Reopen();
        }

        memory.Local.Parts.Put(PartKinds.Vectors, "encoder 2", "A.cs", hash, [2]);

        Assert.Null(memory.Local.Parts.Find(PartKinds.Vectors, "encoder 1", "A.cs", hash));
        memory = _opened.Reopen();
        Assert.Equal([2], Assert.Single(memory.Local.Parts.All(PartKinds.Vectors, "encoder 2")).Blob);
        Assert.Equal([("B.cs", other)], memory.Local.Parts.Lacking(PartKinds.Vectors, "encoder 2"));
        Assert.Equal([3], Assert.Single(memory.Local.Parts.All(PartKinds.Graph, "schema")).Blob);
    }

    [Fact]
    public void An_image_is_given_to_its_own_producer_alone()
    {
        var memory = _opened.Open();
        Assert.True(memory.Local.Parts.PutImage(PartKinds.Vectors, "encoder 1", [1, 2, 3]));
        memory = _opened.Reopen();

        Assert.Equal([1, 2, 3], memory.Local.Parts.Image(PartKinds.Vectors, "encoder 1"));
        Assert.Null(memory.Local.Parts.Image(PartKinds.Vectors, "encoder 2"));
        Assert.Null(memory.Local.Parts.Image(PartKinds.Graph, "encoder 1"));
    }

    [Fact]
    public void Without_a_database_nothing_is_kept_and_nothing_asked_for_twice()
    {
        _opened.Open();
        var visitor = _opened.Open();
        var hash = Put(visitor, "A.cs", Samples.Discounts);

        Assert.True(visitor.Local.Parts.Put(PartKinds.Vectors, "encoder 1", "A.cs", hash, [1]));

        Assert.Empty(visitor.Local.Parts.Lacking(PartKinds.Vectors, "encoder 1"));
        Assert.False(visitor.Local.Parts.PutImage(PartKinds.Vectors, "encoder 1", [1]));
        Assert.Null(visitor.Local.Parts.Image(PartKinds.Vectors, "encoder 1"));
    }

    private static Guid Put(ProjectMemory memory, string path, string text)
    {
        memory.Put(path, text);
        return SnippetCutter.Hash(text);
    }
}
