namespace CodeComplete.Memory.Tests;

public sealed class BudgetTests : IDisposable
{
    private readonly Opened _opened = new();

    private static CancellationToken None => TestContext.Current.CancellationToken;

    public void Dispose() => _opened.Dispose();

    [Fact]
    public async Task Past_the_disk_budget_the_least_useful_files_go_and_stay_noted()
    {
        WriteServices(200);
        await new WorkspaceIndexer(_opened.Open()).RunAsync(null, None);
        _opened.Close();
        var budget = _opened.Open().Statistics.BytesOnDisk / 2;
        _opened.Close();
        var memory = _opened.Open(_opened.Options with { DiskBudgetBytes = budget });
        for (var i = 0; i < 5; i++)
        {
            Assert.NotEmpty(memory.Recall(Opened.Query("Compute3x7(seed7, operand) + Offset3")).Snippets); // a useful one
        }

        memory.Maintain();

        Assert.InRange(memory.Statistics.BytesOnDisk, 1, budget);
        Assert.True(memory.Statistics.EvictedFiles > 0);
        Assert.Equal(200, memory.Statistics.Files + memory.Statistics.EvictedFiles);
        Assert.Equal("Service003.cs", memory.Recall(Opened.Query("Compute3x7(seed7, operand) + Offset3")).Snippets[0].Path);

        // They are not read again at each walk, nor after the next opening.
        Assert.Equal(0, (await new WorkspaceIndexer(memory).RunAsync(null, None)).Read);
        var evicted = memory.Statistics.EvictedFiles;
        memory = _opened.Reopen();
        Assert.Equal(evicted, memory.Statistics.EvictedFiles);
        Assert.Equal(0, (await new WorkspaceIndexer(memory).RunAsync(null, None)).Read);
    }

    [Fact]
    public async Task Past_the_memory_budget_the_least_useful_files_go_even_without_a_pause()
    {
        WriteServices(700);
        var memory = _opened.Open(_opened.Options with { MemoryBudgetBytes = 2_000_000 });

        await new WorkspaceIndexer(memory).RunAsync(null, None);
        memory.Flush();

        Assert.True(memory.Statistics.EvictedFiles > 0);
        memory.Maintain();
        memory.Maintain();
        Assert.InRange(memory.Statistics.BytesInMemory, 1, 2_000_000);
    }

    [Fact]
    public void What_others_hold_counts_towards_the_budget()
    {
        var memory = _opened.Open(_opened.Options with { MemoryBudgetBytes = 10_000_000 });
        Samples.PutAll(memory);
        memory.Maintain();
        Assert.Equal(0, memory.Statistics.EvictedFiles);

        memory.Local.Store.OthersInMemory = () => 20_000_000;
        memory.Maintain();

        Assert.True(memory.Statistics.EvictedFiles > 0);
    }

    [Fact]
    public void An_evicted_file_comes_back_when_it_is_edited()
    {
        var memory = _opened.Open(_opened.Options with { MemoryBudgetBytes = 1 });
        memory.Put("A.cs", Samples.Discounts);
        memory.Maintain();
        Assert.Equal((0, 1), (memory.Statistics.Files, memory.Statistics.EvictedFiles));
        Assert.Empty(memory.Recall(Opened.Query("ApplyDiscount(")).Snippets);
        _opened.Close();
        Assert.Equal(-1, _opened.AllStoredBytes().AsSpan().IndexOf("ApplyDiscount"u8));
        memory = _opened.Open();

        Assert.True(memory.Put("A.cs", Samples.Discounts)); // the same text, from an editor

        Assert.Single(memory.Recall(Opened.Query("ApplyDiscount(")).Snippets);
        Assert.Equal((1, 0), (memory.Statistics.Files, memory.Statistics.EvictedFiles));
    }

    private void WriteServices(int count)
    {
        for (var i = 0; i < count; i++)
        {
            _opened.Write($"Service{i:000}.cs", Samples.Synthetic(i, members: 20));
        }
    }
}
