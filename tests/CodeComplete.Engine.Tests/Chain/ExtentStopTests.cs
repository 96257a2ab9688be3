using CodeComplete.Analysis;
using CodeComplete.Engine.Chain;
using CodeComplete.Testing;

namespace CodeComplete.Engine.Tests.Chain;

public sealed class ExtentStopTests : IAsyncDisposable
{
    private const string Block = "class A\n{\n    void M(int a)\n    {\n        $0\n    }\n}";

    private readonly CodeWorkspace _workspace = new(new WorkspaceOptions { Folders = [] });

    [Fact]
    public async Task Lines_are_written_until_the_block_is_whole()
    {
        var stop = new ExtentStop(await ExtentAsync(Block), typed: 4, Timeout.InfiniteTimeSpan);

        Assert.Null(stop.End("xxxxa++;"));
        Assert.Null(stop.End("xxxxa++;\n        "));
        Assert.Null(stop.End("xxxxa++;\n        a--;\n    }"));
        Assert.Equal("xxxxa++;\n        a--;".Length, stop.End("xxxxa++;\n        a--;\n    }\n"));
    }

    [Fact]
    public async Task No_line_is_begun_when_the_time_is_over()
    {
        var stop = new ExtentStop(await ExtentAsync(Block), typed: 0, TimeSpan.Zero);

        Assert.Null(stop.End("a++;"));
        Assert.Equal("a++;".Length, stop.End("a++;\n        "));
    }

    [Theory]
    [InlineData("a++;\n        a++;\n", true)]
    [InlineData("a++;\n        a--;\n", false)]
    [InlineData("if (a > 1)\n        {\n        }\n        }\n", true)]
    public async Task A_line_that_comes_again_is_the_last(string written, bool ends)
    {
        var stop = new ExtentStop(await ExtentAsync(Block), typed: 0, Timeout.InfiniteTimeSpan);

        Assert.Equal(ends, stop.End(written) is not null);
    }

    [Theory]
    [InlineData(Block, "a++;", false)]
    [InlineData("class A\n{\n    void M(int a)\n    {\n        a++;\n        $0\n    }\n}", "a--;", true)]
    [InlineData("class A\n{\n    void M(int a)\n    {\n        a++;\n        $0\n    }\n}", "if (a > 1)", false)]
    public async Task The_model_is_heard_where_nothing_is_left_open_but_in_a_block(string source, string written, bool isHeard)
    {
        var stop = new ExtentStop(await ExtentAsync(source), typed: 2, Timeout.InfiniteTimeSpan);

        Assert.Equal(isHeard, stop.MayEnd("xx" + written));
        Assert.False(stop.MayEnd("xx"));
    }

    public ValueTask DisposeAsync() => _workspace.DisposeAsync();

    private async Task<CodeExtent> ExtentAsync(string source)
    {
        var marked = Marked.Parse(source);
        _workspace.Open("untitled:A.cs", 1, marked.Text);
        var cursor = await CursorAnalysis.AtAsync(_workspace.Take("untitled:A.cs")!, marked.Offset, TestContext.Current.CancellationToken);
        return CodeExtent.Of(cursor)!;
    }
}
