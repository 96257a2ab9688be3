using CodeComplete.Testing;

namespace CodeComplete.Analysis.Tests;

/// <summary>What is found and loaded, with the real SDK.</summary>
public sealed class LoadingTests
{
    private const string Library =
        "namespace Lib; /// <summary>A greeter.</summary>\npublic sealed class Greeter { public string Greet(string name) => $\"Hello, {name}\"; }";
    private const string Program = "using Lib; Console.WriteLine(new Greeter().Greet(\"Ada\"));";

    [Fact]
    public async Task A_folder_without_a_project_is_one_program()
    {
        await using var loaded = new LoadedWorkspace(null, "skip/**");
        loaded.Write("Program.cs", "Console.WriteLine(Helper.Twice(21));");
        loaded.Write("more/Helper.cs", "static class Helper { public static int Twice(int n) => n * 2; }");
        loaded.Write("obj/Generated.cs", "class Generated;");
        loaded.Write("skip/Skipped.cs", "class Skipped;");

        await loaded.LoadAsync();

        var snapshot = loaded.Take("Program.cs");
        Assert.Empty(await Semantics.ErrorsAsync(snapshot));
        Assert.True(snapshot.IsProjectLoaded);
        Assert.Equal([loaded.Path("Program.cs"), loaded.Path("more/Helper.cs")], loaded.Workspace.SourceFiles);
        Assert.Empty(loaded.Notices);
    }

    [Fact]
    public async Task Each_of_several_folders_is_loaded_and_one_in_another_only_once()
    {
        using var first = new TemporaryFolder();
        using var second = new TemporaryFolder();
        first.Write(
            "lib/Lib.csproj",
            """<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup></Project>"""
        );
        var library = first.Write("lib/Greeter.cs", Library);
        var program = second.Write("Program.cs", "Console.WriteLine(1);");
        await using var workspace = new CodeWorkspace(
            new WorkspaceOptions { Folders = [first.Path, Path.Combine(first.Path, "lib"), second.Path] }
        );

        await workspace.LoadAsync(firstFile: null, CancellationToken.None);

        Assert.Equal(new[] { library, program }.Order(StringComparer.Ordinal), workspace.SourceFiles);
        Assert.All(workspace.SourceFiles, file => Assert.True(workspace.Take(file)!.IsProjectLoaded));
        Assert.Empty(await Semantics.ErrorsAsync(workspace.Take(program)!));
        Assert.Empty(await Semantics.ErrorsAsync(workspace.Take(library)!));
    }

    [Fact]
    public async Task An_unrestored_project_binds_against_the_framework_with_its_usings()
    {
        await using var loaded = new LoadedWorkspace();
        loaded.WriteProject("App.csproj", """<ItemGroup><Using Include="System.Text" /></ItemGroup>""");
        loaded.Write("App.cs", "class App { StringBuilder text = new(); List<string>? names; }");

        await loaded.LoadAsync();

        var snapshot = loaded.Take("App.cs");
        Assert.Empty(await Semantics.ErrorsAsync(snapshot));
        Assert.True(snapshot.IsProjectLoaded);
        Assert.False(snapshot.HasMissingReferences);
        Assert.Empty(loaded.Notices);
        Assert.Equal([loaded.Path("App.cs")], loaded.Workspace.SourceFiles);
    }

    [Fact]
    public async Task An_unrestored_web_project_has_the_framework_of_the_web()
    {
        await using var loaded = new LoadedWorkspace();
        loaded.Write(
            "Web.csproj",
            """<Project Sdk="Microsoft.NET.Sdk.Web"><PropertyGroup><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings></PropertyGroup></Project>"""
        );
        loaded.Write("Program.cs", "var app = WebApplication.CreateBuilder(args).Build(); app.MapGet(\"/\", () => 1); app.Run();");

        await loaded.LoadAsync();

        Assert.Empty(await Semantics.ErrorsAsync(loaded.Take("Program.cs")));
    }

