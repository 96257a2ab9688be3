namespace CodeComplete.Analysis.Tests.Cursor;

public class CursorContextTests
{
    [Fact]
    public async Task The_typed_part_of_a_name_and_its_start_are_known()
    {
        var cursor = await CursorAt.InMethodAsync("order.Na$0");

        Assert.Equal("Na", cursor.Context.TypedName);
        Assert.Equal(cursor.Context.Offset - 2, cursor.Context.NameStart);
    }

    [Theory]
    [InlineData("order.$0", "Order")]
    [InlineData("_last?.$0", "Order")]
    [InlineData("_orders.$0", "List<Order>")]
    [InlineData("_orders.Where(o => o.$0", "Order")]
    [InlineData("foreach (var o in _orders) { o.$0", "Order")]
    [InlineData("unknown.$0", null)]
    public async Task The_receivers_type_is_known(string body, string? expected)
    {
        var cursor = await CursorAt.InMethodAsync(body);

        Assert.Equal(expected, cursor.Context.ReceiverType);
    }

    [Theory]
    [InlineData("decimal total = $0", "decimal")]
    [InlineData("return order.$0", "int")]
    [InlineData("if ($0", "bool")]
    [InlineData("order.Ship($0", "DateTime")]
    [InlineData("order.Total = $0", "decimal")]
    [InlineData("var total = $0", null)]
    public async Task The_expected_type_is_known(string body, string? expected)
    {
        var cursor = await CursorAt.InMethodAsync(body);

        Assert.Equal(expected, cursor.Context.ExpectedType);
    }

    [Fact]
    public async Task The_surroundings_are_known()
    {
        var cursor = await CursorAt.InMethodAsync("_orders.$0");

        Assert.Equal("Run", cursor.Context.EnclosingMember);
        Assert.Equal("Host", cursor.Context.EnclosingType);
        Assert.Equal(["Order", "Colour"], cursor.Context.RelatedTypes);
    }

    [Theory]
    [InlineData("order.Ship($0);", true)]
    [InlineData("var s = \"$0\");", true)]
    [InlineData("order.$0", true)]
    [InlineData("order.Ship($0when);", false)]
    [InlineData("order.Ship($0 + 1);", false)]
    public async Task What_follows_on_the_line_is_judged(string body, bool onlyClosers)
    {
        var cursor = await CursorAt.InMethodAsync(body);

        Assert.Equal(onlyClosers, cursor.Context.OnlyClosersFollow);
    }

    [Theory]
    [InlineData("using System;\n\n$0\nConsole.WriteLine();")]
    [InlineData("$0\nConsole.WriteLine();")]
    [InlineData("// a comment$0\nvar x = 1;")]
    [InlineData("[assembly: System.CLSCompliant(true)]$0\nclass A { }")]
    [InlineData("var x = 1;\n$0")]
    public async Task Any_place_around_top_level_code_can_be_read(string source)
    {
        var cursor = await CursorAt.Async(source);

        Assert.Null(cursor.Context.ReceiverType);
        Assert.Null(cursor.NamesAfter("unknown."));
    }

    [Theory]
    [InlineData("order.$0", "T:Order", null)]
    [InlineData("_orders.$0", null, null)]
    [InlineData("_last?.$0", "T:Order", null)]
    [InlineData("order = $0", null, "T:Order")]
    [InlineData("order.Total = $0", null, null)]
    public async Task Types_of_the_project_have_ids(string body, string? receiver, string? expected)
    {
        var cursor = await CursorAt.InMethodAsync(body);

        Assert.Equal((receiver, expected), (cursor.Context.ReceiverTypeId, cursor.Context.ExpectedTypeId));
        Assert.Contains("T:Order", cursor.Context.RelatedTypeIds);
    }

    [Theory]
    [InlineData("order.Ship($0", "M:Order.Ship(System.DateTime)")]
    [InlineData("order.Ship(DateTime.$0", "M:Order.Ship(System.DateTime)")]
    [InlineData("order.Total = $0", "P:Order.Total")]
    [InlineData("var o = new Order { Count = $0", "F:Order.Count")]
    [InlineData("var o = new Order($0", null)]
    [InlineData("Order.Empty.$0", "P:Order.Empty")]
    [InlineData("_last?.$0", "F:Host._last")]
    [InlineData("Run(order, Colour.Red, $0", "M:Host.Run(Order,Colour,System.String)")]
    [InlineData("text.Select(c => $0", null)]
    [InlineData("Console.WriteLine($0", null)]
    [InlineData("order.$0", null)]
    public async Task The_member_at_hand_is_known(string body, string? id)
    {
        var cursor = await CursorAt.InMethodAsync(body);

        Assert.Equal(id, cursor.Context.MemberAtHandId);
    }

    [Fact]
    public async Task Types_among_the_parameters_of_the_call_are_known()
    {
        var cursor = await CursorAt.InMethodAsync("Run($0");

        Assert.Equal(["T:Order", "T:Colour"], cursor.Context.ArgumentTypeIds);
    }

    [Fact]
    public async Task The_member_around_the_cursor_and_what_it_implements_are_known()
    {
        var cursor = await CursorAt.Async(
            """
            interface IShape<T> { T Area(T scale); }
            abstract class Shape { public abstract string Name(); public override string ToString() => ""; }
            class Circle : Shape, IShape<double>
            {
                public double Area(double scale) { return $0 }
            }
            """
        );

        Assert.Equal("M:Circle.Area(System.Double)", cursor.Context.EnclosingMemberId);
        Assert.Equal(["M:IShape`1.Area(`0)"], cursor.Context.EnclosingBaseIds);
    }

    [Theory]
    [InlineData("public override string Name() { return $0 }", "M:Shape.Name")]
    [InlineData("public override string ToString() { return $0 }", null)]
    [InlineData("private string _field = $0;", null)]
    public async Task Only_bases_of_the_project_count(string member, string? id)
    {
        var cursor = await CursorAt.Async(
            $$"""abstract class Shape { public abstract string Name(); } class Circle : Shape { {{member}} }"""
        );

        Assert.Equal(id, cursor.Context.EnclosingBaseIds.SingleOrDefault());
    }

    [Fact]
    public async Task An_offset_outside_the_text_is_taken_to_its_end()
    {
        var cursor = await CursorAnalysis.AtAsync(SingleFile.Snapshot("class A { }"), 10_000, TestContext.Current.CancellationToken);

        Assert.Equal(11, cursor.Context.Offset);
    }
}
