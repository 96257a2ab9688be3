using CodeComplete.Testing;

namespace CodeComplete.Analysis.Tests;

/// <summary>What happens when files change under the workspace.</summary>
public sealed class DiskTests
{
    [Fact]
    public async Task A_changed_file_is_read_again_and_an_open_one_is_not()
    {
        await using var loaded = new LoadedWorkspace();
        loaded.Write("A.cs", "class A;");
        loaded.Write("B.cs", "class B;");
        await loaded.LoadAsync();
        loaded.Workspace.Open(loaded.Path("B.cs"), 1, "class Buffer;");
        var (a, b) = (loaded.Take("A.cs"), loaded.Take("B.cs"));

        loaded.Write("A.cs", "class A2;");
        loaded.Write("B.cs", "class B2;");
        loaded.Workspace.FilesChanged([new(loaded.Path("A.cs"), DiskChange.Changed), new(loaded.Path("B.cs"), DiskChange.Changed)]);

        Assert.False(a.IsNewest);
        Assert.True(b.IsNewest);
        Assert.Equal("class A2;", loaded.Take("A.cs").Text.ToString());
        Assert.Equal("class Buffer;", loaded.Take("B.cs").Text.ToString());
        loaded.Workspace.Close(loaded.Path("B.cs"));
        Assert.Equal("class B2;", loaded.Take("B.cs").Text.ToString());
    }

    [Fact]
    public async Task A_new_file_joins_its_project_and_a_deleted_one_leaves_it()
    {
        await using var loaded = new LoadedWorkspace();
        loaded.WriteProject("A.csproj");
        loaded.Write("Uses.cs", "class Uses { Added a = new(); }");
        await loaded.LoadAsync();
        Assert.NotEmpty(await Semantics.ErrorsAsync(loaded.Take("Uses.cs")));

        loaded.Write("sub/Added.cs", "class Added;");
        loaded.Workspace.FilesChanged([new(loaded.Path("sub/Added.cs"), DiskChange.Created)]);

        Assert.Empty(await Semantics.ErrorsAsync(loaded.Take("Uses.cs")));
        Assert.True(loaded.Take("sub/Added.cs").IsProjectLoaded);
        Assert.Contains(loaded.Path("sub/Added.cs"), loaded.Workspace.SourceFiles);

        File.Delete(loaded.Path("sub/Added.cs"));
        loaded.Workspace.FilesChanged([new(loaded.Path("sub/Added.cs"), DiskChange.Deleted)]);

        Assert.NotEmpty(await Semantics.ErrorsAsync(loaded.Take("Uses.cs")));
        Assert.Null(loaded.Workspace.Take(loaded.Path("sub/Added.cs")));
        Assert.DoesNotContain(loaded.Path("sub/Added.cs"), loaded.Workspace.SourceFiles);
    }

    [Fact]
    public async Task A_new_file_that_was_opened_before_it_was_saved_joins_with_its_buffer()
    {
        await using var loaded = new LoadedWorkspace();
        loaded.WriteProject("A.csproj");
        loaded.Write("Uses.cs", "class Uses { Added a = new(); }");
        await loaded.LoadAsync();
        loaded.Workspace.Open(loaded.Path("Added.cs"), 1, "class Added;");
        Assert.False(loaded.Take("Added.cs").IsProjectLoaded);

        loaded.Write("Added.cs", "");
        loaded.Workspace.FilesChanged([new(loaded.Path("Added.cs"), DiskChange.Created)]);

        Assert.True(loaded.Take("Added.cs").IsProjectLoaded);
        Assert.Empty(await Semantics.ErrorsAsync(loaded.Take("Uses.cs")));
    }

