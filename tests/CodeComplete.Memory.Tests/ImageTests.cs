using CodeComplete.Memory.Lexical;
using CodeComplete.Memory.Recalling;
using CodeComplete.Memory.Snippets;
using CodeComplete.Memory.Storage;
using CsCheck;

namespace CodeComplete.Memory.Tests;

public sealed class ImageTests : IDisposable
{
    private readonly Opened _opened = new();

    public void Dispose() => _opened.Dispose();

    [Fact]
    public void An_index_restored_from_an_image_goes_on_as_the_one_that_was_saved()
    {
        var step = Gen.Select(Gen.Int[0, 12], Gen.Int[0, 40], Gen.Int[1, 12], Gen.Int[0, 4]);
        step.List[1, 60]
            .Sample(steps =>
            {
                var kept = new LexicalIndex();
                var restored = new LexicalIndex();
                var number = 0;
                foreach (var (file, content, members, what) in steps)
                {
                    foreach (var index in new[] { kept, restored })
                    {
                        if (what == 0)
                        {
                            index.Remove($"F{file}.cs");
                        }
                        else
                        {
                            index.Put(Cut($"F{file}.cs", Samples.Synthetic(content, members)));
                        }
                    }

                    if (++number % 7 == 0)
                    {
                        var again = new LexicalIndex();
                        again.Restore(restored.Save());
                        restored = again;
                    }
                }

                AssertSame(kept, restored);
            });
    }

    [Fact]
    public void An_index_that_was_saved_can_be_changed_and_the_image_stays()
    {
        var index = new LexicalIndex();
        index.Put(Cut("A.cs", Samples.Synthetic(1)));
        index.Put(Cut("B.cs", Samples.Synthetic(2)));
        var image = index.Save();
        var copy = image.Select(section => section.ToArray()).ToList();

        index.Put(Cut("A.cs", Samples.Synthetic(3)));
        index.Remove("B.cs");

        Assert.Equal(copy, image);
        var restored = new LexicalIndex();
        restored.Restore(image);
        Assert.Equal(["A.cs", "B.cs"], restored.Paths().Order(StringComparer.Ordinal));
        Assert.NotEmpty(restored.Search(QueryWords.Of("Compute2x3("), "", 5).Candidates);
    }

    [Fact]
    public void An_image_on_the_disk_is_whole_or_is_not_read()
    {
        var path = Path.Combine(_opened.Workspace, "a.image");
        var image = new ImageFile(
            new ImageOrigin(Guid.NewGuid(), "test 1"),
            42,
            [
                [1, 2, 3],
                [],
                [4, 5, 6, 7, 8, 9, 10, 11, 12],
            ]
        );
        image.Write(path);
        var whole = File.ReadAllBytes(path);

        var read = ImageFile.Read(path)!;
        Assert.Equal((image.Origin, image.Sequence), (read.Origin, read.Sequence));
        Assert.Equal(image.Sections, read.Sections);
        Assert.Null(ImageFile.Read(path + "x"));
        for (var at = 0; at < whole.Length; at++)
        {
            var damaged = (byte[])whole.Clone();
            damaged[at] ^= 0x41;
            File.WriteAllBytes(path, damaged);
            Assert.Null(ImageFile.Read(path));
            File.WriteAllBytes(path, whole[..at]);
            Assert.Null(ImageFile.Read(path));
        }
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("damaged")]
    [InlineData("of another database")]
    public void An_image_that_does_not_fit_only_costs_time(string how)
    {
        var memory = _opened.Open();
        Samples.PutAll(memory);
        var query = Opened.Query("ApplyDiscount(customer, TryReserve(sku", most: 10);
        var expected = memory.Recall(query).Snippets;
        var image = Path.Combine(Path.GetDirectoryName(memory.DatabasePath)!, "lexical.image");
        _opened.Close();
        Assert.True(File.Exists(image));
        switch (how)
        {
            case "missing":
                File.Delete(image);
                break;
            case "damaged":
                var bytes = File.ReadAllBytes(image);
                bytes[bytes.Length / 2] ^= 1;
                File.WriteAllBytes(image, bytes);
                break;
            default:
                (ImageFile.Read(image)! with { Origin = new ImageOrigin(Guid.NewGuid(), LexicalIndex.ImageProducer) }).Write(image);
                break;
        }

        var again = _opened.Open();

        Assert.Null(again.Message);
        Assert.Equal(expected, again.Recall(query).Snippets);
        _opened.Close();
        Assert.NotNull(ImageFile.Read(image)); // and the next opening is fast again
    }

    [Fact]
    public void What_changed_after_the_image_is_put_again_at_the_opening()
    {
        var memory = _opened.Open();
        Samples.PutAll(memory);
        _opened.Close();
        var image = Path.Combine(Path.GetDirectoryName(memory.DatabasePath)!, "lexical.image");
        var older = File.ReadAllBytes(image);

        memory = _opened.Open();
        memory.Put("Stock/Warehouse.cs", "class Rebuilt { void Shelve() { Stack(crate, pallet); } }");
        memory.Put("New.cs", Samples.Synthetic(1));
        memory.Remove("Notifications/ShippingMailer.cs");
        memory.Flush();
        var copy = CopyOf(memory); // as a kill would leave it

        Assert.Equal(older, File.ReadAllBytes(Path.Combine(Path.GetDirectoryName(copy.DatabasePath)!, "lexical.image")));
        AssertSame(memory.Local.Index, copy.Local.Index);
        Assert.Empty(copy.Recall(Opened.Query("TryReserve(", most: 5)).Snippets);
        Assert.Single(copy.Recall(Opened.Query("Shelve(", most: 5)).Snippets);
        Assert.Empty(copy.Recall(Opened.Query("NotifyShipped(", most: 5)).Snippets);
        copy.Dispose();
    }

