using CodeComplete.Analysis.Tests.Cursor;
using CodeComplete.Testing;

namespace CodeComplete.Analysis.Tests.Listing;

public class ItemListerTests
{
    [Fact]
    public async Task Members_are_listed_with_their_kinds()
    {
        var (_, list) = await ListAsync("order.$0");

        Assert.Equal(ListedKind.Property, list.Items.Single(i => i.Label == "Name").Kind);
        Assert.Equal(ListedKind.Field, list.Items.Single(i => i.Label == "Count").Kind);
        Assert.Equal(ListedKind.Method, list.Items.Single(i => i.Label == "Ship").Kind);
    }

    [Fact]
    public async Task The_typed_part_is_what_an_item_replaces()
    {
        var (marked, list) = await ListAsync("order.Na$0");

        Assert.Equal("Na", marked.Text[list.SpanStart..list.SpanEnd]);
    }

    [Fact]
    public async Task A_statement_offers_locals_keywords_and_types()
    {
        var (_, list) = await ListAsync("$0");

        Assert.Contains(list.Items, i => i is { Label: "order", Kind: ListedKind.Parameter });
        Assert.Contains(list.Items, i => i is { Label: "foreach", Kind: ListedKind.Keyword });
        Assert.Contains(list.Items, i => i is { Label: "Order", Kind: ListedKind.Class });
    }

    [Fact]
    public async Task An_item_is_described()
    {
        var marked = Marked.Parse(CursorAt.Method("text.$0"));
        var snapshot = SingleFile.Snapshot(marked.Text);
        var list = await ItemLister.ListAsync(snapshot, marked.Offset, typed: null, TestContext.Current.CancellationToken);
        var item = list.Items.First(i => i.Label == "Trim");

        var detail = await ItemLister.DescribeAsync(snapshot, item, TestContext.Current.CancellationToken);

        Assert.Contains("string.Trim", detail.Signature, StringComparison.Ordinal);
        Assert.Contains("white-space", detail.Documentation, StringComparison.Ordinal);
        Assert.Equal("Trim", Assert.Single(detail.Edits).NewText);
    }

    [Theory]
    [InlineData("public override $0", "Size", "int Size(int x)")]
    [InlineData("[System.Obsolete]\n    public override $0", "Size", "int Size(int x)")]
    // The modifier that is missing stands before what is typed.
    [InlineData("override $0", "Weight", "protected override int Weight()")]
    public async Task An_override_writes_the_whole_member(string typed, string name, string begins)
    {
        var marked = Marked.Parse(
            "class B { public virtual int Size(int x) => x; protected virtual int Weight() => 1; }\nclass A : B\n{\n    " + typed + "\n}\n"
        );

        var list = await ItemLister.ListAsync(
            SingleFile.Snapshot(marked.Text),
            marked.Offset,
            typed: null,
            TestContext.Current.CancellationToken
        );

        var item = list.Items.FirstOrDefault(i => i.Label.StartsWith(name + "(", StringComparison.Ordinal));
        Assert.True(item is not null, string.Join(" | ", list.Items.Take(12).Select(i => i.Label)));
        Assert.StartsWith(begins, item.InsertText, StringComparison.Ordinal);
        Assert.Contains($"base.{name}(", item.InsertText, StringComparison.Ordinal);
        Assert.False(item.HasEditsElsewhere);
        Assert.False(list.IsCut);
    }