    [Fact]
    public async Task A_project_with_packages_that_is_not_restored_says_so_once()
    {
        await using var loaded = new LoadedWorkspace();
        var project = loaded.WriteProject(
            "App.csproj",
            """<ItemGroup><PackageReference Include="Some.Package" Version="1.0.0" /></ItemGroup>"""
        );
        loaded.Write("App.cs", "class App { Some.Package.Type? x; }");

        await loaded.LoadAsync();
        await loaded.ChangedAsync("App.csproj", DiskChange.Changed);

        Assert.True(loaded.Take("App.cs").HasMissingReferences);
        Assert.Equal(
            [new WorkspaceNotice(false, $"App is not restored: run `dotnet restore {project}` for its packages.")],
            loaded.Notices
        );
    }

    [Fact]
    public async Task A_project_for_a_framework_whose_pack_is_not_here_takes_the_newest()
    {
        await using var loaded = new LoadedWorkspace();
        loaded.WriteProject("Old.csproj", framework: "<TargetFramework>netcoreapp2.1</TargetFramework>");
        loaded.Write(
            "Old.cs",
            "class Old { System.Collections.Generic.List<string> names = new System.Collections.Generic.List<string>(); }"
        );

        await loaded.LoadAsync();

        var snapshot = loaded.Take("Old.cs");
        Assert.True(snapshot.HasMissingReferences);
        Assert.Empty(await Semantics.ErrorsAsync(snapshot));
    }

    [Fact]
    public async Task A_restored_project_has_nothing_missing()
    {
        await using var loaded = new LoadedWorkspace();
        loaded.WriteProject("App.csproj");
        loaded.Write("App.cs", "class App { List<string>? names; }");
        await loaded.RestoreAsync("App.csproj");

        await loaded.LoadAsync(loaded.Path("App.cs"));

        var snapshot = loaded.Take("App.cs");
        Assert.Empty(await Semantics.ErrorsAsync(snapshot));
        Assert.True(snapshot.IsProjectLoaded);
        Assert.False(snapshot.HasMissingReferences);
        Assert.Empty(loaded.Notices);
    }

    [Theory]
    [InlineData(
        "Both.sln",
        """

            Microsoft Visual Studio Solution File, Format Version 12.00
            Project("{FAE04EC0-301F-11D3-BF4B-00C04F79EFBC}") = "Lib", "Lib\Lib.csproj", "{11111111-1111-1111-1111-111111111111}"
            EndProject
            Project("{FAE04EC0-301F-11D3-BF4B-00C04F79EFBC}") = "App", "App\App.csproj", "{22222222-2222-2222-2222-222222222222}"
            EndProject
            Global
            EndGlobal

            """
    )]
    [InlineData("Both.slnf", """{"solution":{"path":"Elsewhere\\..\\All.sln","projects":["Lib\\Lib.csproj","App\\App.csproj",]}}""")]
    [InlineData("Both.slnx", """<Solution><Project Path="Lib/Lib.csproj" /><Project Path="App/App.csproj" /></Solution>""")]
    public async Task A_type_of_one_project_of_a_solution_binds_in_another(string solution, string text)
    {
        await using var loaded = new LoadedWorkspace();
        loaded.Write(solution, text);
        loaded.WriteProject("Lib/Lib.csproj");
        loaded.Write("Lib/Greeter.cs", Library);
        loaded.WriteProject(
            "App/App.csproj",
            """<PropertyGroup><OutputType>Exe</OutputType></PropertyGroup><ItemGroup><ProjectReference Include="..\Lib\Lib.csproj" /></ItemGroup>"""
        );
        loaded.Write("App/Program.cs", Program);
        loaded.WriteProject("Unlisted/Unlisted.csproj");
        loaded.Write("Unlisted/Unlisted.cs", "class Unlisted;");

        await loaded.LoadAsync();

        var snapshot = loaded.Take("App/Program.cs");
        Assert.Empty(await Semantics.ErrorsAsync(snapshot));
        Assert.False(snapshot.HasMissingReferences);
        Assert.Equal([loaded.Path("App/Program.cs"), loaded.Path("Lib/Greeter.cs")], loaded.Workspace.SourceFiles);
        Assert.Empty(loaded.Notices);
        Assert.Equal(LoadState.Loading, loaded.Progress[0].State);
        Assert.Equal(LoadState.Ready, loaded.Progress[^1].State);
        Assert.Contains(loaded.Progress, progress => progress is { ProjectsDone: 2, ProjectsTotal: 2 });

        // A project that the solution does not name is loaded when one of its files is opened.
        var unlisted = loaded.Path("Unlisted/Unlisted.cs");
        Assert.False(loaded.Take("Unlisted/Unlisted.cs").IsProjectLoaded);
        loaded.Workspace.Open(unlisted, 1, "class Unlisted;");
        await loaded.Workspace.WhenLoaded(unlisted, CancellationToken.None);
        Assert.True(loaded.Take("Unlisted/Unlisted.cs").IsProjectLoaded);
    }

