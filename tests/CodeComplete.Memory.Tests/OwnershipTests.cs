namespace CodeComplete.Memory.Tests;

public sealed class OwnershipTests : IDisposable
{
    private readonly Opened _opened = new();

    public void Dispose() => _opened.Dispose();

    [Fact]
    public void A_second_opener_works_from_memory_and_says_so()
    {
        var owner = _opened.Open();
        var visitor = _opened.Open();

        Assert.True(owner.IsOwner);
        Assert.Null(owner.Message);
        Assert.False(visitor.IsOwner);
        Assert.StartsWith("Another process holds the memory of this workspace", visitor.Message, StringComparison.Ordinal);
        Samples.PutAll(visitor);
        Assert.NotEmpty(visitor.Recall(Opened.Query("ApplyDiscount(")).Snippets);
        Assert.Empty(owner.Recall(Opened.Query("ApplyDiscount(")).Snippets);
    }

    [Fact]
    public void What_a_visitor_learned_reaches_the_owner_at_its_next_opening()
    {
        var owner = _opened.Open();
        owner.RecordAcceptance(Opened.Acceptance("Owner();", minute: 1));
        var visitor = _opened.Open();
        Assert.Equal(["Owner();"], visitor.Acceptances().Select(acceptance => acceptance.Text));
        Assert.True(visitor.RecordAcceptance(Opened.Acceptance("Visitor();", minute: 2)));

        var again = _opened.Reopen();

        Assert.Equal(["Visitor();", "Owner();"], again.Acceptances().Select(acceptance => acceptance.Text));
        Assert.Empty(VisitorJournals(again));
        Assert.Equal(2, _opened.Reopen().Acceptances().Count);
    }

    [Fact]
    public void The_journal_of_a_visitor_that_still_runs_is_read_and_left_to_it()
    {
        var owner = _opened.Open();
        using var visitor = ProjectMemory.Open(_opened.Options);
        visitor.RecordAcceptance(Opened.Acceptance("One();", minute: 1));
        owner.Dispose();

        var next = _opened.Open();
        Assert.True(next.IsOwner);
        Assert.Equal(["One();"], next.Acceptances().Select(acceptance => acceptance.Text));
        Assert.True(visitor.RecordAcceptance(Opened.Acceptance("Two();", minute: 2)));
        Assert.Single(VisitorJournals(next));
        visitor.Dispose();

        var last = _opened.Reopen();
        Assert.Equal(["Two();", "One();"], last.Acceptances().Select(acceptance => acceptance.Text));
        Assert.Empty(VisitorJournals(last));
    }

    [Fact]
    public void Whoever_comes_after_the_owner_has_gone_is_the_owner()
    {
        var owner = _opened.Open();
        Samples.PutAll(owner);
        owner.Dispose();
        owner.Dispose(); // twice does no harm

        var next = _opened.Open();

        Assert.True(next.IsOwner);
        Assert.Equal(Samples.All.Count, next.Statistics.Files);
    }

    private static string[] VisitorJournals(ProjectMemory memory) =>
        Directory.GetFiles(Path.GetDirectoryName(memory.DatabasePath)!, "acceptances-*.jsonl");
}
