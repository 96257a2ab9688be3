using CodeComplete.Analysis.Tests.Cursor;

namespace CodeComplete.Analysis.Tests.Verification;

public class VerifierTests
{
    [Theory]
    [InlineData("order.$0", "Name = text;")]
    [InlineData("order.$0", "Ship(DateTime.Now);")]
    [InlineData("var x = $0", "_orders.Where(o => o.Total > 1).ToList();")]
    [InlineData("$0", "foreach (var o in _orders)")]
    [InlineData("$0", "if (order.Count > 1)")]
    [InlineData("if (order.Count > 1) { $0 }", "if (order.Count > 1) {")]
    [InlineData("$0\n        found.Ship(DateTime.Now);", "if (_last is not { } found) return 1;")]
    [InlineData("$0", "var first = _orders.FirstOrDefault(o => o.Count == 1);")]
    [InlineData("if (order.Count > 1) { $0 }", "_orders.ForEach(o =>")]
    [InlineData("_orders\n            $0\n            .ToList();", ".Where(o => o.Total > 1)")]
    [InlineData(
        "var n = order.Count switch\n        {\n            0 => 1,\n            $0\n            _ => 3,\n        };",
        "< 250 => 2,"
    )]
    [InlineData("_orders.ForEach(o =>\n        {\n            $0\n        });", "o.Ship(DateTime.Now);")]
    [InlineData("$0\n        {\n            Count = 1,\n        };", "order = new Order")]
    [InlineData("$0\n        later.Ship(DateTime.Now);", "var later = order;")]
    [InlineData("$0\n        int Twice(int n) => n * 2;", "order.Count = Twice(order.Count);")]
    [InlineData("return order.$0", "Count;")]
    [InlineData("// the $0", "orders that were shipped")]
    [InlineData("var s = \"$0\";", "hello there")]
    [InlineData("throw new ArgumentNullException($0", "nameof(text));")]
    [InlineData("Func<int, int> twice = n =>\n        {\n            $0\n            return n * 2;\n        };", "n++;")]
    [InlineData("$0", "try")]
    [InlineData("$0", "using var stream = new System.IO.MemoryStream();")]
    [InlineData("$0", "string Local(int a)")]
    [InlineData("switch (colour) { $0 }", "case Colour.Red:\n break;")]
    // The next lines go on with it, and what it all is is not known before.
    [InlineData("List<Order> few = new[] { order }\n            $0\n            .ToList();", ".Where(o => o.Total > 1)")]
    [InlineData("List<int> few = $0\n            .ToList();", "_orders.Select(o => o.Count)")]
    [InlineData("DateTime day = new(\n            2020,\n            $0\n            order.Count);", "order.Count,")]
    [InlineData("return Math.Max(\n            $0\n            order.Count);", "order.Count,")]
    [InlineData("Func<Order, int> rank = $0\n        {\n            1 => 2,\n            _ => 3,\n        };", "o => o.Count switch")]
    [InlineData(
        "var sum = _orders.Aggregate(\n            0,\n            $0\n            sum => sum.ToString());",
        "(all, one) => all + one.Count,"
    )]
    // They name what a line of a body does not declare: a package that is missing, a method that is to be written.
    [InlineData("$0\n        Verifier.Verify(order);", "order.Count++;")]
    [InlineData("$0\n        Later(order);", "order.Count++;")]
    public async Task What_compiles_is_shown_whole(string body, string candidate)
    {
        var verdict = await VerifyAsync(body, candidate);

        Assert.Equal((bool?)true, verdict.Verified);
        Assert.Equal(candidate, verdict.Text);
        Assert.False(verdict.WasCut);
    }