    [Fact]
    public async Task A_file_that_an_editor_deletes_and_writes_anew_stays_in_its_project_while_it_is_open()
    {
        await using var loaded = new LoadedWorkspace();
        loaded.WriteProject("A.csproj");
        var file = loaded.Write("A.cs", "class A;");
        await loaded.LoadAsync();
        loaded.Workspace.Open(file, 1, "class A2;");

        File.Delete(file);
        loaded.Workspace.FilesChanged([new(file, DiskChange.Deleted)]);

        Assert.True(loaded.Take("A.cs").IsProjectLoaded);
        loaded.Workspace.Close(file);
        Assert.Null(loaded.Workspace.Take(file));
    }

    [Fact]
    public async Task A_project_that_lists_its_sources_is_asked_about_a_new_one()
    {
        await using var loaded = new LoadedWorkspace();
        loaded.WriteProject("A.csproj", """<ItemGroup><Compile Remove="Not*.cs" /></ItemGroup>""");
        loaded.Write("A.cs", "class A;");
        await loaded.LoadAsync();

        loaded.Write("New.cs", "class New;");
        await loaded.ChangedAsync("New.cs", DiskChange.Created);
        loaded.Write("Not.cs", "class Not;");
        await loaded.ChangedAsync("Not.cs", DiskChange.Created);

        Assert.Equal([loaded.Path("A.cs"), loaded.Path("New.cs")], loaded.Workspace.SourceFiles);
    }

    [Fact]
    public async Task A_changed_project_is_evaluated_again_and_keeps_its_buffers()
    {
        await using var loaded = new LoadedWorkspace();
        loaded.WriteProject("Lib/Lib.csproj");
        loaded.Write("Lib/Lib.cs", "public class Lib;");
        loaded.WriteProject("App/App.csproj");
        var file = loaded.Write("App/App.cs", "");
        await loaded.LoadAsync();
        loaded.Workspace.Open(file, 4, "class App { Lib l = new(); }");
        Assert.NotEmpty(await Semantics.ErrorsAsync(loaded.Take("App/App.cs")));

        loaded.WriteProject("App/App.csproj", """<ItemGroup><ProjectReference Include="../Lib/Lib.csproj" /></ItemGroup>""");
        loaded.Workspace.FilesChanged([new(loaded.Path("App/App.csproj"), DiskChange.Changed)]);
        await loaded.Workspace.WhenLoaded(file, CancellationToken.None);

        var snapshot = loaded.Take("App/App.cs");
        Assert.Empty(await Semantics.ErrorsAsync(snapshot));
        Assert.Equal(4, snapshot.Version);
    }

    [Fact]
    public async Task What_a_build_writes_and_what_the_compiler_is_told_is_read_again()
    {
        await using var loaded = new LoadedWorkspace();
        loaded.WriteProject("A.csproj");
        loaded.Write("A.cs", "class A { void M() { int unused; _ = new StringBuilder(); } }");
        await loaded.LoadAsync();
        Assert.Contains("StringBuilder", Assert.Single(await ErrorsAsync()), StringComparison.Ordinal);

        loaded.WriteProject("A.csproj", """<ItemGroup><Using Include="System.Text" /></ItemGroup>""");
        await loaded.ChangedAsync("A.csproj", DiskChange.Changed);
        Assert.Empty(await ErrorsAsync());

        loaded.Write(".editorconfig", "root = true\n[*.cs]\ndotnet_diagnostic.CS0168.severity = error\n");
        await loaded.ChangedAsync(".editorconfig", DiskChange.Created);
        Assert.Contains("unused", Assert.Single(await ErrorsAsync()), StringComparison.Ordinal);

        loaded.Write(".editorconfig", "root = true\n[*.cs]\ndotnet_diagnostic.CS0168.severity = suggestion\n");
        await loaded.ChangedAsync(".editorconfig", DiskChange.Changed);
        Assert.Empty(await ErrorsAsync());

        Task<IReadOnlyList<string>> ErrorsAsync() => Semantics.ErrorsAsync(loaded.Take("A.cs"));
    }

