namespace CodeComplete.Memory.Tests.Graph;

public sealed class SignatureSnippetTests
{
    private static readonly SymbolGraph Shop = new GraphFiles()
        .Put(
            "Order.cs",
            "T:Order",
            "> Inherits T:Entity",
            "M:Order._total",
            "M:Order.AddLine",
            "M:Order.Ship",
            "M:Order.CancelLine",
            "M:Order.Clone"
        )
        .Put("Entity.cs", "T:Entity", "M:Entity.Id", "M:Entity._secret")
        .Graph;

    [Fact]
    public void It_is_the_type_with_its_members_signatures()
    {
        var snippet = SignatureSnippet.Build(Shop, "T:Order", [], mostLines: 20, askingPath: "Other.cs");

        Assert.Equal(
            """
            class Order
            {
                public void AddLine();
                public void Ship();
                public void CancelLine();
                public void Clone();
                public void Id();
            }
            """,
            snippet?.Text
        );
        Assert.Equal(("Order.cs", 0), (snippet?.Path, snippet?.Line));
    }

    [Fact]
    public void With_few_lines_the_members_that_matter_stay_in_the_order_of_the_source()
    {
        var snippet = SignatureSnippet.Build(Shop, "T:Order", ["lineCount", "Clone"], mostLines: 6, askingPath: null);

        Assert.Equal(
            """
            class Order
            {
                public void AddLine();
                public void CancelLine();
                public void Clone();
            }
            """,
            snippet?.Text
        );
    }

    [Fact]
    public void Private_members_are_for_the_declaring_file()
    {
        var text = SignatureSnippet.Build(Shop, "T:Order", [], mostLines: 20, askingPath: "Order.cs")?.Text;

        Assert.Contains("    void _total();\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("_secret", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Properties_enums_and_records_are_written_as_C_sharp_does()
    {
        var files = new GraphFiles();
        files.Put(
            "a.cs",
            new FileSymbols(
                IsBound: true,
                [
                    new SymbolNode("T:E", "E", SymbolKind.Enum, -1, "enum E", 0, 0, IsPrivate: false),
                    new SymbolNode("F:E.A", "A", SymbolKind.EnumMember, 0, "A = 1", 0, 0, IsPrivate: false),
                    new SymbolNode("T:R", "R", SymbolKind.Record, -1, "record R(int X)", 1, 1, IsPrivate: false),
                    new SymbolNode("P:R.X", "X", SymbolKind.PositionalProperty, 2, "public int X { get; init; }", 1, 1, IsPrivate: false),
                    new SymbolNode("T:C", "C", SymbolKind.Class, -1, "class C", 2, 2, IsPrivate: false),
                    new SymbolNode("P:C.Y", "Y", SymbolKind.Property, 4, "public int Y { get; }", 2, 2, IsPrivate: false),
                ],
                []
            )
        );

        Assert.Equal("enum E\n{\n    A = 1,\n}", SignatureSnippet.Build(files.Graph, "T:E", [], 10, null)?.Text);
        Assert.Equal("record R(int X);", SignatureSnippet.Build(files.Graph, "T:R", [], 10, null)?.Text);
        Assert.Equal("class C\n{\n    public int Y { get; }\n}", SignatureSnippet.Build(files.Graph, "T:C", [], 10, null)?.Text);
    }

    [Theory]
    [InlineData("T:Unknown")]
    [InlineData("M:Order.Ship")]
    public void Without_a_type_there_is_nothing(string id) => Assert.Null(SignatureSnippet.Build(Shop, id, [], 10, null));
}