    [Theory]
    [InlineData("order.$0", "Namee = text;", "")]
    [InlineData("order.$0", "Ship();", "")]
    [InlineData("order.$0", "Ship(text);", "")]
    [InlineData("int n = order.$0", "Name;", "")]
    [InlineData("var x = $0", "unknown + 1;", "")]
    [InlineData("var x = $0", "order.Name.Nonsense();", "order.Name;")]
    [InlineData("var x = _orders.$0", "First().Total.Oops;", "First().Total;")]
    [InlineData("$0", "var text = 1;", "")]
    [InlineData("$0", "order.Count.", "")]
    [InlineData("var n = $0", "order.Count.", "order.Count;")]
    [InlineData("List<Order> x = _orders.$0", "ToList().Select(o => o.ToString()).ToArray();", "ToList();")]
    [InlineData("return order.$0", "Name;", "")]
    [InlineData("$0", "}", "")]
    [InlineData("$0", ");", "")]
    [InlineData("$0", "_orders.ForEach(o =>", "")]
    [InlineData("$0", "if (order.Count > 1) {", "if (order.Count > 1)")]
    [InlineData("if (order.Count > 1) { order.Ship($0 }", "order", "")]
    [InlineData("if (_last $0\n            found.Ship(DateTime.Now);", "== order)", "")]
    [InlineData("order.Ship(new DateTime($0", "order.Name);", "")]
    [InlineData("var n = Math.Max($0", "1);", "")]
    [InlineData("_orders.$0\n        {\n            o.Count++;\n        });", "Clear();", "")]
    [InlineData("$0\n            new { order.Name }, text,\n            order.Count);", "Console.WriteLine();", "")]
    [InlineData("$0", "order.Ship", "")]
    [InlineData("_orders.First($0\n            .Ship(DateTime.Now);", "o => o.Total > 1);", "o => o.Total > 1)")]
    [InlineData("$0\n        later.Ship(DateTime.Now);", "var sooner = order;", "")]
    [InlineData("$0\n        later.Ship(DateTime.Now);", "order.Count++;", "")]
    [InlineData("return $0", "_orders.Select(o => o.Count)", "")]
    [InlineData("$0\n        {\n            Count = 1,\n        };", "// a new one", "")]
    // The body of such a head stands there, and does not go with it.
    [InlineData("if (order.$0\n            int.Parse(order);", "Count > 1", "")]
    [InlineData("if (order.$0\n            return order.Oops;", "Count > 1)", "")]
    public async Task What_does_not_compile_is_cut_back_or_dropped(string body, string candidate, string shown)
    {
        var verdict = await VerifyAsync(body, candidate);

        Assert.Equal(shown, verdict.Text);
        Assert.True(verdict.WasCut);
    }

    [Fact]
    public async Task Lambdas_that_are_nested_without_end_are_cut_off_unread()
    {
        const int Depth = 16;
        var nested = string.Concat(Enumerable.Range(0, Depth).Select(i => $"_orders.Select(o{i} => ")) + "nothing" + new string(')', Depth);

        var verdict = await VerifyAsync("var names = $0", nested + ";");

        Assert.Equal("_orders;", verdict.Text);
        Assert.Equal("its lambdas are nested too deeply", verdict.Error);
    }

    [Theory]
    [InlineData("order.Ship($0);", "DateTime.Now);", "DateTime.Now")]
    [InlineData("order.Ship($0)", "DateTime.Now);", "DateTime.Now")]
    [InlineData("order.Ship($0)", "DateTime.Now)", "DateTime.Now")]
    [InlineData("var s = \"$0\";", "abc\";", "abc")]
    [InlineData("var n = _orders[$0];", "0];", "0")]
    [InlineData("order.Name = $0;", "text;", "text")]
    [InlineData("order.Ship($0);", "new DateTime(2020, 1, Math.Max(1, 2)));", "new DateTime(2020, 1, Math.Max(1, 2))")]
    [InlineData("Console.WriteLine(Math.Max($0));", "1, 2));", "1, 2")]
    public async Task Closers_that_stand_there_are_not_doubled(string body, string candidate, string shown)
    {
        var verdict = await VerifyAsync(body, candidate);

        Assert.Equal(shown, verdict.Text);
        Assert.Equal((bool?)true, verdict.Verified);
    }

    [Theory]
    [InlineData("class A { $0 }", "public int Total() => 1;")]
    [InlineData("class A { $0 }", "public int Total()")]
    [InlineData("class A { public int $0 }", "Total { get; set; }")]
    [InlineData("$0", "public class Invoice")]
    [InlineData("class A { private readonly string _x = $0 }", "string.Empty;")]
    [InlineData("class B { public B(int a) { } }\nclass A : B { public A() : $0 }", "base(1) { }")]
    [InlineData("using System.$0", "Text;")]
    [InlineData("class A { $0\n int M() => Verifier.Verify(1); }", "int x;")]
    [InlineData("using System;\nvar a = 1;\n$0\nLater(a);", "Console.WriteLine(a);")]
    [InlineData("class A { $0\n int M() => Total(1); }", "int Total(int n) => n;")]
    public async Task Declarations_are_judged_too(string source, string candidate)
    {
        var cursor = await CursorAt.Async(source);

        var verdict = Verifier.Verify(cursor, candidate, TestContext.Current.CancellationToken);

        Assert.Equal((bool?)true, verdict.Verified);
        Assert.Equal(candidate, verdict.Text);
    }

    [Theory]
    [InlineData("class A { $0 }", "public Missing Total() => null!;")]
    [InlineData("class A { int x; $0 }", "int x;")]
    [InlineData("class A { public $0\n public void M() { } }", "void M() { }")]
    [InlineData("class A { void M(int a$0) { } void N() { M(1); } }", ", int b")]
    [InlineData("interface I { void M(); }\nclass A { $0 }", "public override void M() { }")]
    [InlineData("class A { $0\n int M() => Total(1); }", "int x;")]
    public async Task Wrong_declarations_are_not_shown_as_verified(string source, string candidate)
    {
        var cursor = await CursorAt.Async(source);

        var verdict = Verifier.Verify(cursor, candidate, TestContext.Current.CancellationToken);

        Assert.NotEqual(candidate, verdict.Text);
    }

