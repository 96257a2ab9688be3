using CodeComplete.Memory.Storage;
using CodeComplete.Memory.Tests.Sharing;

namespace CodeComplete.Memory.Tests;

/// <summary>Several openings of one memory: one owns it, the others visit it, and one of them takes over.</summary>
public sealed class OwnershipTests : IDisposable
{
    private readonly Opened _opened = new();

    public void Dispose() => _opened.Dispose();

    [Fact]
    public void A_visitor_recalls_what_the_owner_has_and_puts_into_it()
    {
        var owner = _opened.Open();
        Samples.PutAll(owner);
        var visitor = _opened.Open();

        Assert.Equal((MemoryRole.Owner, MemoryRole.Visitor), (owner.Role, visitor.Role));
        Assert.Null(owner.Message);
        Assert.Null(visitor.Message);
        var query = Opened.Query("ApplyDiscount(");
        Assert.Equal(owner.Recall(query).Snippets, visitor.Recall(query).Snippets);
        Assert.NotEmpty(visitor.Recall(query).Snippets);

        visitor.Put("Tax.cs", "class Tax { decimal ComputeVat(Invoice invoice) => invoice.Net * VatRate; }");
        visitor.Remove("Billing/DiscountPolicy.cs");

        Assert.Empty(visitor.Recall(query).Snippets); // asked after the changes, and so answered after them
        Assert.Equal("Tax.cs", Assert.Single(owner.Recall(Opened.Query("ComputeVat(")).Snippets).Path);
        Assert.Equal(owner.Statistics.Files, visitor.Statistics.Files);
    }

    [Fact]
    public async Task What_either_learns_the_other_knows_the_same_moment()
    {
        var owner = _opened.Open();
        owner.RecordAcceptance(Opened.Acceptance("Before();", minute: 1));
        var visitor = _opened.Open();
        Inbox atOwner = new(),
            atVisitor = new();
        owner.Learned += atOwner.Add;
        visitor.Learned += atVisitor.Add;

        owner.RecordAcceptance(Opened.Acceptance("Owner();", minute: 2));
        Assert.True(visitor.RecordAcceptance(Opened.Acceptance("Visitor();", minute: 3)));

        Assert.Equal("Visitor();", (await atOwner.NextAsync()).Text);
        Assert.Equal("Owner();", (await atVisitor.NextAsync()).Text);
        Assert.Equal(["Visitor();", "Owner();", "Before();"], owner.Acceptances().Select(acceptance => acceptance.Text));
        Assert.Equal(["Visitor();", "Owner();", "Before();"], visitor.Acceptances().Select(acceptance => acceptance.Text));
        Assert.Equal(3, _opened.Reopen().Acceptances().Count);
    }

    [Fact]
    public async Task When_the_owner_goes_a_visitor_takes_over_with_all_that_both_had()
    {
        using var owner = ProjectMemory.Open(_opened.Options);
        Samples.PutAll(owner);
        var visitor = _opened.Open();
        visitor.Put("Tax.cs", "class Tax { decimal ComputeVat(Invoice invoice) => invoice.Net * VatRate; }");
        visitor.RecordAcceptance(Opened.Acceptance("Visitor();", minute: 1));
        owner.RecordAcceptance(Opened.Acceptance("Owner();", minute: 2));

        owner.Dispose();
        await Opened.BecomesAsync(visitor, MemoryRole.Owner);

        Assert.Null(visitor.Message);
        Assert.Equal(5, visitor.Statistics.Files);
        Assert.NotEmpty(visitor.Recall(Opened.Query("ApplyDiscount(")).Snippets);
        Assert.NotEmpty(visitor.Recall(Opened.Query("ComputeVat(")).Snippets);
        visitor.RecordAcceptance(Opened.Acceptance("Heir();", minute: 3));
        var third = _opened.Open();
        Assert.Equal(MemoryRole.Visitor, third.Role);
        Assert.NotEmpty(third.Recall(Opened.Query("ComputeVat(")).Snippets);

        var again = _opened.Reopen();
        Assert.Equal(5, again.Statistics.Files);
        Assert.Equal(["Heir();", "Owner();", "Visitor();"], again.Acceptances().Select(acceptance => acceptance.Text));
        Assert.Empty(VisitorJournals(again));
    }

    [Fact]
    public async Task Beside_an_owner_that_does_not_answer_one_works_alone_and_inherits_in_the_end()
    {
        var silent = _opened.HoldLock();
        var alone = _opened.Open();
        var said = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        alone.Degraded += said.SetResult; // a second line would throw

        Assert.Equal(MemoryRole.Alone, alone.Role);
        Samples.PutAll(alone);
        Assert.NotEmpty(alone.Recall(Opened.Query("ApplyDiscount(")).Snippets);
        Assert.True(alone.RecordAcceptance(Opened.Acceptance("Alone();")));
        var message = await said.Task.WaitAsync(TestContext.Current.CancellationToken);
        Assert.StartsWith("Another process holds the memory of this workspace", message, StringComparison.Ordinal);
        Assert.Equal(message, alone.Message);

        silent.Dispose();
        await Opened.BecomesAsync(alone, MemoryRole.Owner);

        Assert.Null(alone.Message);
        Assert.Equal(Samples.All.Count, _opened.Reopen().Statistics.Files);
    }

    [Fact]
    public void What_was_learned_alone_reaches_the_next_owner()
    {
        using (_opened.HoldLock())
        {
            Assert.True(_opened.Open().RecordAcceptance(Opened.Acceptance("Alone();")));
            _opened.Close();
        }

        var owner = _opened.Open();

        Assert.Equal(["Alone();"], owner.Acceptances().Select(acceptance => acceptance.Text));
        Assert.Empty(VisitorJournals(owner));
        Assert.Single(_opened.Reopen().Acceptances());
    }

    [Fact]
    public void The_journal_of_a_visitor_that_still_runs_is_read_and_left_to_it()
    {
        var folder = MemoryFolder.Of(_opened.Options);
        folder.Create();
        var visitor = AcceptanceLog.OpenAsVisitor(folder);
        visitor.Add(Opened.Acceptance("One();", minute: 1));

        var next = _opened.Open();
        Assert.Equal(["One();"], next.Acceptances().Select(acceptance => acceptance.Text));
        visitor.Add(Opened.Acceptance("Two();", minute: 2));
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

    [Fact]
    public async Task What_one_process_forgets_no_other_brings_back()
    {
        var owner = _opened.Open();
        var asking = _opened.Open();
        var other = _opened.Open();
        owner.RecordAcceptance(Opened.Acceptance("Secret();", minute: 1));
        await KnowsAsync(other, 1);
        var forgotten = new TaskCompletionSource();
        other.Forgotten += () => forgotten.TrySetResult();

        asking.ForgetAll();
        await forgotten.Task.WaitAsync(TestContext.Current.CancellationToken);

        Assert.Empty(other.Acceptances());
        asking.Dispose();
        owner.Dispose();
        await Opened.BecomesAsync(other, MemoryRole.Owner);
        Assert.Empty(other.Acceptances());
        Assert.Empty(_opened.Reopen().Acceptances());
    }

    private static async Task KnowsAsync(ProjectMemory memory, int count)
    {
        var learned = new TaskCompletionSource();
        memory.Learned += _ => learned.TrySetResult();
        if (memory.Acceptances().Count < count)
        {
            await learned.Task.WaitAsync(TestContext.Current.CancellationToken);
        }
    }

    private static string[] VisitorJournals(ProjectMemory memory) =>
        Directory.GetFiles(Path.GetDirectoryName(memory.DatabasePath)!, "acceptances-*.jsonl");
}