    [Fact]
    public async Task A_project_that_others_refer_to_is_swapped_in_place()
    {
        await using var loaded = new LoadedWorkspace();
        loaded.WriteProject("Lib/Lib.csproj", "<PropertyGroup><DefineConstants>OLD</DefineConstants></PropertyGroup>");
        loaded.Write("Lib/Lib.cs", "#if NEW\npublic class Lib;\n#endif");
        loaded.WriteProject("App/App.csproj", """<ItemGroup><ProjectReference Include="../Lib/Lib.csproj" /></ItemGroup>""");
        loaded.Write("App/App.cs", "class App { Lib l = new(); }");
        await loaded.LoadAsync();
        Assert.NotEmpty(await Semantics.ErrorsAsync(loaded.Take("App/App.cs")));

        loaded.Write("Directory.Build.props", "<Project><PropertyGroup><Unused /></PropertyGroup></Project>");
        loaded.WriteProject("Lib/Lib.csproj", "<PropertyGroup><DefineConstants>NEW</DefineConstants></PropertyGroup>");
        await loaded.ChangedAsync("Directory.Build.props", DiskChange.Created);

        Assert.Empty(await Semantics.ErrorsAsync(loaded.Take("App/App.cs")));
        Assert.Equal(2, loaded.Take("App/App.cs").Document.Project.Solution.ProjectIds.Count);
    }

    [Fact]
    public async Task A_mended_project_file_loads()
    {
        await using var loaded = new LoadedWorkspace();
        loaded.Write("A.csproj", "<Project");
        var file = loaded.Write("A.cs", "class A;");
        await loaded.LoadAsync();
        Assert.False(loaded.Take("A.cs").IsProjectLoaded);

        loaded.WriteProject("A.csproj");
        await loaded.ChangedAsync("A.csproj", DiskChange.Changed);

        Assert.True(loaded.Take("A.cs").IsProjectLoaded);
        File.Delete(loaded.Path("A.csproj"));
        await loaded.ChangedAsync("A.csproj", DiskChange.Deleted);
        Assert.Null(loaded.Take("A.cs").Document.Project.FilePath);
        Assert.DoesNotContain(file, loaded.Workspace.SourceFiles);
    }

