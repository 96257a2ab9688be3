namespace CodeComplete.Analysis.Tests;

public sealed class SingleFileTests
{
    [Fact]
    public async Task A_single_text_binds_without_errors()
    {
        var snapshot = SingleFile.Snapshot(
            "Console.WriteLine(new Person(\"Ada\").Name.Length); var list = new List<int>().Where(n => n > 0);",
            "record Person(string Name);"
        );

        Assert.True(snapshot.IsProjectLoaded);
        Assert.False(snapshot.HasMissingReferences);
        Assert.Empty(await Semantics.ErrorsAsync(snapshot));
    }

    [Fact]
    public async Task Framework_symbols_have_their_documentation()
    {
        var snapshot = SingleFile.Snapshot("");

        var compilation = await snapshot.Document.Project.GetCompilationAsync();

        var type = compilation!.GetTypeByMetadataName("System.Console")!;
        Assert.Contains("<summary>", type.GetDocumentationCommentXml(), StringComparison.Ordinal);
    }
}
