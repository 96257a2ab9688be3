namespace CodeComplete.Analysis.Tests.Cursor;

public class CodeExtentTests
{
    [Theory]
    [InlineData("if (order.Count > 1)\n        {\n            $0\n        }", ExtentKind.Block)]
    [InlineData("_orders.ForEach(o =>\n        {\n            $0\n        });", ExtentKind.Block)]
    [InlineData("if (order.Count > 1)\n        {\n            $0\n            order.Count++;\n        }", ExtentKind.Statement)]
    [InlineData("order.Count++;\n        $0", ExtentKind.Statement)]
    [InlineData("var first = $0", ExtentKind.Statement)]
    [InlineData("// Ships what is left.\n        $0", ExtentKind.Described)]
    [InlineData("// Ships what is left.\n\n        $0", ExtentKind.Statement)]
    [InlineData("order.Count++; // one more\n        $0", ExtentKind.Statement)]
    [InlineData("_orders.ForEach(o =>\n        {\n            o.Count++;\n            $0\n        });", ExtentKind.Statement)]
    [InlineData("$0\n        // the rest\n        order.Count++;", ExtentKind.Statement)]
    public async Task The_place_says_what_is_asked_for(string body, ExtentKind kind)
    {
        Assert.Equal(kind, CodeExtent.Of(await CursorAt.InMethodAsync(body))!.Kind);
    }

    [Theory]
    [InlineData("order.Ship($0);")]
    [InlineData("var s = \"$0")]
    [InlineData("// the $0")]
    [InlineData("$0\n        {\n            order.Count++;\n        }")]
    [InlineData("_orders\n            $0\n            .ToList();")]
    [InlineData("var o = new Order\n        {\n            $0\n            Count = 1,\n        };")]
    [InlineData("Console.WriteLine(\n            $0\n            text);")]
    [InlineData("var n = colour switch\n        {\n            Colour.Red => 1,\n            $0\n            _ => 2,\n        };")]
    [InlineData("int[] n =\n        [\n            1,\n            $0\n            2,\n        ];")]
    public async Task Inside_a_statement_and_outside_of_code_a_suggestion_ends_with_its_line(string body)
    {
        Assert.Null(CodeExtent.Of(await CursorAt.InMethodAsync(body)));
    }

    [Theory]
    [InlineData("class A\n{\n    ///$0\n    public int X;\n}", true)]
    [InlineData("class A\n{\n    /// $0\n    public int X;\n}", true)]
    [InlineData("class A\n{\n    /// $0\n    /// </summary>\n    public int X;\n}", false)]
    [InlineData("class A\n{\n    /// <summary>$0\n    public int X;\n}", false)]
    public async Task Documentation_is_asked_for_where_it_has_just_begun(string source, bool isAsked)
    {
        Assert.Equal(isAsked ? ExtentKind.Documentation : null, CodeExtent.Of(await CursorAt.Async(source))?.Kind);
    }

    [Theory]
    [InlineData("$0", "order.Count++;", true)]
    [InlineData("$0", "if (order.Count > 1)", false)]
    [InlineData("$0", "if (order.Count > 1)\n        {", false)]
    [InlineData("$0", "if (order.Count > 1)\n        {\n            order.Count++;", false)]
    [InlineData("$0", "if (order.Count > 1)\n        {\n            order.Count++;\n        }", true)]
    [InlineData("$0", "order.Count++;\n", false)]
    [InlineData("var first = $0", "_orders", false)]
    [InlineData("var first = $0", "_orders\n            .First();", true)]
    [InlineData("var first = _orders\n            $0", ".Where(o => o.Total > 1)", false)]
    [InlineData("$0", "_orders.ForEach(o =>", false)]
    [InlineData("$0", "", false)]
    public async Task Nothing_may_be_left_open(string body, string written, bool isWhole)
    {
        Assert.Equal(isWhole, CodeExtent.Of(await CursorAt.InMethodAsync(body))!.IsWhole(written));
    }

