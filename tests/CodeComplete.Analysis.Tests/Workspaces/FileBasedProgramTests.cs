using CodeComplete.Testing;

namespace CodeComplete.Analysis.Tests;

/// <summary>A program of one file, without a project: <c>dotnet run app.cs</c>.</summary>
public sealed class FileBasedProgramTests
{
    private const string Program =
        "#!/usr/bin/env dotnet\n#:sdk Microsoft.NET.Sdk\n#:property LangVersion=preview\nConsole.WriteLine(args.Length);\n";

    [Fact]
    public async Task Its_directives_are_no_errors_and_names_bind()
    {
        await using var loaded = new LoadedWorkspace();
        loaded.Write("app.cs", Program);
        await loaded.LoadAsync();

        Assert.Empty(await Semantics.ErrorsAsync(loaded.Take("app.cs")));
    }

    [Fact]
    public async Task In_a_project_they_are_errors()
    {
        await using var loaded = new LoadedWorkspace();
        loaded.WriteProject("App.csproj", "<PropertyGroup><OutputType>Exe</OutputType></PropertyGroup>");
        loaded.Write("app.cs", Program);
        await loaded.LoadAsync();

        Assert.Contains("CS9298", string.Join(' ', await Semantics.ErrorsAsync(loaded.Take("app.cs"))), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("#:$0\nConsole.WriteLine();", "package")]
    [InlineData("#:$0\nConsole.WriteLine();", "sdk")]
    [InlineData("#:$0\nConsole.WriteLine();", "property")]
    [InlineData("#:$0\nConsole.WriteLine();", "project")]
    [InlineData("#:pa$0\nConsole.WriteLine();", "package")]
    public async Task The_names_of_directives_are_listed(string source, string label)
    {
        var marked = Marked.Parse(source);
        var list = await ItemLister.ListAsync(
            SingleFile.Snapshot(marked.Text),
            marked.Offset,
            typed: null,
            TestContext.Current.CancellationToken
        );

        Assert.Contains(label, list.Items.Select(item => item.Label));
    }
}
