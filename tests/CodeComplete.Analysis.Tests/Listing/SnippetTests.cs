using CodeComplete.Analysis.Tests.Cursor;
using CodeComplete.Testing;

namespace CodeComplete.Analysis.Tests.Listing;

/// <summary>Postfix templates and the snippets of keywords.</summary>
public class SnippetTests
{
    [Theory]
    [InlineData("text.$0", "foreach", "foreach (var ${1:item} in text)\n{\n\t$0\n}")]
    [InlineData("text.forea$0", "foreach", "foreach (var ${1:item} in text)\n{\n\t$0\n}")]
    [InlineData("text.$0", "for", "for (var ${1:i} = 0; $1 < text.Length; $1++)\n{\n\t$0\n}")]
    [InlineData("_orders.$0", "forr", "for (var ${1:i} = _orders.Count - 1; $1 >= 0; $1--)\n{\n\t$0\n}")]
    [InlineData("order.Count.$0", "for", "for (var ${1:i} = 0; $1 < order.Count; $1++)\n{\n\t$0\n}")]
    [InlineData("text.Any().$0", "if", "if (text.Any())\n{\n\t$0\n}")]
    [InlineData("var b = text.Any().$0", "not", "!text.Any()$0")]
    [InlineData("order.Name.$0", "notnull", "if (order.Name is not null)\n{\n\t$0\n}")]
    [InlineData("order.$0", "return", "return order;$0")]
    [InlineData("order.$0", "var", "var ${1:name} = order;$0")]
    [InlineData("order.$0", "cast", "((${1:object})order)$0")]
    [InlineData("order.Name.$0", "nameof", "nameof(order.Name)$0")]
    [InlineData("order.$0", "lock", "lock (order)\n{\n\t$0\n}")]
    [InlineData("async Task Wait() { Task.Delay(1).$0 }", "await", "await Task.Delay(1)$0")]
    [InlineData("async Task<Order> Get() { order.$0 }", "return", "return order;$0")]
    [InlineData("new Exception().$0", "throw", "throw new Exception();$0")]
    [InlineData("new System.IO.MemoryStream().$0", "using", "using var ${1:name} = new System.IO.MemoryStream();$0")]
    [InlineData("var t = Order.$0", "typeof", "typeof(Order)$0")]
    // A new line's name makes the parser read the type of a declaration.
    [InlineData("order.$0\n        text = text.Trim();", "null", "if (order is null)\n{\n\t$0\n}")]
    [InlineData("$\"{text}\".Contains('}').$0", "if", "if (\\$\"{text\\}\".Contains('\\}'))\n{\n\t$0\n}")]
    public async Task A_template_goes_around_what_stands_before_its_dot(string body, string name, string expected)
    {
        var (marked, list) = await ListAsync(CursorAt.Method(body));

        var item = list.Items.Single(i => i.IsSnippet && i.Label == name);

        Assert.Equal(expected, item.InsertText);
        Assert.Equal(ListedKind.Snippet, item.Kind);
        Assert.EndsWith(".", marked.Text[item.ReplacesFrom!.Value..list.SpanStart], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("order.Count.$0", "if")]
    [InlineData("order.Count.$0", "foreach")]
    [InlineData("order.Count.$0", "null")]
    [InlineData("order.Count.$0", "lock")]
    [InlineData("order.$0", "throw")]
    [InlineData("order.$0", "await")]
    [InlineData("Task.Delay(1).$0", "await")]
    [InlineData("void Local() { order.$0 }", "return")]
    [InlineData("async Task Wait() { order.$0 }", "return")]
    [InlineData("List<int>.$0", "nameof")]
    [InlineData("order.$0", "using")]
    [InlineData("var x = text.$0", "foreach")]
    [InlineData("Run(order, colour, text.$0)", "return")]
    [InlineData("Order.$0", "var")]
    [InlineData("order?.Name.$0", "if")]
    [InlineData("text\n            .$0", "foreach")]
    [InlineData("System.$0", "typeof")]
    [InlineData("order.Ship(DateTime.Now).$0", "var")]
    public async Task A_template_that_would_not_compile_is_not_offered(string body, string name)
    {
        var (_, list) = await ListAsync(CursorAt.Method(body));

        Assert.DoesNotContain(list.Items, i => i.IsSnippet && i.Label == name);
    }

    [Fact]
    public async Task Statements_have_the_snippets_of_statements()
    {
        var (_, list) = await ListAsync(CursorAt.Method("$0"));

        var snippets = list.Items.Where(i => i.IsSnippet).ToDictionary(i => i.Label, i => i.InsertText, StringComparer.Ordinal);
        Assert.Equal("Console.WriteLine($1);$0", snippets["cw"]);
        Assert.Contains("try", snippets.Keys);
        Assert.DoesNotContain("prop", snippets.Keys);
        Assert.DoesNotContain("else", snippets.Keys);
        Assert.All(list.Items.Where(i => i.IsSnippet), i => Assert.Null(i.ReplacesFrom));
    }

    [Fact]
    public async Task Members_have_the_snippets_of_members()
    {
        var (_, list) = await ListAsync("public class Outer\n{\n    $0\n}\n");

        var snippets = list.Items.Where(i => i.IsSnippet).ToDictionary(i => i.Label, i => i.InsertText, StringComparer.Ordinal);
        Assert.Equal("public Outer($1)\n{\n\t$0\n}", snippets["ctor"]);
        Assert.Equal("public ${1:int} ${2:MyProperty} { get; set; }$0", snippets["prop"]);
        Assert.Contains("class", snippets.Keys);
        Assert.DoesNotContain("foreach", snippets.Keys);
    }

    [Theory]
    [InlineData("class A { void M() { $0 } }", "unsafe", "unsafe\n{\n\t$0\n}")]
    [InlineData("class A { void M() { unsa$0 } }", "unsafe", "unsafe\n{\n\t$0\n}")]
    [InlineData("class A { $0 }", "propr", "public required ${1:int} ${2:MyProperty} { get; set; }$0")]
    [InlineData("class A { $0 }", "svm", "static void Main(string[] args)\n{\n\t$0\n}")]
    [InlineData("static class A { sv$0 }", "svm", "static void Main(string[] args)\n{\n\t$0\n}")]
    [InlineData("class A { $0 }", "sim", "static int Main(string[] args)\n{\n\t$0\n\treturn 0;\n}")]
    [InlineData("struct A { $0 }", "sim", "static int Main(string[] args)\n{\n\t$0\n\treturn 0;\n}")]
    [InlineData("static class A { $0 }", "prop", "public static ${1:int} ${2:MyProperty} { get; set; }$0")]
    [InlineData("class A(int size) { $0 }", "ctor", "public A($1) : this($2)\n{\n\t$0\n}")]
    [InlineData("class A { void M() { $0 } }", "try", "try\n{\n\t$0\n}\ncatch (${1:Exception})\n{\n\tthrow;\n}")]
    public async Task A_snippet_writes_what_its_place_needs(string source, string name, string expected)
    {
        var (_, list) = await ListAsync(source);

        Assert.Equal(expected, list.Items.Single(i => i.IsSnippet && i.Label == name).InsertText);
    }

    [Theory]
    [InlineData("class A\n{\n    $0\n}\n", "class,ctor,enum,interface,prop,propfull,propg,propi,propr,record,sim,struct,svm")]
    [InlineData("struct A\n{\n    $0\n}\n", "class,ctor,enum,interface,prop,propfull,propg,propi,propr,record,sim,struct,svm")]
    [InlineData("readonly struct A\n{\n    $0\n}\n", "class,ctor,enum,interface,propi,record,sim,struct,svm")]
    [InlineData("static class A\n{\n    $0\n}\n", "class,enum,interface,prop,propfull,propg,record,sim,struct,svm")]
    [InlineData("interface A\n{\n    $0\n}\n", "class,enum,interface,prop,propi,record,struct")]
    [InlineData("record A\n{\n    $0\n}\n", "class,ctor,enum,interface,prop,propfull,propg,propi,propr,record,sim,struct,svm")]
    [InlineData(
        "class A\n{\n    void M()\n    {\n        if (true) { }\n        $0\n    }\n}\n",
        "cw,do,else,for,foreach,forr,if,lock,switch,try,tryf,unsafe,using,while"
    )]
    public async Task Every_snippet_of_a_place_compiles_there(string source, string names)
    {
        var (marked, list) = await ListAsync(source);
        var snippets = list.Items.Where(i => i.IsSnippet).OrderBy(i => i.Label, StringComparer.Ordinal).ToList();

        Assert.Equal(names, string.Join(',', snippets.Select(i => i.Label)));
        foreach (var snippet in snippets)
        {
            var written = marked.Text.Insert(marked.Offset, Snippet.Preview(snippet.InsertText));
            var errors = await Semantics.ErrorsAsync(SingleFile.Snapshot(written));
            // What a placeholder stands for is the user's to write, and nothing here is a program.
            Assert.DoesNotContain(
                errors,
                error => !error.Contains("CS0103", StringComparison.Ordinal) && !error.Contains("CS5001", StringComparison.Ordinal)
            );
        }
    }

    [Theory]
    [InlineData("public static class Helpers\n{\n    $0\n}\n", "ctor")]
    [InlineData("interface A { $0 }", "propr")]
    [InlineData("interface A { $0 }", "svm")]
    [InlineData("$0", "sim")]
    [InlineData("class A { $0 }", "unsafe")]
    [InlineData("class A { void M() { $0 } }", "propr")]
    [InlineData("public interface IShape\n{\n    $0\n}\n", "ctor")]
    [InlineData("public class A\n{\n    public $0\n}\n", "prop")]
    [InlineData("#$0\n", "if")]
    [InlineData("class A<T> where T : $0\n{\n}\n", "class")]
    [InlineData("class A { async System.Threading.Tasks.Task M() { await $0 } }\n", "foreach")]
    [InlineData("class A { int M() => $0 }\n", "foreach")]
    public async Task A_snippet_is_offered_only_where_it_may_stand(string source, string name)
    {
        var (_, list) = await ListAsync(source);

        Assert.DoesNotContain(list.Items, i => i.IsSnippet && i.Label == name);
    }

    [Fact]
    public async Task A_list_without_snippets_has_none()
    {
        var marked = Marked.Parse(CursorAt.Method("text.$0"));
        var list = await ItemLister.ListAsync(
            SingleFile.Snapshot(marked.Text),
            marked.Offset,
            typed: null,
            TestContext.Current.CancellationToken
        );

        Assert.DoesNotContain(list.Items, i => i.IsSnippet);
        Assert.NotEmpty(list.Items);
    }

    [Fact]
    public async Task A_snippet_is_described_by_what_it_looks_like()
    {
        var marked = Marked.Parse(CursorAt.Method("$\"{text}\".$0"));
        var snapshot = SingleFile.Snapshot(marked.Text);
        var list = await ItemLister.ListAsync(snapshot, marked.Offset, null, TestContext.Current.CancellationToken, snippets: true);
        var item = list.Items.Single(i => i is { IsSnippet: true, Label: "for" });

        var detail = await ItemLister.DescribeAsync(snapshot, item, TestContext.Current.CancellationToken);

        Assert.Equal("for (var i = 0; i < $\"{text}\".Length; i++)\n{\n    \n}", detail.Signature);
        Assert.Empty(detail.Edits);
    }

    private static async Task<(Marked Marked, ListedItems List)> ListAsync(string source)
    {
        var marked = Marked.Parse(source);
        var snapshot = SingleFile.Snapshot(marked.Text);
        return (marked, await ItemLister.ListAsync(snapshot, marked.Offset, null, TestContext.Current.CancellationToken, snippets: true));
    }
}
