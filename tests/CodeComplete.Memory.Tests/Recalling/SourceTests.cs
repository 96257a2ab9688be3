namespace CodeComplete.Memory.Tests.Recalling;

/// <summary>What each source finds, and what it must never find.</summary>
public sealed class SourceTests : IDisposable
{
    private readonly Opened _opened = new();
    private readonly Clock _clock = new();
    private readonly ProjectMemory _memory;

    public SourceTests()
    {
        _memory = _opened.Open(_opened.Options with { Time = _clock });
        Samples.PutAll(_memory);
    }

    public void Dispose() => _opened.Dispose();

    [Fact]
    public void The_file_itself_is_recalled_away_from_the_cursor_and_never_at_it()
    {
        var lines = Enumerable.Range(0, 90).Select(static i => $"    Log(alpha{i / 30}, beta{i / 30}, step{i});").ToList();
        lines[5] = "    Ship(parcel, carrier, Fragile);";
        lines[45] = "    Ship(parcel, carrier, ";
        var query = Opened.Query("    Ship(parcel, carrier, ", "Own.cs", most: 10) with
        {
            OwnText = string.Join('\n', lines),
            OwnLines = new LineRange(40, 50),
            Sources = RecallSources.OwnFile,
        };

        var snippets = _memory.Recall(query).Snippets;

        Assert.Contains("Fragile", snippets[0].Text, StringComparison.Ordinal);
        Assert.Equal(string.Join('\n', lines[snippets[0].StartLine..(snippets[0].StartLine + 12)]), snippets[0].Text);
        Assert.All(snippets, s => Assert.False(s.StartLine < 50 && 40 < s.StartLine + s.Text.Split('\n').Length));
    }

    [Fact]
    public void Secrets_in_the_buffer_do_not_come_back_out_of_it()
    {
        var query = Opened.Query("Connect(", "Own.cs") with
        {
            OwnText = "void Open()\n{\n    Connect(endpoint, timeout, password: \"hunter22x\");\n}",
            OwnLines = new LineRange(3, 4),
            Sources = RecallSources.OwnFile,
        };

        var snippet = Assert.Single(_memory.Recall(query).Snippets);

        Assert.Contains("Connect(endpoint", snippet.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter22x", snippet.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_typed_elsewhere_just_now_comes_first_until_it_is_old()
    {
        var query = Opened.Query("customer.", most: 10) with { Sources = RecallSources.RecentEdits };
        Assert.Empty(_memory.Recall(query).Snippets);

        _memory.NoteEdit("Billing/DiscountPolicy.cs", 12);
        _clock.Move(TimeSpan.FromHours(3));
        _memory.NoteEdit("Notifications/ShippingMailer.cs", 11);

        var snippets = _memory.Recall(query).Snippets;
        Assert.Equal(["Notifications/ShippingMailer.cs", "Billing/DiscountPolicy.cs"], snippets.Select(static s => s.Path));
        Assert.Contains("edited just now", snippets[0].Reason, StringComparison.Ordinal);
        Assert.Empty(_memory.Recall(query with { Path = "Notifications/ShippingMailer.cs", MaxSnippets = 1, Text = "parcel" }).Snippets);
    }

    [Fact]
    public void What_was_accepted_where_the_code_was_alike_comes_back_and_what_was_rejected_does_not()
    {
        var query = Opened.Query("        return invoice.", most: 10) with { Sources = RecallSources.Accepted };
        _memory.RecordAcceptance(Opened.Acceptance("TotalWithTax();") with { When = _clock.GetUtcNow() });
        _memory.RecordAcceptance(Opened.Acceptance("Oops();", kind: AcceptanceKind.Rejected) with { When = _clock.GetUtcNow() });
        _memory.RecordAcceptance(Opened.Acceptance("Later();") with { Before = "  shelf.", When = _clock.GetUtcNow() });

        var snippet = Assert.Single(_memory.Recall(query).Snippets);

        Assert.Equal("return invoice.TotalWithTax();", snippet.Text);
        Assert.Equal("shares invoice; accepted before", snippet.Reason);
    }

    [Fact]
    public void A_clock_that_was_set_back_neither_hides_nor_favours_what_was_accepted()
    {
        var query = Opened.Query("        return invoice.", most: 10) with { Sources = RecallSources.Accepted };
        _memory.RecordAcceptance(Opened.Acceptance("FromTheFuture();") with { When = _clock.GetUtcNow().AddYears(1) });
        _memory.RecordAcceptance(Opened.Acceptance("TotalNow();") with { When = _clock.GetUtcNow() });
        _clock.Move(TimeSpan.FromDays(-400));

        Assert.Equal(2, _memory.Recall(query).Snippets.Count);
    }

    [Fact]
    public void The_gate_leaves_out_what_hardly_touches_the_query()
    {
        var query = Opened.Query(
            "Harvest(wheat, barley, combine, trailer, moisture, tonnage); // north\nSow(oats, drill, spacing, depth, customer"
        );

        Assert.NotEmpty(_memory.Recall(query with { IsGated = false }).Snippets);
        Assert.Empty(_memory.Recall(query).Snippets);
    }
}