    [Fact]
    public async Task An_override_brings_the_using_that_it_needs()
    {
        var marked = Marked.Parse("class A : Elsewhere.B\n{\n    protected override $0\n}\n");
        var snapshot = SingleFile.Snapshot(
            marked.Text,
            "namespace Elsewhere { public class C { } public class B { protected virtual C Make() => new(); } }"
        );

        var list = await ItemLister.ListAsync(snapshot, marked.Offset, typed: null, TestContext.Current.CancellationToken);

        var item = list.Items.Single(i => i.Label == "Make()");
        Assert.StartsWith("C Make()", item.InsertText, StringComparison.Ordinal);
        Assert.True(item.HasEditsElsewhere);
        var detail = await ItemLister.DescribeAsync(snapshot, item, TestContext.Current.CancellationToken);
        Assert.Contains(detail.Edits, e => e.End < list.SpanStart && e.NewText.Contains("using Elsewhere;", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Of_many_overrides_those_come_first_that_go_on_with_what_is_typed()
    {
        var members = string.Concat(Enumerable.Range(10, 50).Select(i => $"    public virtual void Do{i}() {{ }}\n"));
        var marked = Marked.Parse($"class B\n{{\n{members}}}\nclass A : B\n{{\n    public override Do5$0\n}}\n");

        var list = await ItemLister.ListAsync(
            SingleFile.Snapshot(marked.Text),
            marked.Offset,
            typed: null,
            TestContext.Current.CancellationToken
        );

        Assert.Equal(40, list.Items.Count(i => i.IsComplex && !i.HasEditsElsewhere));
        Assert.All(Enumerable.Range(50, 10), i => Assert.Contains(list.Items, item => item.Label == $"Do{i}()"));
        Assert.True(list.IsCut);
    }

    [Theory]
    [InlineData("order.Count.$0", "(byte", "((byte)order.Count)", false)]
    [InlineData("var later = System.DateTime.Now.$0;", ">", "var later = System.DateTime.Now > ;", false)]
    [InlineData("var list = new List<int>(); list.$0", "this", "var list = new List<int>(); list[$0]", true)]
    public async Task What_changes_the_text_before_its_dot_is_an_edit_of_the_line(string body, string label, string after, bool isSnippet)
    {
        var marked = Marked.Parse(CursorAt.Method(body));

        var list = await ItemLister.ListAsync(
            SingleFile.Snapshot(marked.Text),
            marked.Offset,
            typed: null,
            TestContext.Current.CancellationToken,
            snippets: true
        );

        var item = list.Items.Single(i => i.Label == label);
        var text = marked.Text[..item.ReplacesFrom!.Value] + item.InsertText + marked.Text[list.SpanEnd..];
        Assert.Equal(CursorAt.Method(after), text);
        Assert.Equal(isSnippet, item.IsSnippet);
        Assert.False(item.HasEditsElsewhere);
    }

    [Fact]
    public async Task Await_makes_its_method_async()
    {
        var marked = Marked.Parse("class A\n{\n    void M()\n    {\n        $0\n    }\n}\n");
        var snapshot = SingleFile.Snapshot(marked.Text);

        var list = await ItemLister.ListAsync(snapshot, marked.Offset, typed: null, TestContext.Current.CancellationToken);

        var item = list.Items.Single(i => i.Label == "await");
        Assert.Equal("await", item.InsertText);
        Assert.True(item.HasEditsElsewhere);
        var detail = await ItemLister.DescribeAsync(snapshot, item, TestContext.Current.CancellationToken);
        Assert.Contains(detail.Edits, e => e.NewText.Contains("async", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_snippet_is_never_Roslyns(bool snippets)
    {
        var marked = Marked.Parse(CursorAt.Method("$0\n"));

        var list = await ItemLister.ListAsync(
            SingleFile.Snapshot(marked.Text),
            marked.Offset,
            typed: null,
            TestContext.Current.CancellationToken,
            snippets
        );

        Assert.Equal(snippets ? 1 : 0, list.Items.Count(i => i is { Label: "while", Kind: ListedKind.Snippet }));
        Assert.Single(list.Items, i => i is { Label: "while", Kind: ListedKind.Keyword });
        Assert.DoesNotContain(list.Items, i => i.Description == "while loop");
    }

    [Fact]
    public async Task A_character_that_asks_for_no_list_gets_none()
    {
        var marked = Marked.Parse(CursorAt.Method("var x = 1;$0"));

        var list = await ItemLister.ListAsync(
            SingleFile.Snapshot(marked.Text),
            marked.Offset,
            typed: ';',
            TestContext.Current.CancellationToken
        );

        Assert.Empty(list.Items);
    }

    [Fact]
    public async Task An_obsolete_member_is_marked()
    {
        var (_, list) = await ListAsync(
            "new Old().$0",
            "public class Old { [System.Obsolete] public void Gone() { } public void Here() { } }"
        );

        Assert.True(list.Items.Single(i => i.Label == "Gone").Deprecated);
        Assert.False(list.Items.Single(i => i.Label == "Here").Deprecated);
    }

    [Fact]
    public async Task A_type_that_is_not_imported_is_listed_and_brings_its_using()
    {
        var marked = Marked.Parse(CursorAt.Method("StringBui$0"));
        var snapshot = SingleFile.Snapshot(marked.Text);
        var (list, item) = await ImportedAsync(snapshot, marked.Offset, "StringBuilder", "System.Text");

        var detail = await ItemLister.DescribeAsync(snapshot, item, TestContext.Current.CancellationToken);

        Assert.True(item.IsComplex);
        Assert.Equal("StringBuilder", item.InsertText);
        Assert.Contains(detail.Edits, e => e.End < list.SpanStart && e.NewText.Contains("using System.Text;", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_extension_method_that_is_not_imported_is_listed()
    {
        var marked = Marked.Parse(CursorAt.Method("text.Sho$0"));
        var snapshot = SingleFile.Snapshot(
            marked.Text,
            "namespace Elsewhere { public static class Shouting { public static string Shout(this string s) => s; } }"
        );

        var (_, item) = await ImportedAsync(snapshot, marked.Offset, "Shout", "Elsewhere");

        Assert.Equal(ListedKind.ExtensionMethod, item.Kind);
    }

    /// <summary>Roslyn reads what can be imported in the background: it is asked until it says that it has. No test before can have read for this project.</summary>
    private static async Task<(ListedItems List, ListedItem Item)> ImportedAsync(
        DocumentSnapshot snapshot,
        int offset,
        string name,
        string from
    )
    {
        Assert.True(ImportIndex.IsKnown, "Roslyn's options are not what they were.");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromMinutes(2));
        var list = await ItemLister.ListAsync(snapshot, offset, typed: null, limit.Token);
        Assert.True(list.IsIncomplete);
        while (list.IsIncomplete)
        {
            await Task.Yield();
            list = await ItemLister.ListAsync(snapshot, offset, typed: null, limit.Token);
        }

        return (list, Assert.Single(list.Items, i => i.Label == name && i.Description == from));
    }

    [Fact]
    public async Task Items_stay_at_the_place_of_their_list_while_others_are_made()
    {
        var marked = Marked.Parse(CursorAt.Method("StringBui$0"));
        var snapshot = SingleFile.Snapshot(marked.Text);
        await ImportedAsync(snapshot, marked.Offset, "StringBuilder", "System.Text");

        // Behind the word and before it.
        var lists = await Task.WhenAll(
            Enumerable
                .Range(0, 60)
                .Select(i =>
                    Task.Run(() =>
                        ItemLister.ListAsync(snapshot, marked.Offset - (9 * (i % 2)), null, TestContext.Current.CancellationToken)
                    )
                )
        );

        Assert.All(
            lists,
            list =>
                Assert.All(
                    list.Items.Where(i => i.IsComplex),
                    i => Assert.Equal((list.SpanStart, list.SpanEnd), (i.Item.Span.Start, i.Item.Span.End))
                )
        );
    }

    [Fact]
    public async Task The_first_list_is_whole_where_it_was_prepared()
    {
        var marked = Marked.Parse(CursorAt.Method("Xyl$0"));
        var snapshot = SingleFile.Snapshot(marked.Text, "namespace Elsewhere { public class Xylophone { } }");

        await ItemLister.PrepareAsync(snapshot, TestContext.Current.CancellationToken);
        var list = await ItemLister.ListAsync(snapshot, marked.Offset, typed: null, TestContext.Current.CancellationToken);

        Assert.False(list.IsIncomplete);
        Assert.Single(list.Items, i => i is { Label: "Xylophone", Description: "Elsewhere" });
    }

    [Fact]
    public async Task Nothing_is_prepared_where_there_is_no_body()
    {
        var snapshot = SingleFile.Snapshot("interface I { }");

        await ItemLister.PrepareAsync(snapshot, TestContext.Current.CancellationToken);

        Assert.False(ImportIndex.IsRead(snapshot.Document.Project, isMember: false));
    }

    [Fact]
    public async Task A_list_without_items_is_whole()
    {
        var (_, list) = await ListAsync("// $0");

        Assert.Empty(list.Items);
        Assert.False(list.IsIncomplete);
    }

    [Theory]
    [InlineData("order.$0", true)]
    [InlineData("order.Na$0", true)]
    // Where nothing was begun, an operator that is typed must not take the selected item.
    [InlineData("var x = $0", false)]
    public async Task Commit_characters_take_an_item_once_a_name_is_begun(string body, bool expected)
    {
        var (_, list) = await ListAsync(body);

        Assert.Equal(expected, list.Items.Any(i => i.CommitCharacters.Contains('(', StringComparison.Ordinal)));
    }

    private static async Task<(Marked Marked, ListedItems List)> ListAsync(string body, params string[] others)
    {
        var marked = Marked.Parse(CursorAt.Method(body));
        var snapshot = SingleFile.Snapshot(marked.Text, others);
        return (marked, await ItemLister.ListAsync(snapshot, marked.Offset, typed: null, TestContext.Current.CancellationToken));
    }
}
