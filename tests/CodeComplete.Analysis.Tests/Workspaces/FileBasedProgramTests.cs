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

    [Fact]
    public async Task A_project_that_it_names_is_loaded_with_what_that_refers_to()
    {
        await using var loaded = new LoadedWorkspace();
        WriteLibrary(loaded);
        var file = loaded.Write("app.cs", "");
        // A solution that does not name the library, so nothing else loads it.
        loaded.WriteProject("Other/Other.csproj");
        loaded.Write("All.slnx", """<Solution><Project Path="Other/Other.csproj" /></Solution>""");
        await loaded.LoadAsync(file);
        const string Code = "Console.WriteLine(Lib.Greeter.Name.Length + new Below.Deep().Depth);\n";
        loaded.Workspace.Open(file, 1, Code);
        Assert.NotEmpty(await Semantics.ErrorsAsync(loaded.Take("app.cs")));

        loaded.Workspace.Change(file, 2, [new BufferEdit(null, "#:project lib\\Lib.csproj\n" + Code)]);
        Assert.True(loaded.Take("app.cs").HasMissingReferences);
        await loaded.Workspace.WhenLoaded(file, TestContext.Current.CancellationToken);
        Assert.Empty(await Semantics.ErrorsAsync(loaded.Take("app.cs")));
        Assert.False(loaded.Take("app.cs").HasMissingReferences);
        Assert.True(loaded.Take("lib/Greeter.cs").IsProjectLoaded);

        // It is the library's code that counts, not what was built of it.
        loaded.Workspace.Open(loaded.Path("lib/Greeter.cs"), 1, "namespace Lib; public static class Greeter { public static int Name; }");
        Assert.Contains("CS1061", Assert.Single(await Semantics.ErrorsAsync(loaded.Take("app.cs"))), StringComparison.Ordinal);
        loaded.Workspace.Close(loaded.Path("lib/Greeter.cs"));

        loaded.Workspace.Change(file, 3, [new BufferEdit(null, Code)]);
        Assert.NotEmpty(await Semantics.ErrorsAsync(loaded.Take("app.cs")));
        Assert.Empty(loaded.Notices);
    }

    [Fact]
    public async Task A_program_that_is_open_before_all_is_loaded_gets_its_project_with_it()
    {
        await using var loaded = new LoadedWorkspace();
        WriteLibrary(loaded);
        var file = loaded.Path("tools/app.cs");
        loaded.Workspace.Open(file, 1, "#:project ../lib\nConsole.WriteLine(Lib.Greeter.Name);\n");
        Assert.NotEmpty(await Semantics.ErrorsAsync(loaded.Take("tools/app.cs")));

        await loaded.LoadAsync(file);

        Assert.Empty(await Semantics.ErrorsAsync(loaded.Take("tools/app.cs")));
        Assert.False(loaded.Take("tools/app.cs").HasMissingReferences);

        // What the library refers to changes, and the program's references with it.
        loaded.WriteProject("lib/Lib.csproj", framework: Frameworks);
        loaded.Write("lib/Greeter.cs", "namespace Lib; public static class Greeter { public static Below.Deep? Name; }");
        await loaded.ChangedAsync("lib/Lib.csproj", DiskChange.Changed);
        await loaded.ChangedAsync("lib/Greeter.cs", DiskChange.Changed);
        loaded.Workspace.Change(file, 2, [new BufferEdit(null, "#:project ../lib\nConsole.WriteLine(new Below.Deep());\n")]);
        Assert.Contains("CS0246", Assert.Single(await Semantics.ErrorsAsync(loaded.Take("tools/app.cs"))), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gone/Gone.csproj", "gone/Gone.csproj", "does not exist: correct the path")]
    [InlineData("../app/none", "none", "holds no project: correct the path")]
    [InlineData("two", "two", "holds several projects: name one of them")]
    public async Task A_project_that_is_not_there_is_said_once_with_what_to_do(string named, string path, string what)
    {
        await using var loaded = new LoadedWorkspace();
        var said = new TaskCompletionSource<WorkspaceNotice>();
        loaded.Workspace.Noticed += said.SetResult;
        loaded.Write("app/none/A.cs", "");
        loaded.WriteProject("app/two/A.csproj");
        loaded.WriteProject("app/two/B.csproj");
        var file = loaded.Path("app/app.cs");
        loaded.Workspace.Open(file, 1, $"#:project {named}\n");
        Assert.True(loaded.Take("app/app.cs").HasMissingReferences);
        loaded.Workspace.Open(file, 2, $"#:project {named}\n// again\n");
        Assert.True(loaded.Take("app/app.cs").HasMissingReferences);

        Assert.Equal(
            new WorkspaceNotice(false, $"app.cs refers to {loaded.Path($"app/{path}")}, which {what} in its `#:project`."),
            await said.Task.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken)
        );
        Assert.Single(loaded.Notices);
    }

    [Theory]
    [InlineData("#:project lib/$(Name).csproj")]
    [InlineData("#:project lib/Lib.fsproj")]
    public async Task A_project_that_cannot_be_read_here_leaves_the_program_unjudged_and_nobody_blamed(string directive)
    {
        await using var loaded = new LoadedWorkspace();
        loaded.Write("lib/Lib.fsproj", "");
        loaded.Workspace.Open(loaded.Path("app.cs"), 1, $"{directive}\n");
        await loaded.LoadAsync();

        Assert.True(loaded.Take("app.cs").HasMissingReferences);
        Assert.Empty(loaded.Notices);
    }

    [Fact]
    public async Task While_a_directive_is_typed_nothing_is_said_of_what_it_names_on_the_way()
    {
        await using var loaded = new LoadedWorkspace();
        WriteLibrary(loaded);
        var said = new TaskCompletionSource<WorkspaceNotice>();
        loaded.Workspace.Noticed += said.SetResult;
        var file = loaded.Path("app.cs");
        loaded.Workspace.Open(file, 1, "");
        await loaded.LoadAsync(file);

        const string Typed = "#:project lib/Lib.csproj\n#:package No.Such";
        for (var length = "#:project ".Length; length <= Typed.Length; length++)
        {
            loaded.Workspace.Change(file, length, [new BufferEdit(null, Typed[..length])]);
            loaded.Take("app.cs");
            if (Typed[..length].EndsWith("lib/L", StringComparison.Ordinal))
            {
                await Task.Delay(50, TestContext.Current.CancellationToken);
            }
        }

        await said.Task.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        Assert.Contains(" No.Such,", Assert.Single(loaded.Notices).Message, StringComparison.Ordinal);
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

    private const string Frameworks = "<TargetFrameworks>netstandard2.0;net10.0</TargetFrameworks><LangVersion>latest</LangVersion>";

    private static void WriteLibrary(LoadedWorkspace loaded)
    {
        loaded.WriteProject("below/Below.csproj");
        loaded.Write("below/Deep.cs", "namespace Below; public class Deep { public int Depth = 1; }");
        loaded.WriteProject(
            "lib/Lib.csproj",
            """<ItemGroup><ProjectReference Include="../below/Below.csproj" Condition="'$(TargetFramework)' == 'net10.0'" /></ItemGroup>""",
            Frameworks
        );
        loaded.Write(
            "lib/Greeter.cs",
            """
            namespace Lib;
            public static class Greeter
            {
            #if NET
                public static string Name => "Ada";
            #endif
            }
            """
        );
    }
}