    [Fact]
    public async Task An_attribute_s_line_is_whole_above_its_member()
    {
        var extent = CodeExtent.Of(await CursorAt.Async("class A\n{\n    [System.Obsolete($0\n    public int X;\n}"));
        Assert.NotNull(extent);
        Assert.False(extent.IsWhole("M"));
        Assert.True(extent.IsWhole("nameof(X))]"));
    }

    [Theory]
    [InlineData("_orders.ForEach(", true)]
    [InlineData("_orders.Insert(0,", true)]
    [InlineData("var o = _orders[", true)]
    [InlineData("_orders.ForEach(o =>", false)]
    [InlineData("if (order.Count > 1)", false)]
    [InlineData("order.Count++;", false)]
    public async Task An_argument_or_an_element_may_come_next(string written, bool isWanted)
    {
        Assert.Equal(isWanted, CodeExtent.Of(await CursorAt.InMethodAsync("$0"))!.WantsElement(written));
    }

    [Theory]
    [InlineData(
        "order.Count++;\n            order.Ship(DateTime.Now);\n        }\n",
        "order.Count++;\n            order.Ship(DateTime.Now);"
    )]
    [InlineData("if (text is null)\n            {\n                return 1;\n            }\n", null)]
    [InlineData(
        "if (text is null)\n            {\n                return 1;\n            }\n        }\n",
        "if (text is null)\n            {\n                return 1;\n            }"
    )]
    public async Task A_block_ends_at_its_brace_which_stands_there_already(string written, string? kept)
    {
        var extent = CodeExtent.Of(await CursorAt.InMethodAsync("if (order.Count > 1)\n        {\n            $0\n        }"))!;

        Assert.Equal(kept?.Length, extent.End(written));
    }

    [Fact]
    public async Task A_brace_that_the_document_lacks_is_written()
    {
        const string Source = "class A\n{\n    void M(int a)\n    {\n        if (a > 1)\n        {\n            $0\n    }\n}";
        var extent = CodeExtent.Of(await CursorAt.Async(Source))!;

        Assert.Equal("a++;\n        }".Length, extent.End("a++;\n        }\n"));
    }

    [Fact]
    public async Task A_statement_ends_with_the_line_that_closes_it()
    {
        var extent = CodeExtent.Of(await CursorAt.InMethodAsync("var first = $0"))!;

        Assert.Null(extent.End("_orders\n"));
        Assert.Equal("_orders\n            .First();".Length, extent.End("_orders\n            .First();\n"));
    }

    [Fact]
    public async Task What_a_comment_describes_ends_with_its_paragraph()
    {
        var extent = CodeExtent.Of(await CursorAt.InMethodAsync("// Ships it.\n        $0\n        return 1;"))!;

        Assert.Null(extent.End("order.Count++;\n"));
        Assert.Equal("order.Count++;\n        order.Count--;".Length, extent.End("order.Count++;\n        order.Count--;\n\n"));
        Assert.Equal("order.Count++;".Length, extent.End("order.Count++;\n    }\n"));
    }

    [Fact]
    public async Task Below_a_comment_among_members_one_member_is_asked_for()
    {
        var extent = CodeExtent.Of(await CursorAt.Async("class A\n{\n    // Adds two numbers.\n    $0\n}"))!;

        Assert.Equal(ExtentKind.Described, extent.Kind);
        Assert.False(extent.IsWhole("public int Add(int a, int b)"));
        Assert.False(extent.IsWhole("[Obsolete]"));
        Assert.Null(extent.End("public int Add(int a, int b)\n    {\n        return a + b;\n"));
        const string Whole = "public int Add(int a, int b)\n    {\n        return a + b;\n    }";
        Assert.Equal(Whole.Length, extent.End(Whole + "\n"));
    }

    [Fact]
    public async Task Documentation_ends_before_the_line_that_is_none()
    {
        var extent = CodeExtent.Of(await CursorAt.Async("class A\n{\n    ///$0\n    public int X;\n}"))!;
        const string Whole = " <summary>\n    /// The number.\n    /// </summary>";

        Assert.False(extent.IsWhole(" <summary>"));
        Assert.True(extent.IsWhole(Whole));
        Assert.Null(extent.End(Whole + "\n"));
        Assert.Equal(Whole.Length, extent.End(Whole + "\n    public int X;\n"));
    }
}
