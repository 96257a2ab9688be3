using CodeComplete.Testing;

namespace CodeComplete.Analysis.Tests.Listing;

/// <summary>The places where a list is more than names in scope.</summary>
public sealed class PlacesOfItemsTests
{
    [Theory]
    [InlineData(
        "partial class A { partial void Hook(int size); }\npartial class A\n{\n    partial $0\n}",
        "Hook(int size)",
        "void Hook(int size)"
    )]
    [InlineData("class A { int Size; string M() => nameof($0); }", "Size", "Size")]
    [InlineData("class A { int Size; string M() => nameof(A.$0); }", "Size", "Size")]
    [InlineData("using System;\nclass A { [$0] void M() { } }", "Obsolete", "Obsolete")]
    [InlineData("class A { [System.Obsolete($0)] void M() { } }", "DiagnosticId", "DiagnosticId")]
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