    [Fact]
    public async Task A_project_stays_as_it_was_while_its_file_is_broken()
    {
        await using var loaded = new LoadedWorkspace();
        var project = loaded.WriteProject("A.csproj");
        loaded.Write("A.cs", "class A { B b; }");
        loaded.Write("B.cs", "class B;");
        await loaded.LoadAsync();

        loaded.Write("A.csproj", "<Project");
        await loaded.ChangedAsync("A.csproj", DiskChange.Changed);

        Assert.True(loaded.Take("A.cs").IsProjectLoaded);
        Assert.Empty(await Semantics.ErrorsAsync(loaded.Take("A.cs")));
        Assert.StartsWith($"{project} cannot be read", Assert.Single(loaded.Notices).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_deleted_folder_takes_its_sources_along()
    {
        await using var loaded = new LoadedWorkspace();
        loaded.Write("A.cs", "class A;");
        loaded.Write("sub/B.cs", "class B;");
        await loaded.LoadAsync();

        Directory.Delete(loaded.Path("sub"), recursive: true);
        loaded.Workspace.FilesChanged([new(loaded.Path("sub"), DiskChange.Deleted)]);

        Assert.Equal([loaded.Path("A.cs")], loaded.Workspace.SourceFiles);
    }

    [Fact]
    public async Task A_file_that_comes_while_its_project_is_evaluated_is_not_lost()
    {
        await using var loaded = new LoadedWorkspace();
        loaded.WriteProject("A.csproj");
        loaded.Write("A.cs", "class A;");
        loaded.Workspace.Progressed += progress =>
        {
            // MSBuild has read the folder by now, and its answer is not in yet.
            if (progress.ProjectsDone == 1)
            {
                loaded.Write("Late.cs", "class Late;");
                loaded.Workspace.FilesChanged([new(loaded.Path("Late.cs"), DiskChange.Created)]);
            }
        };

        await loaded.LoadAsync();

        Assert.Equal([loaded.Path("A.cs"), loaded.Path("Late.cs")], loaded.Workspace.SourceFiles);
    }

    [Fact]
    public async Task A_project_that_changes_while_it_is_evaluated_is_evaluated_again()
    {
        await using var loaded = new LoadedWorkspace();
        loaded.WriteProject("A.csproj");
        loaded.Write("A.cs", "#if LATE\nclass A;\n#else\nclass A { Missing m; }\n#endif");
        var isFirst = true;
        loaded.Workspace.Progressed += progress =>
        {
            if (progress.ProjectsDone == 1 && isFirst)
            {
                isFirst = false;
                loaded.WriteProject("A.csproj", "<PropertyGroup><DefineConstants>LATE</DefineConstants></PropertyGroup>");
                loaded.Workspace.FilesChanged([new(loaded.Path("A.csproj"), DiskChange.Changed)]);
            }
        };

        await loaded.LoadAsync();
        await loaded.Workspace.WhenLoaded(loaded.Path("A.cs"), CancellationToken.None);

        Assert.Empty(await Semantics.ErrorsAsync(loaded.Take("A.cs")));
    }

    [Fact]
    public async Task The_directory_of_the_solution_is_known_to_a_project_that_is_evaluated_again()
    {
        await using var loaded = new LoadedWorkspace();
        loaded.Write("All.slnx", """<Solution><Project Path="A/A.csproj" /></Solution>""");
        loaded.Write("shared/Shared.cs", "class Shared;");
        loaded.WriteProject("A/A.csproj", """<ItemGroup><Compile Include="$(SolutionDir)shared/Shared.cs" /></ItemGroup>""");
        loaded.Write("A/A.cs", "class A { Shared? s; }");
        await loaded.LoadAsync();
        Assert.Empty(await Semantics.ErrorsAsync(loaded.Take("A/A.cs")));

        await loaded.ChangedAsync("A/A.csproj", DiskChange.Changed);

        Assert.Empty(await Semantics.ErrorsAsync(loaded.Take("A/A.cs")));
    }

    [Fact]
    public async Task A_restore_is_taken_up()
    {
        await using var loaded = new LoadedWorkspace();
        loaded.WriteProject("A.csproj", """<ItemGroup><PackageReference Include="Some.Package" Version="1.0.0" /></ItemGroup>""");
        loaded.Write("A.cs", "class A;");
        await loaded.LoadAsync();
        Assert.True(loaded.Take("A.cs").HasMissingReferences);

        // The package is taken out and the project restored; only the restore's own file is reported.
        loaded.WriteProject("A.csproj");
        await loaded.RestoreAsync("A.csproj");
        await loaded.ChangedAsync("obj/project.assets.json", DiskChange.Created);

        Assert.False(loaded.Take("A.cs").HasMissingReferences);
    }

    [Fact]
    public async Task Folders_come_and_go()
    {
        await using var loaded = new LoadedWorkspace();
        loaded.WriteProject("A.csproj");
        loaded.Write("A.cs", "class A;");
        using var other = new TemporaryFolder();
        Directory.CreateDirectory(Path.Combine(other.Path, ".git"));
        var file = other.Write("B.cs", "class B;");
        await loaded.LoadAsync();

        loaded.Workspace.FoldersChanged([other.Path], []);
        await loaded.Workspace.WhenLoaded(file, CancellationToken.None);
        Assert.Equal(new[] { loaded.Path("A.cs"), file }.Order(StringComparer.Ordinal), loaded.Workspace.SourceFiles);

        loaded.Workspace.FoldersChanged([], [loaded.Folder]);
        Assert.Equal([file], loaded.Workspace.SourceFiles);
    }
}
