using CodeComplete.Server.Documents;
using CsCheck;

namespace CodeComplete.Server.Tests.Documents;

public sealed class DocumentUriTests
{
    [Theory]
    [InlineData("file:///home/me/a.cs", "/home/me/a.cs")]
    [InlineData("file:///home/me/a%20b.cs", "/home/me/a b.cs")]
    [InlineData("file:///home/me/a b.cs", "/home/me/a b.cs")]
    [InlineData("file:///home/me/C%23/a.cs", "/home/me/C#/a.cs")]
    [InlineData("file:///home/me/C#/a.cs", "/home/me/C#/a.cs")]
    [InlineData("file:///home/me/what?.cs", "/home/me/what?.cs")]
    [InlineData("file:///home/me/100%25.cs", "/home/me/100%.cs")]
    [InlineData("file:///home/me/100%.cs", "/home/me/100%.cs")]
    [InlineData("file:///home/m%C3%A9/%E2%98%85.cs", "/home/mé/★.cs")]
    [InlineData("FILE:///home/me/a.cs", "/home/me/a.cs")]
    [InlineData("file:/home/me/a.cs", "/home/me/a.cs")]
    [InlineData("file://localhost/home/me/a.cs", "/home/me/a.cs")]
    [InlineData("file:///home/me/back\\slash.cs", "/home/me/back\\slash.cs")]
    [InlineData("file://server/share/a.cs", "//server/share/a.cs")]
    public void A_file_URI_is_a_path_on_Unix(string uri, string path) => Assert.Equal(path, DocumentUri.ToKey(uri, windows: false));

    [Theory]
    [InlineData("file:///c%3A/src/a.cs", @"C:\src\a.cs")]
    [InlineData("file:///C%3a/src/a.cs", @"C:\src\a.cs")]
    [InlineData("file:///c:/src/a.cs", @"C:\src\a.cs")]
    [InlineData("file:///C:/src/a%20b.cs", @"C:\src\a b.cs")]
    [InlineData("file:///d%3A/C%23/a.cs", @"D:\C#\a.cs")]
    [InlineData("file://server/share/a.cs", @"\\server\share\a.cs")]
    [InlineData("file:////server/share/a.cs", @"\\server\share\a.cs")]
    [InlineData("file://wsl%24/Ubuntu/a.cs", @"\\wsl$\Ubuntu\a.cs")]
    public void A_file_URI_is_a_path_on_Windows(string uri, string path) => Assert.Equal(path, DocumentUri.ToKey(uri, windows: true));

    [Theory]
    [InlineData("untitled:Untitled-1")]
    [InlineData("untitled:/home/me/new.cs")]
    public void An_unsaved_buffer_keeps_its_URI(string uri)
    {
        Assert.Equal(uri, DocumentUri.ToKey(uri));
        Assert.Equal(uri, DocumentUri.FromKey(uri));
        Assert.Null(DocumentUri.ToPath(uri));
    }

    [Theory]
    [InlineData("git:/home/me/a.cs?%7B%22ref%22%3A%22HEAD%22%7D")]
    [InlineData("vscode-notebook-cell:/home/me/a.ipynb#W0sZmlsZQ")]
    [InlineData("http://example.org/a.cs")]
    [InlineData("output:log")]
    [InlineData("/home/me/a.cs")]
    [InlineData(@"C:\a.cs")]
    [InlineData("file:")]
    [InlineData("file://server")]
    [InlineData("file:///a%00.cs")]
    [InlineData("")]
    public void Any_other_document_is_not_ours(string uri)
    {
        Assert.Null(DocumentUri.ToKey(uri, windows: false));
        Assert.Null(DocumentUri.ToKey(uri, windows: true));
    }

    [Theory]
    [InlineData("/home/me/C# x/a.cs", "file:///home/me/C%23%20x/a.cs", false)]
    [InlineData(@"C:\src\a b.cs", "file:///c%3A/src/a%20b.cs", true)]
    [InlineData(@"\\server\share\a.cs", "file://server/share/a.cs", true)]
    public void A_path_is_a_URI_as_VS_Code_writes_it(string path, string uri, bool windows) =>
        Assert.Equal(uri, DocumentUri.FromKey(path, windows));

    [Fact]
    public void Every_path_comes_back_from_its_URI()
    {
        var name = Gen.String[Gen.Char["abC#%?&+ ★é;=\"'{}[]~.@$-_!"], 1, 12];
        Gen.Select(name.Array[1, 4], Gen.Bool)
            .Sample(
                (names, windows) =>
                {
                    var path = windows ? @"C:\" + string.Join('\\', names) : "/" + string.Join('/', names);
                    Assert.Equal(path, DocumentUri.ToKey(DocumentUri.FromKey(path, windows), windows));
                }
            );
    }
}
