using CodeComplete.Engine.Evaluation;
using CodeComplete.Testing;

namespace CodeComplete.Engine.Tests.Evaluation;

/// <summary>Files of cases come from anywhere: each broken line is told apart from the others, by its number.</summary>
public sealed class CaseFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public CaseFileTests() => _folder.Write("src/A.cs", "\uFEFFclass A\r\n{\r\n    int B => C.D();  \r\n}\r\n");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Offsets_count_from_the_start_without_the_byte_order_mark_and_with_line_ends_as_they_are()
    {
        var made = Assert.Single(await ReadAsync("""{"id":"1","file":"src/A.cs","offset":27,"groundtruth":"D();","kind":"afterDot"}"""));

        Assert.Equal("class A\r\n{\r\n    int B => C.  \r\n}\r\n", made.Blank(File.ReadAllText(Path.Combine(_folder.Path, "src", "A.cs"))));
    }

    [Theory]
    [InlineData("{", "this is no case")]
    [InlineData("null", "there is no case")]
    [InlineData("""{"id":"1","file":"src/A.cs","offset":27,"kind":"afterDot"}""", "groundtruth")]
    [InlineData("""{"id":"1","file":"src/A.cs","offset":"x","groundtruth":"D();","kind":"k"}""", "this is no case")]
    [InlineData("""{"id":"1","file":"src/B.cs","offset":27,"groundtruth":"D();","kind":"k"}""", "src/B.cs cannot be read")]
    [InlineData("""{"id":"1","file":"../A.cs","offset":27,"groundtruth":"D();","kind":"k"}""", "no path relative to")]
    [InlineData("""{"id":"1","file":"src/A.cs","offset":999,"groundtruth":"D();","kind":"k"}""", "offset 999 is outside")]
    [InlineData("""{"id":"1","file":"src/A.cs","offset":-1,"groundtruth":"D();","kind":"k"}""", "offset -1 is outside")]
    [InlineData("""{"id":"1","file":"src/A.cs","offset":27,"groundtruth":"D()","kind":"k"}""", "stands 'D();', not 'D()'")]
    [InlineData("""{"id":"1","file":"src/A.cs","offset":27,"groundtruth":"","kind":"k"}""", "rest of one line")]
    [InlineData("""{"id":"0","file":"src/A.cs","offset":27,"groundtruth":"D();","kind":"k"}""", "there twice")]
    [InlineData(
        """{"id":"1","file":"src/A.cs","offset":27,"groundtruth":"D();","kind":"k","standing":"D();"}""",
        "'standing' must be an end"
    )]
    [InlineData("""{"id":"1","file":"src/A.cs","offset":27,"groundtruth":"D();","kind":"k","standing":")"}""", "'standing' must be an end")]
    public async Task A_broken_line_is_named(string line, string message)
    {
        const string Good = """{"id":"0","file":"src/A.cs","offset":27,"groundtruth":"D();","kind":"afterDot"}""";

        var e = await Assert.ThrowsAsync<CaseException>(() => ReadAsync($"{Good}\n\n{line}"));

        Assert.StartsWith("cases.jsonl, line 3: ", e.Message, StringComparison.Ordinal);
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
    }

    private Task<IReadOnlyList<EvaluationCase>> ReadAsync(string lines) =>
        CaseFile.ReadAsync(_folder.Write("cases.jsonl", lines), _folder.Path, TestContext.Current.CancellationToken);
}
