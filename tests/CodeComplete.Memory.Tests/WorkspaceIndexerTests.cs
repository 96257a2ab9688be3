using System.Text;
using CodeComplete.Memory.Snippets;

namespace CodeComplete.Memory.Tests;

public sealed class WorkspaceIndexerTests : IDisposable
{
    private readonly Opened _opened = new();

    private static CancellationToken None => TestContext.Current.CancellationToken;

    public void Dispose() => _opened.Dispose();

    [Fact]
    public async Task A_run_remembers_the_workspace_and_tells_how_far_it_is()
    {
        WriteSamples();
        var memory = _opened.Open();
        var progress = new Recorder();

        var summary = await new WorkspaceIndexer(memory).RunAsync(progress, None);

        Assert.Equal(new IndexSummary(Files: 4, Read: 4, Unchanged: 0, KeptOut: 0, Unreadable: 0, Removed: 0), summary);
        Assert.Equal(new IndexProgress(0, 4, null), progress.Reports[0]);
        Assert.Equal(Enumerable.Range(0, 5), progress.Reports.Select(report => report.Done));
        Assert.Equal(Samples.All.Keys.Order(StringComparer.Ordinal), progress.Reports.Skip(1).Select(report => report.File));
        Assert.Equal("Billing/DiscountPolicy.cs", memory.Recall(Opened.Query("ApplyDiscount(")).Snippets[0].Path);
    }

    [Fact]
    public async Task A_second_run_reads_only_what_changed()
    {
        WriteSamples();
        await new WorkspaceIndexer(_opened.Open()).RunAsync(null, None);
        var memory = _opened.Reopen();
        var indexer = new WorkspaceIndexer(memory);

        Assert.Equal(new IndexSummary(4, Read: 0, Unchanged: 4, 0, 0, 0), await indexer.RunAsync(null, None));

        _opened.Write("Stock/Warehouse.cs", Samples.Warehouse + "\nclass Added { Alpha beta = gamma; }");
        _opened.Write("New.cs", Samples.Synthetic(1));
        File.Delete(Path.Combine(_opened.Workspace, "Notifications/ShippingMailer.cs"));

        Assert.Equal(new IndexSummary(4, Read: 2, Unchanged: 2, 0, 0, Removed: 1), await indexer.RunAsync(null, None));
        Assert.Empty(memory.Recall(Opened.Query("NotifyShipped")).Snippets);
        Assert.Equal("Stock/Warehouse.cs", memory.Recall(Opened.Query("Added Alpha")).Snippets[0].Path);
    }

