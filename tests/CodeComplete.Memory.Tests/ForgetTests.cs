using System.Text;
using CodeComplete.Memory.Snippets;
using CsCheck;

namespace CodeComplete.Memory.Tests;

public sealed class ForgetTests : IDisposable
{
    private readonly Opened _opened = new();

    private static CancellationToken None => TestContext.Current.CancellationToken;

    public void Dispose() => _opened.Dispose();

    [Fact]
    public void What_others_keep_here_goes_with_what_is_forgotten()
    {
        var memory = _opened.Open();
        Assert.Null(ProjectMemory.ReadKept(memory.Options, "projects"));
        Assert.True(memory.Keep("projects", "Secret.csproj"u8.ToArray()));
        Assert.Equal("Secret.csproj"u8.ToArray(), ProjectMemory.ReadKept(memory.Options, "projects"));

        memory.ForgetWord("secret");

        Assert.Null(ProjectMemory.ReadKept(memory.Options, "projects"));
        Assert.True(memory.Keep("projects", "Other.csproj"u8.ToArray()));
        Assert.False(memory.Keep("projects", "Secret.csproj"u8.ToArray()));
        Assert.Null(ProjectMemory.ReadKept(memory.Options, "projects"));
        _opened.Close();
        Assert.False(memory.Keep("projects", "Other.csproj"u8.ToArray()));
    }

    [Fact]
    public async Task A_forgotten_word_is_nowhere_on_the_disk_and_does_not_come_back()
    {
        const string Discount = "ApplyDiscount";
        WriteSamples();
        _opened.Write("Names/applydiscountTable.cs", Samples.Synthetic(3));
        var memory = _opened.Open();
        await new WorkspaceIndexer(memory).RunAsync(null, None);
        memory.RecordAcceptance(Opened.Acceptance("ApplyDiscount(line);", minute: 1));
        memory.RecordAcceptance(Opened.Acceptance("Total();", minute: 2));
        Attach(memory, "Billing/DiscountPolicy.cs", "vector of ApplyDiscount");
        Attach(memory, "Stock/Warehouse.cs", "vector of the warehouse");
        memory.Local.Parts.PutImage(PartKinds.Vectors, "encoder 1", "image of ApplyDiscount"u8.ToArray());
        memory = _opened.Reopen();
        File.WriteAllText(memory.DatabasePath + ".damaged-1", Discount);
        _opened.Close();
        Assert.True(IsStored(Discount));
        memory = _opened.Open();

        var summary = memory.ForgetWord(Discount);

        Assert.Equal(new ForgetSummary(Files: 2, Acceptances: 1, Message: null), summary);
        Assert.DoesNotContain(
            memory.Recall(Opened.Query("ApplyDiscount(")).Snippets,
            snippet => snippet.Text.Contains(Discount, StringComparison.Ordinal)
        );
        _opened.Close();
        Assert.False(IsStored(Discount));
        Assert.False(IsStored("vector of A"));
        Assert.True(IsStored("vector of the warehouse"));

        // The rest of the file is still known; nothing brings the line back.
        memory = _opened.Open();
        Assert.Equal("Billing/DiscountPolicy.cs", memory.Recall(Opened.Query("IRateTable rates")).Snippets[0].Path);
        await new WorkspaceIndexer(memory).RunAsync(null, None);
        memory.Put("Billing/DiscountPolicy.cs", Samples.Discounts + "\n// " + Discount.ToLowerInvariant());
        memory.Put("Open.cs", "class Open { void Run() { policy.ApplyDiscountNow(basket); } }");
        Assert.False(memory.RecordAcceptance(Opened.Acceptance("ApplyDiscount(line);")));
        Assert.False(
            memory.Local.Parts.Put(PartKinds.Graph, "schema", "Open.cs", memory.Find("Open.cs")!.Hash, "ApplyDiscount"u8.ToArray())
        );
        Assert.Equal(["Total();"], memory.Acceptances().Select(acceptance => acceptance.Text));
        _opened.Close();
        Assert.False(IsStored(Discount));
    }

    [Fact]
    public async Task A_forgotten_word_stays_forgotten_when_the_database_is_lost()
    {
        WriteSamples();
        var memory = _opened.Open();
        memory.ForgetWord("TryReserve");
        _opened.Close();
        File.Delete(memory.DatabasePath);

        await new WorkspaceIndexer(_opened.Open()).RunAsync(null, None);

        _opened.Close();
        Assert.False(IsStored("TryReserve"));
        Assert.True(IsStored("ApplyDiscount"));
    }

    [Theory]
    [InlineData("Billing/DiscountPolicy.cs")]
    [InlineData("Billing")]
    [InlineData("./Billing/")]
    public void A_forgotten_path_is_nowhere_on_the_disk(string path)
    {
        var memory = _opened.Open();
        Samples.PutAll(memory);
        memory.Put("BillingOther.cs", Samples.Synthetic(1));
        memory.RecordAcceptance(Opened.Acceptance("WithinBilling();") with { Path = "Billing/DiscountPolicy.cs" });
        memory.RecordAcceptance(Opened.Acceptance("Elsewhere();") with { Path = "Stock/Warehouse.cs" });
        memory = _opened.Reopen();

        var summary = memory.ForgetPath(path);

        Assert.Equal(new ForgetSummary(1, 1, null), summary);
        _opened.Close();
        Assert.False(IsStored("ApplyDiscount"));
        Assert.False(IsStored("WithinBilling"));
        Assert.False(IsStored("DiscountPolicy.cs"));
        Assert.True(IsStored("TryReserve"));
        Assert.True(IsStored("Compute1x3"));
        Assert.Single(_opened.Open().Acceptances());
    }

