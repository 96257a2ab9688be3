namespace CodeComplete.Analysis.Tests.Usages;

public class NameUsesTests
{
    private const string Other = """
        public class Invoice
        {
            public decimal Total { get; set; }
            public event System.Action? Paid;
            public static Invoice Empty { get; } = new();
            public Invoice Add(decimal amount) => this;
        }

        public static class InvoiceExtensions
        {
            public static bool IsFree(this Invoice invoice) => invoice.Total == 0;
        }
        """;

    [Fact]
    public async Task What_sources_declare_is_found_and_nothing_else()
    {
        var uses = await UsesAsync(
            """
            using System.Linq;
            public record Pair(int Left);
            public class Till
            {
                private int _count;
                public bool Run(Invoice invoice, Pair pair)
                {
                    var text = invoice.ToString();
                    var tuple = (Left: 1, 2).Left;
                    _count++;
                    invoice?.Add(1).Add(text.Length).IsFree();
                    return Invoice.Empty.Total > pair.Left;
                }
            }
            """
        );

        Assert.Equal(
            ["Invoice", "Pair", "_count", "Add", "Add", "IsFree", "Invoice", "Empty", "Total", "Left"],
            uses.Select(use => use.Name)
        );
        Assert.Equal(["Invoice", "Pair", "Invoice"], uses.Where(use => use.IsType).Select(use => use.Name));
        Assert.Equal(["Pair", "_count", "Left"], uses.Where(use => !use.IsDeclaredElsewhere).Select(use => use.Name));
        Assert.Equal(["Add", "Add", "IsFree", "Empty", "Total", "Left"], uses.Where(use => use.IsAfterDot).Select(use => use.Name));
    }

    [Fact]
    public async Task A_use_knows_its_statement_its_member_and_its_arguments()
    {
        const string Source = """
            public class Till
            {
                public bool Free { get; } =
                    Invoice.Empty.IsFree();

                public void Run(Invoice invoice)
                {
                    System.Console.WriteLine(
                        invoice.Total);
                }
            }
            """;

        var uses = await UsesAsync(Source);

        var total = uses.Single(use => use.Name == "Total");
        Assert.Equal(Source.IndexOf("Total", StringComparison.Ordinal), total.Start);
        Assert.Equal(Source.IndexOf("System.Console", StringComparison.Ordinal), total.StatementStart);
        Assert.Equal(Source.IndexOf("public void", StringComparison.Ordinal), total.MemberStart);
        Assert.Equal(Source.IndexOf("WriteLine(", StringComparison.Ordinal) + "WriteLine(".Length, total.ArgumentsStart);
        var free = uses.Single(use => use.Name == "IsFree");
        Assert.Null(free.StatementStart);
        Assert.Equal(Source.IndexOf("public bool", StringComparison.Ordinal), free.MemberStart);
        Assert.Null(free.ArgumentsStart);
    }

    [Theory]
    [InlineData("Total(order, 12.5m);", "Total,order")]
    [InlineData("=> a.B<C>(\"text D\") // E", "a,B,C")]
    [InlineData("$\"{a.B} c {d}\" + @class", "a,B,d,class")]
    [InlineData(") && other is { Length: > 0 }", "other,Length")]
    [InlineData("var x = await y;", "x,y")]
    [InlineData("", "")]
    public void Identifiers_of_half_lines_are_found(string code, string expected) =>
        Assert.Equal(expected, string.Join(',', Identifiers.In(code)));

    private static Task<IReadOnlyList<NameUse>> UsesAsync(string source) =>
        NameUses.InAsync(SingleFile.Snapshot(source, Other), TestContext.Current.CancellationToken);
}
