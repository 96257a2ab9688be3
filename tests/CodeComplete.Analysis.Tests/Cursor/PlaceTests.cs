namespace CodeComplete.Analysis.Tests.Cursor;

public class PlaceTests
{
    [Theory]
    [InlineData("order.$0", PlaceKind.MemberAccess)]
    [InlineData("order.Na$0", PlaceKind.MemberAccess)]
    [InlineData("_last?.$0", PlaceKind.MemberAccess)]
    [InlineData("order.Ship($0)", PlaceKind.Argument)]
    [InlineData("Math.Max(1, $0)", PlaceKind.Argument)]
    [InlineData("_orders[$0]", PlaceKind.Argument)]
    [InlineData("$0", PlaceKind.StatementStart)]
    [InlineData("if (order.Count > 1) $0", PlaceKind.StatementStart)]
    [InlineData("var x = $0", PlaceKind.Expression)]
    [InlineData("return or$0", PlaceKind.Expression)]
    [InlineData("var o = new $0", PlaceKind.TypeName)]
    [InlineData("var o = new List<$0", PlaceKind.TypeName)]
    [InlineData("var o = new Order { $0 };", PlaceKind.ObjectInitializer)]
    [InlineData("var o = new Order { Name = text, $0 };", PlaceKind.ObjectInitializer)]
    [InlineData("var tot$0", PlaceKind.NewName)]
    [InlineData("var s = \"a$0b\";", PlaceKind.String)]
    [InlineData("var s = $\"a$0b\";", PlaceKind.String)]
    [InlineData("var s = $\"{order.$0}\";", PlaceKind.MemberAccess)]
    [InlineData("var s = $\"{order.Name}$0\";", PlaceKind.String)]
    [InlineData("var s = \"ab\"$0;", PlaceKind.Expression)]
    [InlineData("// a $0 comment", PlaceKind.Comment)]
    [InlineData("// a comment$0", PlaceKind.Comment)]
    [InlineData("/* a $0 */", PlaceKind.Comment)]
    [InlineData("var x = a[1..$0", PlaceKind.Expression)]
    public async Task A_place_in_a_body_is_named(string body, PlaceKind expected)
    {
        var cursor = await CursorAt.InMethodAsync(body);

        Assert.Equal(expected, cursor.Context.Kind);
    }

    [Theory]
    [InlineData("using System.$0", PlaceKind.Using)]
    [InlineData("using $0", PlaceKind.Using)]
    [InlineData("[$0]\nclass A { }", PlaceKind.Attribute)]
    [InlineData("class A { $0 }", PlaceKind.Declaration)]
    [InlineData("class A { public $0 }", PlaceKind.Declaration)]
    [InlineData("class A { int x; $0 }", PlaceKind.Declaration)]
    [InlineData("class A : $0 { }", PlaceKind.TypeName)]
    [InlineData("class A { void M($0) { } }", PlaceKind.TypeName)]
    [InlineData("/// <summary>$0</summary>\nclass A { }", PlaceKind.DocComment)]
    [InlineData("#if NEVER\nclass $0 A { }\n#endif", PlaceKind.DisabledCode)]
    [InlineData("#region $0\n#endregion", PlaceKind.Directive)]
    [InlineData("$0", PlaceKind.Declaration)]
    public async Task A_place_in_a_file_is_named(string source, PlaceKind expected)
    {
        var cursor = await CursorAt.Async(source);

        Assert.Equal(expected, cursor.Context.Kind);
    }

    [Theory]
    [InlineData("var s = \"a$0b\";")]
    [InlineData("// $0")]
    public async Task No_code_may_be_written_in_text(string body)
    {
        var cursor = await CursorAt.InMethodAsync(body);

        Assert.False(cursor.Context.IsCode);
        Assert.Null(cursor.NamesAfter("order."));
    }
}
