namespace CodeComplete.Analysis.Tests.Symbols;

public class SymbolReaderTests
{
    [Theory]
    [InlineData("public class A { }", "public class A")]
    [InlineData(
        "[Obsolete] public sealed class A<T>\n    : Base<T>, IA where T : new()\n{ }",
        "public sealed class A<T> : Base<T>, IA where T : new()"
    )]
    [InlineData("record struct P(int X, int Y = 2);", "record struct P(int X, int Y = 2)")]
    [InlineData("enum E : byte { }", "enum E : byte")]
    [InlineData("public delegate void Said(string text);", "public delegate void Said(string text)")]
    public void A_types_signature_is_its_head(string source, string signature) => Assert.Equal(signature, Read(source)[0].Signature);

    [Theory]
    [InlineData(
        "public static Money Add(\n    Money a, // one\n    [X] Money b = default\n) { return a; }",
        "public static Money Add(Money a, Money b = default)"
    )]
    [InlineData("public T Get<T>(int n) where T : class => null!;", "public T Get<T>(int n) where T : class")]
    [InlineData("public int Size { get; private set; } = 3;", "public int Size { get; private set; }")]
    [InlineData("int Size => 3;", "int Size { get; }")]
    [InlineData("public int this[int i] { get => i; set { } }", "public int this[int i] { get; set; }")]
    [InlineData("public A(int x) : base(x) { }", "public A(int x)")]
    [InlineData("public static A operator +(A x, A y) => x;", "public static A operator +(A x, A y)")]
    [InlineData("private readonly List<int> _all = [1, 2];", "private readonly List<int> _all")]
    [InlineData("public const int Most = 5;", "public const int Most = 5")]
    [InlineData("public event Action<int>? Said;", "public event Action<int>? Said")]
    [InlineData("void F(string s = \"a text that is far too long to be of any use here\") { }", "void F(string s)")]
    public void A_members_signature_is_one_line_without_its_body(string member, string signature) =>
        Assert.Equal(signature, Read($"class A {{ {member} }}")[1].Signature);

    [Fact]
    public void Members_know_their_container_and_lines()
    {
        var read = Read(
            """
            namespace Shop;

            /// <summary>Text.</summary>
            [Serializable]
            public class Outer<T>
            {
                private int _a, _b;
                public class Inner { public enum E { One = 1 } }

                void F()
                {
                }
            }
            record R(string Name);
            """
        );

        Assert.Equal(
            [
                ("Outer", -1, 4, 12),
                ("_a", 0, 6, 6),
                ("_b", 0, 6, 6),
                ("Inner", 0, 7, 7),
                ("E", 3, 7, 7),
                ("One", 4, 7, 7),
                ("F", 0, 9, 11),
                ("R", -1, 13, 13),
                ("Name", 7, 13, 13),
            ],
            read.Select(d => (d.Name, d.Container, d.FirstLine, d.LastLine))
        );
        Assert.Equal(
            ["T:Shop.Outer`1", "T:Shop.Outer`1.Inner", "T:Shop.Outer`1.Inner.E", "T:Shop.R"],
            read.Select(d => d.Id).OfType<string>()
        );
        Assert.Equal("public string Name { get; init; }", read[^1].Signature);
    }

    [Fact]
    public void What_only_the_type_sees_is_private()
    {
        var read = Read(
            """
            class A { int a; private int b; public int c; internal int d; private protected int e; void I.F() { } protected int g; }
            interface I { void F(); private void G() { } }
            enum E { One }
            """
        );

        Assert.Equal(["a", "b", "F", "G"], read.Where(d => d.IsPrivate).Select(d => d.Name));
    }

    [Theory]
    [InlineData("")]
    [InlineData("class")]
    [InlineData("class A { void F( { int x = ; } public } namespace { ]")]
    [InlineData("\0\ud83d class \u2028 A<")]
    public void Any_text_can_be_read(string source) => Assert.False(SymbolReader.ReadSyntax(source, CancellationToken.None).IsBound);

    [Fact]
    public async Task Types_have_the_same_id_by_syntax_and_bound()
    {
        const string Source =
            "namespace A.B { namespace C { class X<T, U> { struct Y { } delegate void Z<V>(); } } } interface I { } record @class(int N);";

        var quick = Read(Source).Where(d => d.Id is not null).Select(d => d.Id);
        var bound = (await BoundAsync(Source)).Declarations.Where(d => d.Id!.StartsWith("T:", StringComparison.Ordinal)).Select(d => d.Id);

        Assert.Equal(bound, quick);
        Assert.Contains("T:A.B.C.X`2.Z`1", quick);
    }