    [Theory]
    [InlineData("var name = $0", "order.Name", "order.Name;")]
    [InlineData("$0", "order.Name = text", "order.Name = text;")]
    [InlineData("order.Ship($0", "DateTime.Now", "DateTime.Now);")]
    [InlineData("order.Ship(new DateTime(2020, 1, $0", "Math.Max(1, 2", "Math.Max(1, 2)));")]
    public async Task A_line_that_is_all_but_closed_is_closed(string body, string candidate, string shown)
    {
        var verdict = await VerifyAsync(body + "\n\n        var discount = 1;", candidate);

        Assert.Equal(shown, verdict.Text);
        Assert.Equal((bool?)true, verdict.Verified);
        Assert.False(verdict.WasCut);
    }

    [Fact]
    public async Task The_arguments_may_go_on_in_the_next_line()
    {
        var verdict = await VerifyAsync("var n = Math.Max(\n            order.$0\n            2);", "Count,");

        Assert.Equal("Count,", verdict.Text);
        Assert.Equal((bool?)true, verdict.Verified);
    }

    [Fact]
    public async Task A_call_may_follow_a_name_that_is_typed_already()
    {
        var verdict = await VerifyAsync("var n = _orders.Count$0", "();");

        Assert.Equal("();", verdict.Text);
    }

    [Fact]
    public async Task Errors_that_were_there_before_do_not_count()
    {
        var verdict = await VerifyAsync("int broken = \"no number\"; unknown(); order.$0", "Name = text;");

        Assert.Equal((bool?)true, verdict.Verified);
        Assert.Equal("Name = text;", verdict.Text);
    }

    [Fact]
    public async Task A_conflict_with_a_later_declaration_counts()
    {
        var verdict = await VerifyAsync("$0\n        var later = 1;", "var later = order.Name;");

        Assert.NotEqual("var later = order.Name;", verdict.Text);
    }

    [Fact]
    public async Task What_the_lines_below_wait_for_is_named()
    {
        const string body = "$0\n        Console.WriteLine(total);\n        Console.WriteLine(later);";

        var verdict = await VerifyAsync(body, "Console.WriteLine(order.Name);");

        Assert.Equal("", verdict.Text);
        Assert.Equal("total", verdict.Awaited);
        Assert.Equal("var total = order.Total;", (await VerifyAsync(body, "var total = order.Total;")).Text);
    }

    [Fact]
    public async Task An_error_type_cannot_be_judged()
    {
        var verdict = await VerifyAsync("Missing thing = null!; thing.$0", "Anything();");

        Assert.Null(verdict.Verified);
    }

    [Fact]
    public async Task Of_several_lines_those_are_kept_that_compile()
    {
        const string Lines = "order.Count++;\n            order.Ship(DateTime.Now);\n            order.Nonsense();";
        var cursor = await CursorAt.InMethodAsync("if (text is null)\n        {\n            $0\n        }");
        (int, bool)[] ends =
        [
            (Lines.Length, true),
            (Lines.LastIndexOf('\n'), false),
            (Lines.IndexOf('\n', StringComparison.Ordinal), false),
        ];

        var verdict = Verifier.VerifyLines(cursor, Lines, ends, TestContext.Current.CancellationToken);

        Assert.Equal("order.Count++;\n            order.Ship(DateTime.Now);", verdict.Text);
        Assert.Equal((bool?)true, verdict.Verified);
        Assert.True(verdict.WasCut);
        Assert.NotNull(verdict.Error);
    }

    [Theory]
    [InlineData("if (a > 1)\n        {\n            return 1;\n        }", true, false)]
    [InlineData("if (a > 1)\n        {\n            return 1;\n        }", false, true)]
    [InlineData("if (a > 1)\n        {\n            return 1;\n        }\n\n        return 2;", true, true)]
    [InlineData("return a;", true, true)]
    public async Task A_body_that_is_all_there_will_be_returns_on_every_path(string lines, bool isAll, bool stands)
    {
        var cursor = await CursorAt.Async("class A\n{\n    int M(int a)\n    {\n        $0\n    }\n}");

        var verdict = Verifier.VerifyLines(cursor, lines, [(lines.Length, isAll)], TestContext.Current.CancellationToken);

        Assert.Equal(stands ? lines : "", verdict.Text);
    }

    private static async Task<Verdict> VerifyAsync(string body, string candidate)
    {
        var cursor = await CursorAt.InMethodAsync(body);
        return Verifier.Verify(cursor, candidate, TestContext.Current.CancellationToken);
    }
}
