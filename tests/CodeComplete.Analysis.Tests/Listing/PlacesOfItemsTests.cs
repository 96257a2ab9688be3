using CodeComplete.Testing;

namespace CodeComplete.Analysis.Tests.Listing;

/// <summary>The places where a list is more than names in scope.</summary>
public sealed class PlacesOfItemsTests
{
    [Fact]
    public async Task An_attribute_that_may_not_stand_there_is_not_listed()
    {
        var marked = Marked.Parse("using System;\nclass A { void M([$0] int size) { } }");
        var list = await ItemLister.ListAsync(
            SingleFile.Snapshot(marked.Text),
            marked.Offset,
            typed: null,
            TestContext.Current.CancellationToken
        );

        Assert.NotEmpty(list.Items);
        Assert.DoesNotContain(list.Items, item => item.Label == "Obsolete");
    }

    [Theory]
    [InlineData(
        "partial class A { partial void Hook(int size); }\npartial class A\n{\n    partial $0\n}",
        "Hook(int size)",
        "void Hook(int size)"
    )]
    [InlineData("class A { int Size; string M() => nameof($0); }", "Size", "Size")]
    [InlineData("class A { int Size; string M() => nameof(A.$0); }", "Size", "Size")]
    [InlineData("using System;\nclass A { [$0] void M() { } }", "Obsolete", "Obsolete")]
    [InlineData("using System;\nclass A { [Obs$0] void M() { } }", "Obsolete", "Obsolete")]
    [InlineData("using System;\nclass A\n{\n    [$0]\n}\n", "Obsolete", "Obsolete")]
    [InlineData("using System;\nclass A\n{\n    [$0\n}\n", "Obsolete", "Obsolete")]
    [InlineData("using System;\nclass A\n{\n    [$0\n    void M() { }\n}\n", "Obsolete", "Obsolete")]
    [InlineData("using System;\n[$0", "Obsolete", "Obsolete")]
    [InlineData("using System;\nclass A { [Serializable, $0] class B { } }", "Obsolete", "Obsolete")]
    [InlineData("class A { [System.$0] void M() { } }", "Obsolete", "Obsolete")]
    [InlineData("using System;\n[assembly: $0]", "CLSCompliant", "CLSCompliant")]
    [InlineData("class A { [$0] int M() => 1; }", "return", "return")]
    [InlineData("[$0]", "assembly", "assembly")]
    [InlineData("class A { [$0] int Size { get; set; } }", "field", "field")]
    [InlineData("class A { [return: $0] int M() => 1; }", "System", "System")]
    [InlineData("using System;\nclass A { void M([$0] int size) { } }", "CLSCompliant", "CLSCompliant")]
    [InlineData("using System;\nclass A<[$0] T> { }", "CLSCompliant", "CLSCompliant")]
    [InlineData("using System;\nclass A { Func<int> F = [$0] () => 1; }", "Obsolete", "Obsolete")]
    [InlineData("using System;\nclass A { void M() { [$0] void Local() { } } }", "Obsolete", "Obsolete")]
    [InlineData("using System;\nenum A { [$0] One }", "Obsolete", "Obsolete")]
    [InlineData("class OwnAttribute : System.Attribute;\nclass A { [Ow$0] void M() { } }", "Own", "Own")]
    [InlineData("class Own<T> : System.Attribute;\nclass A { [Ow$0] void M() { } }", "Own", "Own")]
    [InlineData("class Own<T> : System.Attribute;\nclass A { [Own<$0>] void M() { } }", "A", "A")]
    [InlineData("using System;\n[AttributeUsage($0)]\nclass OwnAttribute : Attribute;", "AttributeTargets", "AttributeTargets")]
    [InlineData("[System.AttributeUsage(System.AttributeTargets.$0)]\nclass OwnAttribute : System.Attribute;", "Class", "Class")]
    [InlineData(
        "[System.AttributeUsage(System.AttributeTargets.All, $0)]\nclass OwnAttribute : System.Attribute;",
        "AllowMultiple",
        "AllowMultiple"
    )]
    [InlineData("class A { const string Text = \"\"; [System.Obsolete($0)] void M() { } }", "Text", "Text")]
    [InlineData("class A { [System.Obsolete(me$0)] void M() { } }", "message", "message")]
    [InlineData("class A { [System.Obsolete(\"\", $0)] void M() { } }", "true", "true")]
    [InlineData("class A { [System.Obsolete($0)] void M() { } }", "DiagnosticId", "DiagnosticId")]
    [InlineData("class A { void M() { int In(int hours) => hours; In($0); } }", "hours", "hours")]
    [InlineData("class A { [System.Diagnostics.Conditional(nameof($0))] void M() { } }", "M", "M")]
    [InlineData("class A { /// <$0\n void M(int size) { } }", "summary", "summary")]
    [InlineData("class A { /// <$0\n void M(int size) { } }", "param name=\"size\"", "param name=\"size\"")]
    [InlineData("class A { /// <summary><see $0\n void M(int size) { } }", "cref", "cref=\"")]
    [InlineData("class A { /// <summary><see cref=\"$0\"/></summary>\n void M(int size) { } }", "A", "A")]
    [InlineData("class A { /// <paramref name=\"$0\"/>\n void M(int size) { } }", "size", "size")]
    [InlineData("using System.Text.RegularExpressions;\nclass A { Regex R = new(@\"\\$0\"); }", "\\d", "d")]
    [InlineData("class A { string M(System.DateTime at) => at.ToString(\"$0\"); }", "yyyy", "yyyy")]
    [InlineData("class A { string M(System.DateTime at) => $\"{at:$0}\"; }", "yyyy", "yyyy")]
    public async Task A_place_lists_what_belongs_there(string source, string label, string written)
    {
        var marked = Marked.Parse(source);
        var list = await ItemLister.ListAsync(
            SingleFile.Snapshot(marked.Text),
            marked.Offset,
            typed: null,
            TestContext.Current.CancellationToken
        );

        var item = list.Items.FirstOrDefault(i => i.Label == label);
        Assert.True(item is not null, string.Join(" | ", list.Items.Take(60).Select(i => i.Label)));
        Assert.Contains(written, item.InsertText, StringComparison.Ordinal);
    }
}