    [Fact]
    public async Task An_edit_in_one_project_is_seen_in_another()
    {
        await using var loaded = new LoadedWorkspace();
        await WriteTwoProjectsAsync(loaded);
        await loaded.LoadAsync(loaded.Path("App/Program.cs"));

        loaded.Workspace.Open(loaded.Path("Lib/Greeter.cs"), 1, Library.Replace("Greet(", "Welcome(", StringComparison.Ordinal));

        Assert.Contains("CS1061", Assert.Single(await Semantics.ErrorsAsync(loaded.Take("App/Program.cs"))), StringComparison.Ordinal);
        loaded.Workspace.Close(loaded.Path("Lib/Greeter.cs"));
        Assert.Empty(await Semantics.ErrorsAsync(loaded.Take("App/Program.cs")));
    }

    [Fact]
    public async Task A_buffer_that_is_open_before_its_project_answers_at_once_and_counts_in_the_project()
    {
        await using var loaded = new LoadedWorkspace();
        await WriteTwoProjectsAsync(loaded);
        var file = loaded.Path("App/Program.cs");
        loaded.Workspace.Open(file, 7, Program + " // edited");
        var waiting = loaded.Workspace.WhenLoaded(file, CancellationToken.None);

        var before = loaded.Workspace.Take(file)!;
        await loaded.LoadAsync(file);
        await waiting;
        var after = loaded.Workspace.Take(file)!;

        Assert.False(before.IsProjectLoaded);
        Assert.NotEmpty(await Semantics.ErrorsAsync(before)); // Lib is not known yet
        Assert.True(after.IsProjectLoaded);
        Assert.Equal(7, after.Version);
        Assert.EndsWith("// edited", after.Text.ToString(), StringComparison.Ordinal);
        Assert.Empty(await Semantics.ErrorsAsync(after));
        Assert.True(before.IsNewest); // the text is still the same
        Assert.Equal(2, after.Document.Project.Solution.ProjectIds.Count); // the project of its own is gone
    }

    [Fact]
    public async Task The_project_of_the_first_file_answers_before_the_rest_is_loaded()
    {
        await using var loaded = new LoadedWorkspace();
        loaded.WriteProject("A/A.csproj");
        var first = loaded.Write("A/A.cs", "class A;");
        loaded.WriteProject("B/B.csproj");
        loaded.Write("B/B.cs", "class B;");
        var order = new List<string>();
        loaded.Workspace.Progressed += progress =>
        {
            if (progress.ProjectsDone == 2)
            {
                // B is being loaded, so A must be there already.
                order.Add(loaded.Workspace.Take(first)!.IsProjectLoaded ? "A before B" : "A too late");
            }
        };

        await loaded.LoadAsync(first);

        Assert.Equal(["A before B"], order);
        Assert.True(loaded.Take("B/B.cs").IsProjectLoaded);
    }