    [Fact]
    public void An_image_of_a_later_state_than_the_database_has_is_not_believed()
    {
        var memory = _opened.Open();
        Samples.PutAll(memory);
        _opened.Close();
        var older = File.ReadAllBytes(memory.DatabasePath);
        _opened.Open().Put("New.cs", Samples.Synthetic(1));
        _opened.Close();
        File.WriteAllBytes(memory.DatabasePath, older); // from a backup

        var again = _opened.Open();

        Assert.Equal(Samples.All.Keys.Order(StringComparer.Ordinal), again.Paths().Order(StringComparer.Ordinal));
        Assert.True(again.Put("New.cs", Samples.Synthetic(1)));
        Assert.NotEmpty(_opened.Reopen().Recall(Opened.Query("Compute1x3(seed3")).Snippets);
    }

    [Fact]
    public void When_idle_the_memory_writes_an_image_once_enough_has_changed()
    {
        var memory = _opened.Open();
        var image = Path.Combine(Path.GetDirectoryName(memory.DatabasePath)!, "lexical.image");
        memory.Put("A.cs", Samples.Discounts);
        memory.Maintain();
        Assert.False(File.Exists(image));

        for (var i = 0; i < 70; i++)
        {
            memory.Put($"Service{i}.cs", Samples.Synthetic(i, members: 1));
        }

        memory.Maintain();
        Assert.True(File.Exists(image));
        var copy = CopyOf(memory);
        AssertSame(memory.Local.Index, copy.Local.Index);
        copy.Dispose();
    }

    [Fact]
    public void A_text_that_is_damaged_costs_only_its_file_and_comes_back_with_the_next_run()
    {
        var memory = _opened.Open();
        memory.Put("A.cs", Samples.Discounts);
        memory.Put("B.cs", Samples.Warehouse);
        var path = memory.DatabasePath;
        _opened.Close();
        var packed = StoredFile.Of(Cut("A.cs", Samples.Discounts)).Packed;
        var bytes = File.ReadAllBytes(path);
        bytes[bytes.AsSpan().IndexOf(packed) + 30] ^= 1;
        File.WriteAllBytes(path, bytes);

        var damaged = _opened.Open();

        Assert.Empty(damaged.Recall(Opened.Query("ApplyDiscount(")).Snippets);
        Assert.Equal(["B.cs"], damaged.Paths());
        Assert.Single(damaged.Recall(Opened.Query("TryReserve(")).Snippets);
        Assert.True(damaged.Put("A.cs", Samples.Discounts));
        Assert.Single(_opened.Reopen().Recall(Opened.Query("ApplyDiscount(")).Snippets);
    }

    [Fact]
    public void A_damaged_text_is_taken_from_the_workspace_where_it_is_still_the_same()
    {
        _opened.Write("A.cs", Samples.Discounts);
        var memory = _opened.Open();
        new WorkspaceIndexer(memory).Refresh("A.cs");
        var path = memory.DatabasePath;
        _opened.Close();
        var packed = StoredFile.Of(Cut("A.cs", Samples.Discounts)).Packed;
        var bytes = File.ReadAllBytes(path);
        bytes[bytes.AsSpan().IndexOf(packed) + 30] ^= 1;
        File.WriteAllBytes(path, bytes);

        Assert.Single(_opened.Open().Recall(Opened.Query("ApplyDiscount(")).Snippets);
    }

    private static CutFile Cut(string path, string text) => SnippetCutter.Cut(path, SnippetCutter.Hash(text), FileStamp.None, text);

    private static void AssertSame(LexicalIndex expected, LexicalIndex actual)
    {
        Assert.Equal(expected.Size, actual.Size);
        Assert.Equal(expected.Paths().Order(StringComparer.Ordinal), actual.Paths().Order(StringComparer.Ordinal));
        foreach (
            var text in new[] { "ApplyDiscount(customer) TryReserve", "Compute1x3(seed3, operand) Offset2 Scale", "Service12 Compute12x1" }
        )
        {
            var query = QueryWords.Of(text);
            Assert.Equal(Answer(expected, query), Answer(actual, query));
        }
    }

    private static IEnumerable<(string, SnippetSpan, float)> Answer(LexicalIndex index, IReadOnlyList<QueryWord> query) =>
        index.Search(query, "", 50).Candidates.Select(candidate => (candidate.File.Path, candidate.Span, candidate.Score));

    // Opens a copy of all files of a memory that is open.
    private ProjectMemory CopyOf(ProjectMemory memory)
    {
        var options = _opened.Options with { DataDirectory = Path.Combine(_opened.Workspace, "copy") };
        var from = Path.GetDirectoryName(memory.DatabasePath)!;
        var to = Path.Combine(options.DataDirectory, "memory", Path.GetFileName(from));
        Directory.CreateDirectory(to);
        foreach (var path in Directory.GetFiles(from).Where(path => Path.GetFileName(path) is not ("owner.lock" or "owner.sock")))
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var copy = File.Create(Path.Combine(to, Path.GetFileName(path)));
            file.CopyTo(copy);
        }

        return ProjectMemory.Open(options);
    }
}
