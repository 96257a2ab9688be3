using CodeComplete.Engine.Evaluation;
using CodeComplete.Testing;

namespace CodeComplete.Engine.Tests.Evaluation;

public sealed class WorkspaceCopiesTests : IDisposable
{
    private const string Text =
        "class A\n{\n    void M()\n    {\n        var x = Load();\n        Save(x.Name);\n        Close(x);\n    }\n}\n";

    private readonly TemporaryFolder _folder = new();
    private readonly string _own;

    public WorkspaceCopiesTests() => _own = _folder.Write("A.cs", Text);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("afterDot", "x.")]
    [InlineData("statementStart", "        ")]
    public void A_line_that_stands_elsewhere_among_the_same_lines_loses_the_same_part(string kind, string before)
    {
        // Indented otherwise, with other line ends, blank lines and surroundings further away.
        var text =
            "namespace B\n{\n  class A\n  {\n\n    void M()\n    {\n      var x = Load();\n      Save(x.Name);\n      Close(x);\n    }\n  }\n}\n";
        var copy = _folder.Write(
            "copies/B.cs",
            text.Replace("\n", "\r\n", StringComparison.Ordinal).Replace("  {\r\n\r\n    void", "{\r\n\r\nvoid", StringComparison.Ordinal)
        );

        var (path, blanked) = Assert.Single(Copies(kind, before));

        Assert.Equal(copy, path);
        Assert.Contains(
            $"Load();\r\n      {before.TrimStart().Replace("x.", "Save(x.", StringComparison.Ordinal)}\r\n      Close(x)",
            blanked,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("Save(x.Name);", "Save(x.Names);")]
    [InlineData("Close(x);", "Open(x);")]
    [InlineData("var x = Load();", "var x = Make();")]
    public void The_same_line_among_other_lines_is_no_copy(string instead, string of)
    {
        _folder.Write("B.cs", Text.Replace(instead, of, StringComparison.Ordinal));

        Assert.Empty(Copies("afterDot", "x."));
    }

    private IEnumerable<(string Path, string Blanked)> Copies(string kind, string before)
    {
        var offset = Text.IndexOf("        Save(x.", StringComparison.Ordinal);
        offset = Text.IndexOf(before, offset, StringComparison.Ordinal) + before.Length;
        var made = new EvaluationCase("1", "A.cs", offset, Text[offset..Text.IndexOf('\n', offset)], kind);
        return new WorkspaceCopies(_folder.Path).Blank(made, _own, Text);
    }
}