    [Fact]
    public async Task Projects_that_nobody_has_open_make_way_while_somebody_asks()
    {
        var asking = new TaskCompletionSource();
        await using var loaded = new LoadedWorkspace(Pausing(asking.Task, TimeSpan.FromMinutes(5)));
        foreach (var name in new[] { "A", "B", "C" })
        {
            loaded.WriteProject($"{name}/{name}.csproj");
            loaded.Write($"{name}/{name}.cs", $"class {name};");
        }

        var loading = loaded.Workspace.LoadAsync(loaded.Path("A/A.cs"), CancellationToken.None);
        await loaded.Workspace.WhenLoaded(loaded.Path("A/A.cs"), CancellationToken.None);

        // What is opened is wanted, whoever asks.
        loaded.Workspace.Open(loaded.Path("B/B.cs"), 1, "class B; // open");
        await loaded.Workspace.WhenLoaded(loaded.Path("B/B.cs"), CancellationToken.None);
        Assert.True(loaded.Take("B/B.cs").IsProjectLoaded);
        Assert.False(loading.IsCompleted);
        Assert.DoesNotContain(loaded.Path("C/C.cs"), loaded.Workspace.SourceFiles);

        asking.SetResult();
        await loading;
        Assert.True(loaded.Take("C/C.cs").IsProjectLoaded);
    }

    [Fact]
    public async Task A_file_without_a_project_keeps_none_away_while_it_is_asked_for()
    {
        // It is answered when it is known that no project has it: both would wait for each other.
        await using var loaded = new LoadedWorkspace(Pausing(new TaskCompletionSource().Task, TimeSpan.FromMinutes(5)));
        loaded.WriteProject("A/A.csproj");
        loaded.Write("A/A.cs", "class A;");
        loaded.Workspace.Open(loaded.Write("script.cs", "Console.WriteLine(1);"), 1, "Console.WriteLine(2);");

        await loaded.LoadAsync();

        Assert.True(loaded.Take("A/A.cs").IsProjectLoaded);
        Assert.True(loaded.Take("script.cs").IsProjectLoaded);
    }

    [Fact]
    public async Task Whoever_asks_on_and_on_keeps_no_project_away()
    {
        await using var loaded = new LoadedWorkspace(Pausing(new TaskCompletionSource().Task, TimeSpan.FromMilliseconds(100)));
        loaded.WriteProject("A/A.csproj");
        loaded.Write("A/A.cs", "class A;");

        await loaded.LoadAsync();

        Assert.True(loaded.Take("A/A.cs").IsProjectLoaded);
    }

    private static WorkspaceOptions Pausing(Task asking, TimeSpan longest) =>
        new() { Pause = token => new ValueTask(asking.WaitAsync(token)), LongestPause = longest };

    [Fact]
    public async Task A_file_outside_every_project_is_answered_alone()
    {
        await using var loaded = new LoadedWorkspace();
        loaded.WriteProject("A/A.csproj");
        loaded.Write("A/A.cs", "class A;");
        loaded.Write("script.cs", "Console.WriteLine(1);");

        await loaded.LoadAsync();
        await loaded.Workspace.WhenLoaded(loaded.Path("script.cs"), CancellationToken.None);

        var snapshot = loaded.Take("script.cs");
        Assert.Empty(await Semantics.ErrorsAsync(snapshot));
        Assert.True(snapshot.IsProjectLoaded);
        Assert.Null(snapshot.Document.Project.FilePath);
    }

