namespace CodeComplete.Memory.Tests;

public sealed class RecallTests : IDisposable
{
    private readonly Opened _opened = new();

    public void Dispose() => _opened.Dispose();

    [Theory]
    [InlineData("var net = policy.ApplyDiscount(invoiceLine, customer", "Billing/DiscountPolicy.cs")]
    [InlineData("decimal discount = ", "Billing/DiscountPolicy.cs")] // a part of a name alone
    [InlineData("if (!warehouse.TryReserve(sku, ", "Stock/Warehouse.cs")]
    [InlineData("foreach (var shelf in _shelves) { reserved += quantity", "Stock/Warehouse.cs")]
    [InlineData("await mailer.NotifyShipped(order.Customer, parcel", "Notifications/ShippingMailer.cs")]
    [InlineData("var loaded = await orders.LoadOrder(", "Data/OrderRepository.cs")]
    [InlineData("command.CommandText = sql;\nusing var reader = await command.", "Data/OrderRepository.cs")]
    public void The_file_that_is_about_the_same_thing_comes_first(string text, string expected)
    {
        var memory = _opened.Open();
        for (var i = 0; i < 50; i++)
        {
            memory.Put($"Other/Service{i}.cs", Samples.Synthetic(i));
        }

        Samples.PutAll(memory);

        var snippets = memory.Recall(Opened.Query(text)).Snippets;

        Assert.NotEmpty(snippets);
        Assert.Equal(expected, snippets[0].Path);
    }

    [Fact]
    public void What_is_near_the_cursor_counts_most()
    {
        var memory = _opened.Open();
        Samples.PutAll(memory);
        var far = string.Concat(Enumerable.Repeat("\n", 20));

        Assert.Equal("Stock/Warehouse.cs", memory.Recall(Opened.Query("ApplyDiscount();" + far + "TryReserve(")).Snippets[0].Path);
        Assert.Equal("Billing/DiscountPolicy.cs", memory.Recall(Opened.Query("TryReserve();" + far + "ApplyDiscount(")).Snippets[0].Path);
    }

    [Fact]
    public void The_reason_names_what_is_shared_rarest_first()
    {
        var memory = _opened.Open();
        Samples.PutAll(memory);

        var byName = memory.Recall(Opened.Query("ApplyDiscount(customer")).Snippets[0];
        var byPart = memory.Recall(Opened.Query("GiveDiscount(")).Snippets[0];

        Assert.Equal("shares ApplyDiscount, customer", byName.Reason);
        Assert.Equal("shares the words discount", byPart.Reason);
    }

    [Fact]
    public void A_snippet_is_the_lines_of_the_file_at_its_start_line()
    {
        var memory = _opened.Open();
        var text = Samples.Synthetic(1, members: 30);
        memory.Put("Service.cs", text.Replace("\n", "\r\n", StringComparison.Ordinal));

        var snippets = memory.Recall(Opened.Query("Compute1x17(seed17", most: 2)).Snippets;

        Assert.NotEmpty(snippets);
        Assert.Contains("Compute1x17", snippets[0].Text, StringComparison.Ordinal);
        foreach (var snippet in snippets)
        {
            var lines = snippet.Text.Split('\n');
            Assert.InRange(lines.Length, 1, 12);
            Assert.Equal(text.Split('\n')[snippet.StartLine..(snippet.StartLine + lines.Length)], lines);
        }
    }

    [Fact]
    public void Text_beyond_ascii_is_given_back_as_it_was()
    {
        var memory = _opened.Open();
        memory.Put(
            "Größe.cs",
            "// ☃☃☃ 雪だるま 𝄞\nclass Größenordnung\n{\n    int Höhe => Länge * Breite; // ≈ 🎉\n    string Straße = \"𝄞𝄞\";\n}\n"
        );

        var snippet = Assert.Single(memory.Recall(Opened.Query("Höhe + Breite")).Snippets);

        Assert.Equal(1, snippet.StartLine);
        Assert.Equal("class Größenordnung\n{\n    int Höhe => Länge * Breite; // ≈ 🎉\n    string Straße = \"𝄞𝄞\";\n}", snippet.Text);
    }

    [Fact]
    public void The_file_being_edited_is_never_recalled()
    {
        var memory = _opened.Open();
        Samples.PutAll(memory);

        var snippets = memory
            .Recall(Opened.Query("ApplyDiscount InvoiceLine DiscountPolicy customer", "Billing/DiscountPolicy.cs", most: 10))
            .Snippets;

        Assert.NotEmpty(snippets); // the mailer has a customer as well
        Assert.DoesNotContain(snippets, snippet => snippet.Path == "Billing/DiscountPolicy.cs");
        Assert.Equal(
            snippets,
            memory
                .Recall(Opened.Query("ApplyDiscount InvoiceLine DiscountPolicy customer", @"Billing\DiscountPolicy.cs", most: 10))
                .Snippets
        );
    }