    [Fact]
    public async Task Of_a_touched_file_the_new_time_alone_is_noted()
    {
        var path = _opened.Write("A.cs", Samples.Discounts);
        var memory = _opened.Open();
        await new WorkspaceIndexer(memory).RunAsync(null, None);
        var before = memory.Find("A.cs")!;

        File.SetLastWriteTimeUtc(path, new DateTime(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        Assert.Equal(1, (await new WorkspaceIndexer(memory).RunAsync(null, None)).Unchanged);

        var after = _opened.Reopen().Find("A.cs")!;
        Assert.Equal(before.Hash, after.Hash);
        Assert.NotEqual(before.Stamp, after.Stamp);
        Assert.Equal(new DateTime(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc).Ticks, after.Stamp.ModifiedTicks);
    }

    [Fact]
    public async Task A_cancelled_run_stops_and_the_next_one_goes_on()
    {
        for (var i = 0; i < 20; i++)
        {
            _opened.Write($"S{i:00}.cs", Samples.Synthetic(i));
        }

        using var stop = new CancellationTokenSource();
        var progress = new Recorder { Stop = report => report.Done == 7 ? stop : null };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new WorkspaceIndexer(_opened.Open()).RunAsync(progress, stop.Token));

        var memory = _opened.Reopen();
        Assert.Equal(7, memory.Statistics.Files);
        Assert.Equal(new IndexSummary(20, Read: 13, Unchanged: 7, 0, 0, 0), await new WorkspaceIndexer(memory).RunAsync(null, None));
    }

    [Fact]
    public async Task A_pause_is_awaited_before_each_file_that_is_read()
    {
        WriteSamples();
        var memory = _opened.Open();
        var mayGoOn = new TaskCompletionSource();
        var paused = new TaskCompletionSource();
        var pauses = 0;
        var indexer = new WorkspaceIndexer(memory)
        {
            Pause = async cancellation =>
            {
                if (++pauses == 3)
                {
                    paused.SetResult();
                    await mayGoOn.Task.WaitAsync(cancellation);
                }
            },
        };

        var run = indexer.RunAsync(null, None);
        await paused.Task.WaitAsync(None);
        Assert.Equal(2, memory.Statistics.Files);
        Assert.False(run.IsCompleted);
        mayGoOn.SetResult();
        await run;

        Assert.Equal(4, pauses);
        await indexer.RunAsync(null, None);
        Assert.Equal(4, pauses); // nothing is read, so nobody has to make way
    }

    [Fact]
    public async Task What_git_ignores_and_what_is_generated_is_kept_out()
    {
        Directory.CreateDirectory(Path.Combine(_opened.Workspace, ".git", "info"));
        _opened.Write(".git/info/exclude", "Private.cs\n");
        _opened.Write(".gitignore", "*.tmp.cs\n/artifacts/\nvendor/*\n!vendor/Kept.cs\n");
        _opened.Write("src/.gitignore", "!Wanted.tmp.cs\nLocal/\n");
        var wanted = new[] { "src/A.cs", "src/Wanted.tmp.cs", "vendor/Kept.cs", "src/artifacts/B.cs" };
        var unwanted = new[]
        {
            "src/B.tmp.cs",
            "artifacts/C.cs",
            "vendor/D.cs",
            "src/Local/E.cs",
            "src/Local/deep/F.cs",
            "Private.cs",
            "src/obj/G.cs",
            "src/bin/Debug/H.cs",
            "node_modules/I.cs",
            "src/J.Designer.cs",
            "src/K.g.cs",
            "readme.md",
        };
        for (var i = 0; i < wanted.Length + unwanted.Length; i++)
        {
            _opened.Write(wanted.Concat(unwanted).ElementAt(i), Samples.Synthetic(i));
        }

        _opened.Write("src/Marked.cs", "//------\n// <auto-generated>\n" + Samples.Discounts);
        File.WriteAllBytes(Path.Combine(_opened.Workspace, "src", "Binary.cs"), [77, 90, 0, 3, 0, 0]);
        _opened.Write("src/Huge.cs", new string('x', 1024 * 1024 + 1));
        _opened.Write("src/Empty.cs", "");
        var memory = _opened.Open();
        var indexer = new WorkspaceIndexer(memory);

        var summary = await indexer.RunAsync(null, None);

        Assert.Equal(
            wanted.Order(StringComparer.Ordinal),
            memory.Paths().Where(path => memory.Find(path)!.State == FileState.Kept).Order(StringComparer.Ordinal)
        );
        Assert.Equal(wanted.Length, summary.Read);
        Assert.All(wanted, path => Assert.True(indexer.Wants(path), path));
        Assert.All(wanted, path => Assert.True(indexer.Wants(Path.Combine(_opened.Workspace, path)), path));
        Assert.All(unwanted, path => Assert.False(indexer.Wants(path), path));
        Assert.False(indexer.Wants("../Elsewhere.cs"));

        // The marked, the binary file: noted, and not read again.
        Assert.Equal(0, (await indexer.RunAsync(null, None)).Read);
    }

    [Fact]
    public async Task A_gitignore_above_the_workspace_counts_for_what_is_in_it()
    {
        Directory.CreateDirectory(Path.Combine(_opened.Workspace, ".git"));
        _opened.Write(".gitignore", "*.tmp.cs\napp/Old/\napp\n");
        _opened.Write("app/A.cs", Samples.Discounts);
        _opened.Write("app/B.tmp.cs", Samples.Warehouse);
        _opened.Write("app/Old/C.cs", Samples.Mailer);
        var memory = _opened.Open(_opened.Options with { WorkspaceRoot = Path.Combine(_opened.Workspace, "app") });

        await new WorkspaceIndexer(memory).RunAsync(null, None);

        Assert.Equal(["A.cs"], memory.Paths()); // although `app` itself is ignored: who opens it wants it
    }

    [Fact]
    public async Task Links_are_not_followed_so_cycles_do_no_harm()
    {
        WriteSamples();
        Directory.CreateSymbolicLink(Path.Combine(_opened.Workspace, "Billing", "again"), _opened.Workspace);
        File.CreateSymbolicLink(Path.Combine(_opened.Workspace, "Loop.cs"), Path.Combine(_opened.Workspace, "Loop.cs"));
        File.CreateSymbolicLink(Path.Combine(_opened.Workspace, "Copy.cs"), Path.Combine(_opened.Workspace, "Billing/DiscountPolicy.cs"));
        var memory = _opened.Open();

        var summary = await new WorkspaceIndexer(memory).RunAsync(null, None);

        Assert.Equal(Samples.All.Keys.Order(StringComparer.Ordinal), memory.Paths().Order(StringComparer.Ordinal));
        Assert.Equal(0, summary.Unreadable);
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_is_counted_and_what_was_known_of_it_stays()
    {
        WriteSamples();
        var memory = _opened.Open();
        await new WorkspaceIndexer(memory).RunAsync(null, None);
        var path = _opened.Write("Billing/DiscountPolicy.cs", Samples.Discounts + " // longer");
        using var holder = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);

        var summary = await new WorkspaceIndexer(memory).RunAsync(null, None);

        Assert.Equal(1, summary.Unreadable);
        Assert.Equal("Billing/DiscountPolicy.cs", memory.Recall(Opened.Query("ApplyDiscount(")).Snippets[0].Path);
    }

    [Fact]
    public async Task A_workspace_that_is_gone_is_not_taken_for_an_empty_one()
    {
        WriteSamples();
        var memory = _opened.Open();
        await new WorkspaceIndexer(memory).RunAsync(null, None);
        Directory.Delete(_opened.Workspace, recursive: true);

        var summary = await new WorkspaceIndexer(memory).RunAsync(null, None);

        Assert.Equal((0, 1), (summary.Removed, summary.Unreadable));
        Assert.Equal(4, memory.Statistics.Files);
    }

    [Fact]
    public async Task Text_that_is_not_utf8_is_read_all_the_same()
    {
        Write("Latin1.cs", Encoding.Latin1.GetBytes("class Latin { void Größe() { Measure(alpha, beta); } }"));
        Write(
            "Utf16.cs",
            [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes("class Wide { void Stretch() { Pull(gamma, delta); } }")]
        );
        Write("Utf8.cs", [.. Encoding.UTF8.GetPreamble(), .. "class Marked { void Begin() { Start(epsilon); } }"u8]);
        var memory = _opened.Open();

        await new WorkspaceIndexer(memory).RunAsync(null, None);

        Assert.Contains("Gr\ufffd\ufffde", memory.Recall(Opened.Query("Measure")).Snippets[0].Text, StringComparison.Ordinal);
        Assert.Equal("class Wide { void Stretch() { Pull(gamma, delta); } }", memory.Recall(Opened.Query("Stretch")).Snippets[0].Text);
        Assert.Equal("class Marked { void Begin() { Start(epsilon); } }", memory.Recall(Opened.Query("Begin")).Snippets[0].Text);
    }

    [Fact]
    public async Task A_file_that_changes_before_it_is_read_is_read_again_by_the_next_run()
    {
        _opened.Write("A.cs", Samples.Discounts);
        var memory = _opened.Open();
        var indexer = new WorkspaceIndexer(memory)
        {
            Pause = _ =>
            {
                // The walk has taken its size and time already.
                _opened.Write("A.cs", Samples.Discounts + "\n// half of what is being wri");
                return ValueTask.CompletedTask;
            },
        };
        await indexer.RunAsync(null, None);
        _opened.Write("A.cs", Samples.Warehouse);

        Assert.Equal(1, (await new WorkspaceIndexer(memory).RunAsync(null, None)).Read);
        Assert.Single(memory.Recall(Opened.Query("TryReserve(")).Snippets);
        Assert.Empty(memory.Recall(Opened.Query("ApplyDiscount(")).Snippets);
        Assert.Equal(1, (await new WorkspaceIndexer(memory).RunAsync(null, None)).Unchanged);
    }

    [Fact]
    public async Task A_file_whose_time_went_backwards_is_read_again()
    {
        var path = _opened.Write("A.cs", Samples.Discounts);
        var memory = _opened.Open();
        await new WorkspaceIndexer(memory).RunAsync(null, None);

        _opened.Write("A.cs", Samples.Discounts.Replace("ApplyDiscount", "ApplySurplus", StringComparison.Ordinal)); // of the same length
        File.SetLastWriteTimeUtc(path, new DateTime(1990, 1, 1, 0, 0, 0, DateTimeKind.Utc));

        Assert.Equal(1, (await new WorkspaceIndexer(memory).RunAsync(null, None)).Read);
        Assert.Single(memory.Recall(Opened.Query("ApplySurplus(")).Snippets);
    }

    [Fact]
    public async Task A_line_of_fifty_megabytes_is_kept_out_and_costs_nothing()
    {
        var line = new string('x', 50 * 1024 * 1024);
        _opened.Write("Huge.cs", line);
        _opened.Write("A.cs", Samples.Discounts);
        var memory = _opened.Open();

        var summary = await new WorkspaceIndexer(memory).RunAsync(null, None);

        Assert.Equal((1, 1), (summary.Read, summary.KeptOut));
        Assert.False(memory.Put("Buffer.cs", line));
        Assert.Equal(1, memory.Statistics.Files);
        Assert.InRange(memory.Statistics.BytesInMemory, 1, 1_000_000);
    }

    [Fact]
    public void One_file_is_brought_up_to_date()
    {
        var memory = _opened.Open();
        var indexer = new WorkspaceIndexer(memory);
        var path = _opened.Write("Billing/DiscountPolicy.cs", Samples.Discounts);

        Assert.True(indexer.Refresh(path));
        Assert.False(indexer.Refresh("Billing/DiscountPolicy.cs")); // known already
        Assert.NotEmpty(memory.Recall(Opened.Query("ApplyDiscount")).Snippets);

        File.Delete(path);
        Assert.True(indexer.Refresh(path));
        Assert.Empty(memory.Recall(Opened.Query("ApplyDiscount")).Snippets);
        Assert.False(indexer.Refresh(path));
        Assert.False(indexer.Refresh(_opened.Write("obj/A.cs", Samples.Mailer)));
        Assert.False(indexer.Refresh("/elsewhere/A.cs"));
    }

    [Fact]
    public async Task Of_an_open_file_the_buffer_counts()
    {
        WriteSamples();
        var memory = _opened.Open();
        memory.Put("Stock/Warehouse.cs", "class Buffer { void Typing() { Alpha(beta); } }");
        var indexer = new WorkspaceIndexer(memory) { IsOpen = path => path is "Stock/Warehouse.cs" or "New.cs" };
        memory.Put("New.cs", "class Unsaved { void Draft() { Gamma(delta); } }");

        await indexer.RunAsync(null, None);
        indexer.Refresh("Stock/Warehouse.cs");

        Assert.Single(memory.Recall(Opened.Query("Typing")).Snippets);
        Assert.Single(memory.Recall(Opened.Query("Draft")).Snippets);
        Assert.Empty(memory.Recall(Opened.Query("TryReserve")).Snippets);

        // Once closed without saving, the file counts again.
        Assert.True(new WorkspaceIndexer(memory).Refresh("Stock/Warehouse.cs"));
        Assert.NotEmpty(memory.Recall(Opened.Query("TryReserve")).Snippets);
    }

    [Fact]
    public async Task A_visitor_leaves_the_workspace_to_the_owner_and_tells_it_of_single_files()
    {
        WriteSamples();
        var owner = _opened.Open();
        var visitor = _opened.Open();
        var indexer = new WorkspaceIndexer(visitor);

        Assert.Equal(new IndexSummary(0, 0, 0, 0, 0, 0), await indexer.RunAsync(null, None));
        Assert.Equal(0, owner.Statistics.Files);

        Assert.True(indexer.Refresh("Stock/Warehouse.cs"));
        Assert.Equal(1, visitor.Statistics.Files); // it asks the owner, after what it has told it
        Assert.Equal(["Stock/Warehouse.cs"], owner.Paths());
    }

    [Fact]
    public async Task Beside_an_owner_that_does_not_answer_the_indexer_fills_the_memory_all_the_same()
    {
        WriteSamples();
        using var silent = _opened.HoldLock();
        var alone = _opened.Open();

        await new WorkspaceIndexer(alone).RunAsync(null, None);

        Assert.False(alone.IsOwner);
        Assert.Equal(4, alone.Statistics.Files);
    }

    private void WriteSamples()
    {
        foreach (var (path, text) in Samples.All)
        {
            _opened.Write(path, text);
        }
    }

    private void Write(string path, byte[] bytes) => File.WriteAllBytes(Path.Combine(_opened.Workspace, path), bytes);

    /// <summary>Unlike <see cref="Progress{T}"/>, told in order and at once.</summary>
    private sealed class Recorder : IProgress<IndexProgress>
    {
        public List<IndexProgress> Reports { get; } = [];

        public Func<IndexProgress, CancellationTokenSource?>? Stop { get; init; }

        public void Report(IndexProgress value)
        {
            Reports.Add(value);
            Stop?.Invoke(value)?.Cancel();
        }
    }
}