    [Fact]
    public async Task Bound_members_have_ids()
    {
        var read = await BoundAsync(
            """
            namespace Shop;
            record Money(decimal Amount)
            {
                private int _cents;
                public Money Add(Money other, params int[] more) => this;
                public static Money operator +(Money a, Money b) => a.Add(b);
            }
            """
        );

        Assert.Equal(
            [
                "T:Shop.Money",
                "P:Shop.Money.Amount",
                "F:Shop.Money._cents",
                "M:Shop.Money.Add(Shop.Money,System.Int32[])",
                "M:Shop.Money.op_Addition(Shop.Money,Shop.Money)",
            ],
            read.Declarations.Select(d => d.Id)
        );
    }

    [Fact]
    public async Task Types_inherit_and_implement_and_so_do_their_members()
    {
        var edges = await EdgesAsync(
            """
            interface IA { void F(); int P { get; } }
            interface IB : IA, System.IDisposable { }
            abstract class Base<T> { public abstract T Make(); }
            class C : Base<int>, IB
            {
                public void F() { }
                int IA.P => 1;
                public override int Make() => 1;
                public void Dispose() { }
            }
            """
        );

        Assert.Equal(
            [
                "IB Inherits T:IA",
                "C Inherits T:Base`1",
                "C Implements T:IB",
                "F Implements M:IA.F",
                "P Implements P:IA.P",
                "Make Overrides M:Base`1.Make",
            ],
            edges
        );
    }

    [Fact]
    public async Task Members_use_take_and_return_what_the_project_declares()
    {
        var edges = await EdgesAsync(
            """
            using System;
            using System.Collections.Generic;
            using System.Linq;
            using System.Threading.Tasks;

            public class Host
            {
                private readonly Order _last = new Order();
                public event Action<Order>? Said;
                public Task<Order> Run(List<Order[]> orders, int count, Named? named)
                {
                    var total = orders.Count + _last.Count + new Named(count).Size + _last[0];
                    Said?.Invoke(_last);
                    Func<Order, int> f = o => o.Grow(1).Count;
                    int Local() => Order.Empty is { Count: 3 } ? new { Count = 1 }.Count : (A: 1, B: 2).A;
                    return Task.FromResult(new Order { Count = Local() });
                }
            }
            """,
            """
            public class Order
            {
                public int Count;
                public static Order Empty { get; } = new();
                public int this[int i] => i;
            }
            public class Named { public Named(int size) => Size = size; public int Size { get; } }
            public static class Growing { public static Order Grow(this Order order, int by) => order; }
            """
        );

        Assert.Equal(
            [
                "_last Returns T:Order",
                "_last Calls T:Order",
                "Said Returns T:Order",
                "Run Takes T:Order",
                "Run Takes T:Named",
                "Run Returns T:Order",
                "Run Calls F:Host._last",
                "Run Calls F:Order.Count",
                "Run Calls M:Named.#ctor(System.Int32)",
                "Run Calls P:Named.Size",
                "Run Calls P:Order.Item(System.Int32)",
                "Run Calls E:Host.Said",
                "Run Calls F:Host._last",
                "Run Calls M:Growing.Grow(Order,System.Int32)",
                "Run Calls F:Order.Count",
                "Run Calls P:Order.Empty",
                "Run Calls F:Order.Count",
                "Run Calls T:Order",
                "Run Calls F:Order.Count",
            ],
            edges
        );
    }

    [Fact]
    public async Task Constructors_call_each_other_and_top_level_code_calls_without_a_member()
    {
        var read = await BoundAsync(
            """
            var x = new B(1);
            x.F();

            class A(int n) { public int N => n; }
            class B : A
            {
                public B() : this(1) { }
                public B(int n) : base(n) { }
                public void F() { }
            }
            """
        );

        Assert.Equal(
            [(6, "M:B.#ctor(System.Int32)", 6), (7, "T:A", 7)],
            read.References.Where(r => r is { From: >= 0, Kind: ReferenceKind.Calls }).Select(r => (Line: r.Line, r.Target, r.Line))
        );
        Assert.Equal(
            [("M:B.#ctor(System.Int32)", 0), ("M:B.F", 1)],
            read.References.Where(r => r.From < 0).Select(r => (r.Target, r.Line))
        );
    }

    [Fact]
    public async Task Reading_can_be_cancelled()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            SymbolReader.ReadAsync(SingleFile.Snapshot("class A { }"), cancelled.Token)
        );
        Assert.ThrowsAny<OperationCanceledException>(() => SymbolReader.ReadSyntax("class A { }", cancelled.Token));
    }

    private static IReadOnlyList<SymbolDeclaration> Read(string source) =>
        SymbolReader.ReadSyntax(source, CancellationToken.None).Declarations;

    private static Task<SourceSymbols> BoundAsync(string source, params string[] others) =>
        SymbolReader.ReadAsync(SingleFile.Snapshot(source, others), TestContext.Current.CancellationToken);

    /// <summary>The references of a file as lines: from, kind and target.</summary>
    private static async Task<IEnumerable<string>> EdgesAsync(string source, params string[] others)
    {
        var read = await BoundAsync(source, others);
        return read.References.Select(r => $"{read.Declarations[r.From].Name} {r.Kind} {r.Target}");
    }
}