    [Fact]
    public void One_file_gives_two_snippets_at_most_and_they_do_not_overlap()
    {
        var memory = _opened.Open();
        memory.Put("Long.cs", string.Join('\n', Enumerable.Range(0, 200).Select(i => $"Target(alpha{i}, beta{i}, gamma{i});")));
        memory.Put("Short.cs", "class Short { void Run() { Target(delta, epsilon); } }");

        var snippets = memory.Recall(Opened.Query("Target(", most: 10)).Snippets;

        var ofLong = snippets.Where(snippet => snippet.Path == "Long.cs").ToList();
        Assert.Equal(2, ofLong.Count);
        Assert.True(Math.Abs(ofLong[0].StartLine - ofLong[1].StartLine) >= 12);
        Assert.Single(snippets, snippet => snippet.Path == "Short.cs");
    }

    [Fact]
    public void Copies_of_the_same_code_are_recalled_once()
    {
        var memory = _opened.Open();
        memory.Put("A.cs", Samples.Discounts);
        memory.Put("B.cs", Samples.Discounts.Replace("Shop.Billing", "Shop.Copied", StringComparison.Ordinal));

        Assert.Single(memory.Recall(Opened.Query("ApplyDiscount(", most: 5)).Snippets);
    }

    [Fact]
    public void A_budget_takes_the_best_that_fit_and_passes_over_those_that_do_not()
    {
        var memory = _opened.Open();
        memory.Put(
            "Big.cs",
            string.Join('\n', Enumerable.Range(0, 12).Select(i => $"Target(alpha{i}); Target(beta{i}); Target(gamma{i});"))
        );
        memory.Put("Small.cs", "class Small { void Run() { Target(delta, epsilon); } }");
        var query = Opened.Query("Target(");

        Assert.Equal(
            ["Big.cs", "Small.cs"],
            memory.Recall(query with { Cost = Length, Budget = 10_000 }).Snippets.Select(snippet => snippet.Path)
        );
        Assert.Equal(["Small.cs"], memory.Recall(query with { Cost = Length, Budget = 100 }).Snippets.Select(snippet => snippet.Path));
        Assert.Empty(memory.Recall(query with { Cost = Length, Budget = 10 }).Snippets);
        Assert.Empty(memory.Recall(query with { MaxSnippets = 0 }).Snippets);

        static int Length(Snippet snippet) => snippet.Text.Length;
    }

    [Fact]
    public void Names_that_differ_in_case_alone_are_different_names()
    {
        var memory = _opened.Open();
        memory.Put("Lower.cs", "class Alpha { void Fill() { this.count = initial; } }");
        memory.Put("Upper.cs", "class Omega { void Fill() { this.Count = initial; } }");

        var lower = memory.Recall(Opened.Query("count")).Snippets;
        var upper = memory.Recall(Opened.Query("Count")).Snippets;

        Assert.Equal("Lower.cs", lower[0].Path);
        Assert.Equal("shares count", lower[0].Reason);
        Assert.Equal("Upper.cs", upper[0].Path);
        Assert.Equal("shares Count", upper[0].Reason);
    }

    [Fact]
    public void Keywords_comments_and_unknown_names_find_nothing()
    {
        var memory = _opened.Open();
        Samples.PutAll(memory);

        Assert.Empty(memory.Recall(Opened.Query("public static void return // ApplyDiscount\n\"TryReserve\" + NeverHeardOf")).Snippets);
        Assert.Empty(memory.Recall(Opened.Query("")).Snippets);
    }

    [Fact]
    public void Recall_works_while_files_are_put()
    {
        var memory = _opened.Open();
        Samples.PutAll(memory);
        using var recalled = new CountdownEvent(200);

        Parallel.Invoke(
            () =>
            {
                for (var i = 0; !recalled.IsSet; i++)
                {
                    memory.Put($"Other/Service{i % 40}.cs", Samples.Synthetic(i));
                }
            },
            () =>
            {
                while (!recalled.IsSet)
                {
                    Assert.Equal("Stock/Warehouse.cs", memory.Recall(Opened.Query("TryReserve(sku, quantity")).Snippets[0].Path);
                    recalled.Signal();
                }
            }
        );
    }
}
