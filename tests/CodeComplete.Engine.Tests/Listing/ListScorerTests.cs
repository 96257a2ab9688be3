using CodeComplete.Engine.Listing;
using CodeComplete.Testing;

namespace CodeComplete.Engine.Tests.Listing;

public class ListScorerTests
{
    [Theory]
    [InlineData("class A\n{\n$0", "    ")]
    [InlineData("        call();\n$0", "        ")]
    [InlineData("        call();\n    $0", "    ")]
    [InlineData("        call();\n\n$0\n    }", "        ")]
    [InlineData("        call(x =>\n            y);\n$0\n        return;", "        ")]
    [InlineData("        call(x =>\n            y);\n$0\n\n        return;", "        ")]
    [InlineData("        call();\n        $0", "")]
    [InlineData("        call();\n        x$0", "")]
    [InlineData("    call();\n        $0", "")]
    [InlineData("\tif (x) {\n\t$0", "\t")]
    [InlineData("$0", "")]
    [InlineData("\n$0", "")]
    public void The_indentation_that_a_blank_line_lacks_is_told_by_the_lines_around(string source, string missing)
    {
        var marked = Marked.Parse(source);

        Assert.Equal(missing, ListScorer.MissingIndentation(marked.Text, marked.Offset));
    }
}
