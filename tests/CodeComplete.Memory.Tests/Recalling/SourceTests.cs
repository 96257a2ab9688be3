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
    public void What_was_typed_in_another_process_is_recalled_there()
    {
        using var visitor = ProjectMemory.Open(_opened.Options with { Time = _clock });
        Assert.Equal(MemoryRole.Visitor, visitor.Role);

        visitor.NoteEdit("Billing/DiscountPolicy.cs", 12);

        var query = Opened.Query("customer.", most: 10) with { Sources = RecallSources.RecentEdits };
        // An owner that is slow to answer, as at the first question, is not waited for.
        var found = Enumerable.Range(0, 5).Select(_ => visitor.Recall(query).Snippets).FirstOrDefault(static s => s.Count > 0);
        Assert.Equal("Billing/DiscountPolicy.cs", Assert.Single(found ?? []).Path);
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
    public void What_was_accepted_comes_with_the_lines_around_it_where_it_still_stands()
    {
        var file = string.Join(
            '\n',
            Enumerable.Range(0, 30).Select(static i => i == 20 ? "        return invoice.TotalWithTax();" : $"        Step{i}();")
        );
        _memory.Put("Billing/Totals.cs", file);
        var query = Opened.Query("        return invoice.", most: 10) with { Sources = RecallSources.Accepted };
        var acceptance = Opened.Acceptance("TotalWithTax();") with { Path = "Billing/Totals.cs", When = _clock.GetUtcNow() };
        _memory.RecordAcceptance(acceptance);

        var snippet = Assert.Single(_memory.Recall(query).Snippets);

        Assert.Equal(16, snippet.StartLine);
        Assert.StartsWith("        Step16();", snippet.Text, StringComparison.Ordinal);
        Assert.EndsWith("        Step24();", snippet.Text, StringComparison.Ordinal);
        Assert.Contains("TotalWithTax", snippet.Text, StringComparison.Ordinal);
        // Of the file being edited nothing is returned as it was remembered.
        Assert.Equal(
            "return invoice.TotalWithTax();",
            Assert.Single(_memory.Recall(query with { Path = "Billing/Totals.cs" }).Snippets).Text
        );
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
    public void The_types_at_hand_come_as_signatures_the_receivers_first()
    {
        PutSymbols("Billing/DiscountPolicy.cs", Samples.Discounts, [Type("T:DiscountPolicy", 4), Member("ApplyDiscount", 10)], []);
        PutSymbols("Stock/Warehouse.cs", Samples.Warehouse, [Type("T:Warehouse", 4), Member("TryReserve", 8)], []);
        var query = Opened.Query("warehouse.", most: 10) with
        {
            Types = ["T:Warehouse", "T:DiscountPolicy", "T:Unknown"],
            Sources = RecallSources.Signatures,
        };

        var snippets = _memory.Recall(query).Snippets;

        Assert.Equal(["Stock/Warehouse.cs", "Billing/DiscountPolicy.cs"], snippets.Select(static s => s.Path));
        Assert.Equal("class Warehouse\n{\n    void TryReserve();\n}", snippets[0].Text);
        Assert.EndsWith("what Warehouse can do", snippets[0].Reason, StringComparison.Ordinal);
        Assert.DoesNotContain(_memory.Recall(query with { Path = "Stock/Warehouse.cs" }).Snippets, s => s.Path == "Stock/Warehouse.cs");
    }

    [Fact]
    public void The_member_at_hand_comes_as_others_use_it_and_what_is_overridden_as_others_do_it()
    {
        PutSymbols(
            "Stock/Warehouse.cs",
            Samples.Warehouse,
            [Type("T:Warehouse", 4), Member("TryReserve", 8)],
            [
                new SymbolEdge(1, SymbolRelation.Calls, "M:Sku.Hash", 10),
                new SymbolEdge(1, SymbolRelation.Implements, "M:IStore.TryReserve", 8),
            ]
        );
        var query = Opened.Query("quantity", most: 10) with { Sources = RecallSources.Usages };

        Assert.Empty(_memory.Recall(query).Snippets);
        var use = Assert.Single(_memory.Recall(query with { Members = ["M:Sku.Hash"] }).Snippets);
        var sibling = Assert.Single(_memory.Recall(query with { Bases = ["M:IStore.TryReserve"] }).Snippets);

        Assert.Equal((5, "shares quantity; uses Hash"), (use.StartLine, use.Reason));
        Assert.Equal(Samples.Warehouse.ReplaceLineEndings("\n").Split('\n')[5..13], use.Text.Split('\n'));
        Assert.Equal((8, "shares quantity; another TryReserve"), (sibling.StartLine, sibling.Reason));
        Assert.Empty(_memory.Recall(query with { Members = ["M:Sku.Hash"], Path = "Stock/Warehouse.cs" }).Snippets);
    }

    [Fact]
    public void What_lies_near_is_found_once_it_has_vectors()
    {
        var query = Opened.Query("TryReserve(sku, quantity)\nstored - quantity", most: 1) with { Sources = RecallSources.Vectors };
        Assert.Empty(_memory.Recall(query).Snippets);

        while (_memory.ReadNext(encoder: null, CancellationToken.None)) { }

        Assert.Equal("Stock/Warehouse.cs", Assert.Single(_memory.Recall(query).Snippets).Path);
        _memory.Remove("Stock/Warehouse.cs");
        Assert.DoesNotContain(_memory.Recall(query with { MaxSnippets = 10 }).Snippets, s => s.Path == "Stock/Warehouse.cs");
    }

    [Fact]
    public void The_gate_leaves_out_what_hardly_touches_the_query()
    {
        var query = Opened.Query("Harvest(wheat, barley, combine, trailer);\nSow(oats, drill, spacing, customer");
        var gate = new RecallQuery { Text = "", Path = "" }.LeastCoverage;

        Assert.NotEmpty(_memory.Recall(query).Snippets);
        Assert.Empty(_memory.Recall(query with { LeastCoverage = gate }).Snippets);
        Assert.NotEmpty(_memory.Recall(query with { Text = "ApplyDiscount(customer, InvoiceLine", LeastCoverage = gate }).Snippets);
    }

    private void PutSymbols(string path, string text, IReadOnlyList<SymbolNode> nodes, IReadOnlyList<SymbolEdge> edges) =>
        Assert.True(_memory.PutSymbols(path, text, new FileSymbols(IsBound: true, nodes, edges)));

    private static SymbolNode Type(string id, int line) =>
        new(id, id[2..], SymbolKind.Class, -1, "class " + id[2..], line, line + 10, IsPrivate: false);

    private static SymbolNode Member(string name, int line) =>
        new("M:" + name, name, SymbolKind.Method, 0, $"void {name}()", line, line + 4, IsPrivate: false);
}
