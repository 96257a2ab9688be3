using CodeComplete.Testing;

namespace CodeComplete.Analysis.Tests.Cursor;

/// <summary>A cursor analysis at the <c>$0</c> of a source text.</summary>
internal static class CursorAt
{
    public static async Task<CursorAnalysis> Async(string source, params string[] others)
    {
        var marked = Marked.Parse(source);
        return await CursorAnalysis.AtAsync(SingleFile.Snapshot(marked.Text, others), marked.Offset, TestContext.Current.CancellationToken);
    }

    /// <summary>The cursor in the body of a method of a class that has a few fields to play with.</summary>
    public static Task<CursorAnalysis> InMethodAsync(string body, params string[] others) => Async(Method(body), others);

    public static string Method(string body) =>
        $$"""
            using System;
            using System.Collections.Generic;
            using System.Linq;
            using System.Threading.Tasks;

            public class Order
            {
                public string Name { get; set; } = "";
                public decimal Total { get; set; }
                public int Count;
                public void Ship(DateTime when) { }
                public static Order Empty { get; } = new();
            }

            public enum Colour { Red, Green }

            public class Host
            {
                private readonly List<Order> _orders = new();
                private Order? _last;

                private int Run(Order order, Colour colour, string text)
                {
                    {{body}}
                    return 0;
                }

                private int After() => _orders.Count;
            }
            """;
}
