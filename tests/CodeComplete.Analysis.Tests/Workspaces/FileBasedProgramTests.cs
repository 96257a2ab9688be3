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

    [Fact]
    public async Task A_package_that_was_restored_once_is_known_as_soon_as_it_is_named()
    {
        await using var loaded = new LoadedWorkspace();
        var file = loaded.Write("app.cs", "");
        await loaded.LoadAsync();
        // These tests use it themselves.
        const string Code = "using CsCheck;\nConsole.WriteLine(Gen.Int.Single());\n";
        loaded.Workspace.Open(file, 1, Code);
        Assert.NotEmpty(await Semantics.ErrorsAsync(loaded.Take("app.cs")));

        loaded.Workspace.Change(file, 2, [new BufferEdit(null, "#:package CsCheck@*\n" + Code)]);
        Assert.Empty(await Semantics.ErrorsAsync(loaded.Take("app.cs")));
        Assert.False(loaded.Take("app.cs").HasMissingReferences);

        loaded.Workspace.Change(file, 3, [new BufferEdit(null, Code)]);
        Assert.NotEmpty(await Semantics.ErrorsAsync(loaded.Take("app.cs")));
        Assert.Empty(loaded.Notices);
    }

    [Fact]
    public async Task Of_two_programs_in_a_folder_both_have_what_they_ask_for()
    {
        await using var loaded = new LoadedWorkspace();
        var (one, two) = (loaded.Write("one.cs", ""), loaded.Write("two.cs", ""));
        await loaded.LoadAsync();
        loaded.Workspace.Open(one, 1, "#:package CsCheck@*\nclass One { CsCheck.Gen<int>? a; }");
        loaded.Workspace.Open(two, 1, "#:sdk Microsoft.NET.Sdk.Web\nclass Two { WebApplication? a; }");

        Assert.DoesNotContain(await Semantics.ErrorsAsync(loaded.Take("one.cs")), error => IsOfNames(error));
        Assert.DoesNotContain(await Semantics.ErrorsAsync(loaded.Take("two.cs")), error => IsOfNames(error));

        // Of an executable without a beginning.
        static bool IsOfNames(string error) => !error.Contains("CS5001", StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_package_that_is_not_there_is_said_once_with_what_to_run()
    {
        await using var loaded = new LoadedWorkspace();
        var said = new TaskCompletionSource<WorkspaceNotice>();
        loaded.Workspace.Noticed += said.SetResult;
        var file = loaded.Path("app.cs");
        loaded.Workspace.Open(file, 1, "#:package No.Such.Package@1.2.3\n");
        Assert.True(loaded.Take("app.cs").HasMissingReferences);
        loaded.Workspace.Change(file, 2, [new BufferEdit(null, "#:package No.Such.Package@1.2.3\n#:sdk Microsoft.NET.Sdk\n")]);
        Assert.True(loaded.Take("app.cs").HasMissingReferences);

        Assert.Equal(
            $"app.cs needs the package No.Such.Package 1.2.3, which was never restored here: run `dotnet build {file}`, then open the file again.",
            (await said.Task.WaitAsync(TimeSpan.FromMinutes(1))).Message
        );
        Assert.Single(loaded.Notices);
    }

    [Fact]
    public async Task The_sdk_of_the_web_brings_its_types_and_usings()
    {
        await using var loaded = new LoadedWorkspace();
        var file = loaded.Path("app.cs");
        loaded.Workspace.Open(file, 1, "#:sdk Microsoft.NET.Sdk.Web\nvar app = WebApplication.Create(args);\napp.Run();\n");

        Assert.Empty(await Semantics.ErrorsAsync(loaded.Take("app.cs")));
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