    [Fact]
    public void All_can_be_forgotten_and_the_memory_goes_on()
    {
        var memory = _opened.Open();
        Samples.PutAll(memory);
        memory.RecordAcceptance(Opened.Acceptance("Total();"));

        Assert.Equal(new ForgetSummary(Samples.All.Count, 1, null), memory.ForgetAll());

        Assert.Equal((0, 0, 0, 0), (memory.Statistics.Files, memory.Statistics.Words, memory.Statistics.Acceptances, memory.Paths().Count));
        memory.Put("New.cs", Samples.Repository);
        memory.RecordAcceptance(Opened.Acceptance("Later();"));
        _opened.Close();
        Assert.False(IsStored("ApplyDiscount"));
        Assert.False(IsStored("Total();"));
        Assert.False(IsStored("Billing/Disc"));
        memory = _opened.Open();
        Assert.Single(memory.Recall(Opened.Query("LoadOrder(")).Snippets);
        Assert.Single(memory.Acceptances());
    }

    [Fact]
    public void What_another_process_may_still_know_is_said()
    {
        var owner = _opened.Open();
        Samples.PutAll(owner);
        var visitor = _opened.Open();
        visitor.RecordAcceptance(Opened.Acceptance("ApplyDiscount();"));

        Assert.StartsWith("Other processes that use the memory", visitor.ForgetAll().Message, StringComparison.Ordinal);
        Assert.Empty(owner.Paths());
        Assert.Empty(visitor.Acceptances());
        visitor.RecordAcceptance(Opened.Acceptance("ApplyDiscount();", minute: 1));
        Assert.StartsWith("Other processes that use the memory", owner.ForgetWord("ApplyDiscount").Message, StringComparison.Ordinal);
        visitor.Dispose();
        Assert.Null(owner.ForgetWord("ApplyDiscount").Message);
        _opened.Close();
        Assert.False(IsStored("ApplyDiscount"));
    }

    [Theory]
    [InlineData("ab")]
    [InlineData("two\nlines")]
    public void What_is_no_word_is_refused(string word) => Assert.Throws<ArgumentException>(() => _opened.Open().ForgetWord(word));

    [Fact]
    public void A_forgotten_word_is_found_wherever_it_stands_and_nothing_else_is()
    {
        var letters = Any.Of('a', 'B', 'b', 'c', 'ß', ' ').Array[0, 40].Select(chars => new string(chars));
        var word = Any.Of('a', 'b', 'C', 'ß').Array[3, 6].Select(chars => new string(chars));
        var number = 0;
        Gen.Select(letters, word)
            .Sample(
                sample =>
                {
                    var (text, forgotten) = sample;
                    var words = ForgottenWords.Load(Path.Combine(_opened.Workspace, $"{Interlocked.Increment(ref number)}.json"));
                    words.Add(forgotten);

                    Assert.Equal(text.Contains(forgotten, StringComparison.OrdinalIgnoreCase), words.IsIn(text));
                    Assert.True(words.IsIn(text + forgotten.ToUpperInvariant() + text));
                },
                iter: 300
            );
    }

    [Fact]
    public void Only_the_latest_acceptances_are_kept_when_there_are_very_many()
    {
        var memory = _opened.Open();
        var journal = Path.Combine(Path.GetDirectoryName(memory.DatabasePath)!, "acceptances.jsonl");
        memory.RecordAcceptance(Opened.Acceptance("First();"));
        var line = File.ReadAllText(journal).TrimEnd();
        var id = memory.Acceptances()[0].Id.ToString();
        _opened.Close();
        File.AppendAllLines(
            journal,
            Enumerable
                .Range(0, 5600)
                .Select(i =>
                    line.Replace(id, Guid.NewGuid().ToString(), StringComparison.Ordinal)
                        .Replace("First()", $"Number{i}()", StringComparison.Ordinal)
                )
        );

        // The clock went back: what was recorded last is the newest all the same.
        File.AppendAllText(
            journal,
            line.Replace(id, Guid.NewGuid().ToString(), StringComparison.Ordinal)
                .Replace("First()", "Last()", StringComparison.Ordinal)
                .Replace("\"2025-", "\"1990-", StringComparison.Ordinal) + "\n"
        );
        memory = _opened.Open();

        Assert.Contains(memory.Acceptances(), acceptance => acceptance.Text == "Last();" && acceptance.When.Year == 1990);
        Assert.Equal(5000, memory.Acceptances().Count);
        Assert.DoesNotContain(memory.Acceptances(), acceptance => acceptance.Text == "First();");
        Assert.Contains(memory.Acceptances(), acceptance => acceptance.Text == "Number5599();");
        Assert.Equal(5000, _opened.Reopen().Acceptances().Count);
    }

    private static void Attach(ProjectMemory memory, string path, string blob) =>
        Assert.True(memory.Local.Parts.Put(PartKinds.Vectors, "encoder 1", path, memory.Find(path)!.Hash, Encoding.UTF8.GetBytes(blob)));

    private bool IsStored(string text) => _opened.AllStoredBytes().AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0;

    private void WriteSamples()
    {
        foreach (var (path, text) in Samples.All)
        {
            _opened.Write(path, text);
        }
    }
}