    [Theory]
    [InlineData("<Project Sdk=\"Microsoft.NET.Sdk\"><PropertyGroup>")]
    [InlineData("this is no XML")]
    [InlineData("")]
    public async Task A_project_file_that_is_no_xml_is_named_and_the_others_load(string text)
    {
        await using var loaded = new LoadedWorkspace();
        var broken = loaded.Write("Broken/Broken.csproj", text);
        loaded.Write("Broken/B.cs", "Console.WriteLine(1);");
        loaded.WriteProject("A/A.csproj");
        loaded.Write("A/A.cs", "class A;");

        await loaded.LoadAsync(loaded.Path("Broken/B.cs"));

        Assert.True(loaded.Take("A/A.cs").IsProjectLoaded);
        var snapshot = loaded.Take("Broken/B.cs");
        Assert.False(snapshot.IsProjectLoaded);
        Assert.Empty(await Semantics.ErrorsAsync(snapshot));
        var notice = Assert.Single(loaded.Notices);
        Assert.True(notice.IsError);
        Assert.StartsWith($"{broken} cannot be read as a project (", notice.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', notice.Message);
    }

    [Fact]
    public async Task A_project_that_msbuild_refuses_is_named_and_its_sources_still_know_each_other()
    {
        await using var loaded = new LoadedWorkspace();
        var broken = loaded.WriteProject(
            "Broken/Broken.csproj",
            """<ItemGroup Condition="'$(X)' =="><Compile Include="x" /></ItemGroup>"""
        );
        loaded.Write("Broken/B.cs", "class B { C c = new(); List<int> n = []; }");
        loaded.Write("Broken/C.cs", "class C;");
        loaded.WriteProject("A/A.csproj");
        loaded.Write("A/A.cs", "class A;");

        await loaded.LoadAsync();

        Assert.True(loaded.Take("A/A.cs").IsProjectLoaded);
        var snapshot = loaded.Take("Broken/B.cs");
        Assert.False(snapshot.IsProjectLoaded);
        Assert.Empty(await Semantics.ErrorsAsync(snapshot));
        Assert.StartsWith(broken, Assert.Single(loaded.Notices).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Projects_that_refer_to_each_other_are_named_and_still_load()
    {
        await using var loaded = new LoadedWorkspace();
        var a = loaded.WriteProject("A/A.csproj", """<ItemGroup><ProjectReference Include="../B/B.csproj" /></ItemGroup>""");
        loaded.Write("A/A.cs", "public class A;");
        loaded.WriteProject("B/B.csproj", """<ItemGroup><ProjectReference Include="../A/A.csproj" /></ItemGroup>""");
        loaded.Write("B/B.cs", "public class B;");

        await loaded.LoadAsync();

        Assert.True(loaded.Take("A/A.cs").IsProjectLoaded);
        Assert.True(loaded.Take("B/B.cs").IsProjectLoaded);
        Assert.Equal(
            [
                new WorkspaceNotice(
                    true,
                    $"A.csproj -> B.csproj -> A.csproj: these projects refer to each other in a circle; take one of the references out of {a}."
                ),
            ],
            loaded.Notices
        );
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{"solution":{"projects":[]}}""")]
    public async Task A_solution_filter_that_cannot_be_read_leaves_its_projects(string text)
    {
        await using var loaded = new LoadedWorkspace();
        var filter = loaded.Write("Some.slnf", text);
        loaded.WriteProject("A/A.csproj");
        loaded.Write("A/A.cs", "class A;");

        await loaded.LoadAsync();

        Assert.True(loaded.Take("A/A.cs").IsProjectLoaded);
        Assert.StartsWith($"{filter} cannot be read", Assert.Single(loaded.Notices).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_solution_that_cannot_be_read_leaves_its_projects()
    {
        await using var loaded = new LoadedWorkspace();
        var solution = loaded.Write("All.slnx", "<Solution><Project");
        loaded.WriteProject("A/A.csproj");
        loaded.Write("A/A.cs", "class A;");

        await loaded.LoadAsync();

        Assert.True(loaded.Take("A/A.cs").IsProjectLoaded);
        Assert.StartsWith($"{solution} cannot be read", Assert.Single(loaded.Notices).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_project_that_a_solution_names_in_vain_is_said()
    {
        await using var loaded = new LoadedWorkspace();
        loaded.Write("All.slnx", """<Solution><Project Path="A/A.csproj" /><Project Path="Gone/Gone.csproj" /></Solution>""");
        loaded.WriteProject("A/A.csproj");
        loaded.Write("A/A.cs", "class A;");

        await loaded.LoadAsync();

        Assert.True(loaded.Take("A/A.cs").IsProjectLoaded);
        Assert.Equal(
            $"All.slnx names {loaded.Path("Gone/Gone.csproj")}, which does not exist; the rest is loaded.",
            Assert.Single(loaded.Notices).Message
        );
    }

    [Fact]
    public async Task A_workspace_folder_that_does_not_exist_is_said()
    {
        var notices = new List<WorkspaceNotice>();
        var missing = Path.Combine(Path.GetTempPath(), "no", "such", "folder");
        await using var workspace = new CodeWorkspace(new WorkspaceOptions { Folders = [missing] });
        workspace.Noticed += notices.Add;

        await workspace.LoadAsync(null, CancellationToken.None);

        Assert.Equal([new WorkspaceNotice(true, $"The workspace folder {missing} does not exist.")], notices);
    }

    [Fact]
    public async Task Paths_may_hold_what_is_special_to_msbuild_and_xml()
    {
        await using var loaded = new LoadedWorkspace();
        loaded.WriteProject("odd (1) ;@x & 'y'/A'b.csproj");
        loaded.Write("odd (1) ;@x & 'y'/A.cs", "class A { List<int>? numbers; }");

        await loaded.LoadAsync();

        Assert.Empty(loaded.Notices);
        Assert.True(loaded.Take("odd (1) ;@x & 'y'/A.cs").IsProjectLoaded);
    }

    [Fact]
    public async Task Projects_with_the_same_name_are_two_projects()
    {
        await using var loaded = new LoadedWorkspace();
        loaded.WriteProject("one/Same.csproj");
        loaded.Write("one/A.cs", "class Same { int One; }");
        loaded.WriteProject("two/Same.csproj");
        loaded.Write("two/A.cs", "class Same { int Two; }");

        await loaded.LoadAsync();

        Assert.Empty(await Semantics.ErrorsAsync(loaded.Take("one/A.cs")));
        Assert.NotEqual(loaded.Take("one/A.cs").Document.Project.Id, loaded.Take("two/A.cs").Document.Project.Id);
    }

    [Fact]
    public async Task A_linked_file_is_answered_from_the_project_in_whose_folder_it_lies_and_edited_in_both()
    {
        await using var loaded = new LoadedWorkspace();
        loaded.WriteProject("A/A.csproj", """<ItemGroup><Compile Include="../B/Shared.cs" Link="Shared.cs" /></ItemGroup>""");
        loaded.Write("A/A.cs", "class A { Shared s = new(); }");
        loaded.WriteProject("B/B.csproj");
        loaded.Write("B/Shared.cs", "class Shared;");

        await loaded.LoadAsync();

        Assert.Equal("B", loaded.Take("B/Shared.cs").Document.Project.Name);
        loaded.Workspace.Open(loaded.Path("B/Shared.cs"), 1, "class Renamed;");
        Assert.NotEmpty(await Semantics.ErrorsAsync(loaded.Take("A/A.cs")));
    }

    [Theory]
    [InlineData(null, "NET10_0")]
    [InlineData("netstandard2.0", "NETSTANDARD2_0")]
    public async Task Of_several_frameworks_the_newest_or_the_asked_one_answers(string? wanted, string symbol)
    {
        await using var loaded = new LoadedWorkspace(wanted);
        loaded.WriteProject("M.csproj", framework: "<TargetFrameworks>netstandard2.0;net10.0</TargetFrameworks>");
        loaded.Write("M.cs", "class M;");

        await loaded.LoadAsync();

        Assert.Contains(symbol, loaded.Take("M.cs").Document.Project.ParseOptions!.PreprocessorSymbolNames);
        Assert.Single(loaded.Workspace.SourceFiles);
    }

    [Fact]
    public async Task The_framework_to_answer_for_can_be_switched_with_a_document_open()
    {
        await using var loaded = new LoadedWorkspace();
        loaded.WriteProject("Lib/Lib.csproj", framework: "<TargetFrameworks>netstandard2.0;net10.0</TargetFrameworks>");
        var file = loaded.Write("Lib/Lib.cs", "");
        loaded.WriteProject("App/App.csproj");
        loaded.Write("App/App.cs", "class App;");
        await loaded.LoadAsync();
        loaded.Workspace.Open(file, 1, "#if NETSTANDARD\nclass Old;\n#else\nclass New;\n#endif");
        Assert.Equal("New", await DeclaredAsync());

        loaded.Workspace.AnswerFor("NetStandard2.0");
        Assert.Equal("Old", await DeclaredAsync());
        Assert.Contains("NET10_0", Symbols("App/App.cs"));

        // What is evaluated again answers for it, too.
        await loaded.ChangedAsync("Lib/Lib.csproj", DiskChange.Changed);
        Assert.Equal("Old", await DeclaredAsync());

        loaded.Workspace.AnswerFor(null);
        Assert.Equal("New", await DeclaredAsync());
        Assert.DoesNotContain(loaded.Notices, notice => notice.Message.Contains("targetFramework", StringComparison.Ordinal));

        IEnumerable<string> Symbols(string path) => loaded.Take(path).Document.Project.ParseOptions!.PreprocessorSymbolNames;
        async Task<string> DeclaredAsync()
        {
            var root = await loaded.Take("Lib/Lib.cs").Document.GetSyntaxRootAsync();
            return root!.DescendantNodes().OfType<Microsoft.CodeAnalysis.CSharp.Syntax.ClassDeclarationSyntax>().Single().Identifier.Text;
        }
    }

    [Fact]
    public async Task Roslyn_has_the_frameworks_that_answer_and_those_that_another_project_or_a_source_needs()
    {
        const string Both = "<TargetFrameworks>netstandard2.0;net10.0</TargetFrameworks>";
        await using var loaded = new LoadedWorkspace();
        loaded.WriteProject("One/One.csproj", framework: Both);
        loaded.Write("One/One.cs", "public class One;");
        loaded.WriteProject("Two/Two.csproj", framework: Both);
        loaded.Write("Two/Two.cs", "public class Two;");
        loaded.WriteProject(
            "Three/Three.csproj",
            """<ItemGroup><Compile Remove="Old.cs" Condition="'$(TargetFramework)' == 'net10.0'" /></ItemGroup>""",
            Both
        );
        loaded.Write("Three/Three.cs", "public class Three;");
        loaded.Write("Three/Old.cs", "public class Old : Three { }");
        loaded.WriteProject(
            "Use/Use.csproj",
            """<ItemGroup><ProjectReference Include="../Two/Two.csproj" /></ItemGroup>""",
            "<TargetFramework>netstandard2.0</TargetFramework>"
        );
        loaded.Write("Use/Use.cs", "class Use { Two two; }");
        await loaded.LoadAsync();

        Assert.Equal(["One(net10.0)", "Three(net10.0)", "Three(netstandard2.0)", "Two(net10.0)", "Two(netstandard2.0)", "Use"], Names());
        Assert.Empty(await Semantics.ErrorsAsync(loaded.Take("Use/Use.cs")));
        Assert.Empty(await Semantics.ErrorsAsync(loaded.Take("Three/Old.cs")));

        File.Delete(loaded.Path("Use/Use.csproj"));
        await loaded.ChangedAsync("Use/Use.csproj", DiskChange.Deleted);
        Assert.Equal(["One(net10.0)", "Three(net10.0)", "Three(netstandard2.0)", "Two(net10.0)"], Names());

        // What Roslyn was not given is kept up to date all the same.
        loaded.Write("One/New.cs", "public class New { }");
        await loaded.ChangedAsync("One/New.cs", DiskChange.Created);
        loaded.Workspace.Open(loaded.Path("One/One.cs"), 1, "public class One : New { Gone gone; }");
        File.Delete(loaded.Write("One/Gone.cs", "class Gone;"));
        await loaded.ChangedAsync("One/Gone.cs", DiskChange.Created);
        await loaded.ChangedAsync("One/Gone.cs", DiskChange.Deleted);
        loaded.Workspace.AnswerFor("netstandard2.0");
        Assert.Equal(["One(netstandard2.0)", "Three(netstandard2.0)", "Two(netstandard2.0)"], Names());
        var error = Assert.Single(await Semantics.ErrorsAsync(loaded.Take("One/One.cs")));
        Assert.Contains("Gone", error, StringComparison.Ordinal);
        Assert.DoesNotContain(loaded.Path("One/Gone.cs"), loaded.Workspace.SourceFiles);

        IEnumerable<string> Names() =>
            loaded.Take("One/One.cs").Document.Project.Solution.Projects.Select(project => project.Name).Order(StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_framework_that_no_project_has_is_said_once_with_those_that_there_are()
    {
        await using var loaded = new LoadedWorkspace("net7.0");
        loaded.WriteProject("M.csproj", framework: "<TargetFrameworks>netstandard2.0;net10.0</TargetFrameworks>");
        loaded.Write("M.cs", "class M;");

        await loaded.LoadAsync();
        loaded.Workspace.AnswerFor("net7.0");
        loaded.Workspace.AnswerFor("net10.0");

        Assert.Equal(
            "No project here has the framework 'net7.0' that the setting 'targetFramework' names; there is net10.0, netstandard2.0. Each project answers for its newest.",
            Assert.Single(loaded.Notices, notice => notice.Message.Contains("targetFramework", StringComparison.Ordinal)).Message
        );
    }

    [Fact]
    public async Task A_folder_inside_a_project_is_loaded_with_that_project()
    {
        using var folder = new TemporaryFolder();
        folder.Write(
            "App.csproj",
            """<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup></Project>"""
        );
        folder.Write("A.cs", "class A;");
        var file = folder.Write("sub/B.cs", "class B { A a = new A(); }");
        await using var workspace = new CodeWorkspace(new WorkspaceOptions { Folders = [Path.Combine(folder.Path, "sub")] });

        await workspace.LoadAsync(file, CancellationToken.None);

        Assert.Empty(await Semantics.ErrorsAsync(workspace.Take(file)!));
    }

    [Fact]
    public async Task Loading_that_is_cancelled_ends_and_leaves_what_answers()
    {
        await using var loaded = new LoadedWorkspace();
        loaded.WriteProject("A.csproj");
        var file = loaded.Write("A.cs", "class A;");
        using var cancel = new CancellationTokenSource();
        loaded.Workspace.Progressed += _ => cancel.Cancel();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => loaded.Workspace.LoadAsync(file, cancel.Token));

        Assert.False(loaded.Take("A.cs").IsProjectLoaded);
        await loaded.LoadAsync(file);
        Assert.True(loaded.Take("A.cs").IsProjectLoaded);
    }

    private static Task WriteTwoProjectsAsync(LoadedWorkspace loaded)
    {
        loaded.WriteProject("Lib/Lib.csproj");
        loaded.Write("Lib/Greeter.cs", Library);
        loaded.WriteProject(
            "App/App.csproj",
            """<PropertyGroup><OutputType>Exe</OutputType></PropertyGroup><ItemGroup><ProjectReference Include="../Lib/Lib.csproj" /></ItemGroup>"""
        );
        loaded.Write("App/Program.cs", Program);
        return Task.CompletedTask;
    }
}
