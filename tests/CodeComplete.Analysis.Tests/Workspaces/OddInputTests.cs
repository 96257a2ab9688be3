using System.Globalization;
using System.Text;
using CodeComplete.Testing;

namespace CodeComplete.Analysis.Tests;

/// <summary>Files and solutions of kinds that are rare, but there.</summary>
public sealed class OddInputTests
{
    public static TheoryData<string> Encodings => ["utf-8", "utf-16", "utf-16BE", "utf-32", "iso-8859-1"];

    [Theory]
    [MemberData(nameof(Encodings))]
    public async Task A_file_in_another_encoding_is_read_as_it_was_written(string name)
    {
        await using var loaded = new LoadedWorkspace();
        loaded.WriteProject("A.csproj");
        loaded.Write("Uses.cs", "class Uses { int Size => new Größe().Länge; }");
        // All but UTF-8 and Latin-1 begin with their mark.
        await File.WriteAllTextAsync(
            loaded.Path("Größe.cs"),
            "class Größe { public int Länge; }\r\n",
            name == "utf-8" ? new UTF8Encoding(false) : Encoding.GetEncoding(name)
        );
        await loaded.LoadAsync();

        Assert.Equal("class Größe { public int Länge; }\r\n", loaded.Take("Größe.cs").Text.ToString());
        Assert.Empty(await Semantics.ErrorsAsync(loaded.Take("Uses.cs")));
    }

    [Fact]
    public async Task Files_of_one_name_in_two_projects_are_two_files()
    {
        await using var loaded = new LoadedWorkspace();
        foreach (var project in new[] { "One", "Two" })
        {
            loaded.WriteProject($"{project}/{project}.csproj");
            loaded.Write($"{project}/Program.cs", $"class {project} {{ }}");
        }

        await loaded.LoadAsync();
        loaded.Workspace.Open(loaded.Path("One/Program.cs"), 1, "class One { Two two; }");
        Assert.NotEmpty(await Semantics.ErrorsAsync(loaded.Take("One/Program.cs")));
        Assert.Equal("class Two { }", loaded.Take("Two/Program.cs").Text.ToString());

        loaded.Workspace.Change(loaded.Path("One/Program.cs"), 2, [new BufferEdit(null, "class One { One one = new(); }")]);
        Assert.Empty(await Semantics.ErrorsAsync(loaded.Take("One/Program.cs")));
        Assert.Equal(["One", "Two"], new[] { "One", "Two" }.Select(name => loaded.Take($"{name}/Program.cs").Document.Project.Name));
    }

    [Fact]
    public async Task A_file_with_mixed_line_ends_and_characters_of_two_units_binds_where_the_editor_says()
    {
        await using var loaded = new LoadedWorkspace();
        loaded.WriteProject("A.csproj");
        const string Text = "class A\r\n{\n    string s = \"😀é\";\r    int Size => s.Length; /* 😀 */ int Next => Size;\n}\r\n";
        var file = loaded.Write("A.cs", Text);
        await loaded.LoadAsync();
        loaded.Workspace.Open(file, 1, Text);

        // Behind the second smiley, on the line that a bare carriage return begins.
        var line = "    int Size => s.Length; /* 😀 */ int Next => Size;";
        var at = line.LastIndexOf("Size", StringComparison.Ordinal);
        loaded.Workspace.Change(file, 2, [new BufferEdit(new BufferRange(3, at, 3, at + 4), "s.Length")]);

        Assert.Equal(Text.Replace("Next => Size", "Next => s.Length", StringComparison.Ordinal), loaded.Take("A.cs").Text.ToString());
        Assert.Empty(await Semantics.ErrorsAsync(loaded.Take("A.cs")));
        var list = await ItemLister.ListAsync(
            loaded.Take("A.cs"),
            Text.IndexOf("Next => ", StringComparison.Ordinal) + "Next => s.".Length,
            typed: null,
            TestContext.Current.CancellationToken
        );
        Assert.Contains(list.Items, item => item.Label == "Length");
    }

    [Fact]
    public async Task Of_two_solutions_in_a_folder_both_count_and_what_both_name_is_one_project()
    {
        await using var loaded = new LoadedWorkspace();
        foreach (var project in new[] { "One", "Both", "Two" })
        {
            loaded.WriteProject($"{project}/{project}.csproj");
            loaded.Write($"{project}/{project}.cs", $"class {project};");
        }

        loaded.Write("One.slnx", """<Solution><Project Path="One/One.csproj" /><Project Path="Both/Both.csproj" /></Solution>""");
        loaded.Write("Two.slnx", """<Solution><Project Path="Two/Two.csproj" /><Project Path="Both/Both.csproj" /></Solution>""");

        await loaded.LoadAsync();

        Assert.Equal(3, loaded.Workspace.SourceFiles.Count);
        Assert.All(["One", "Both", "Two"], project => Assert.True(loaded.Take($"{project}/{project}.cs").IsProjectLoaded));
        Assert.Equal(3, loaded.Take("Both/Both.cs").Document.Project.Solution.ProjectIds.Count);
        Assert.Empty(loaded.Notices);
    }

    [Fact]
    public async Task A_reference_to_a_project_that_is_not_there_leaves_the_rest_and_is_not_judged()
    {
        await using var loaded = new LoadedWorkspace();
        loaded.WriteProject(
            "A/A.csproj",
            """<ItemGroup><ProjectReference Include="../Gone/Gone.csproj" /><ProjectReference Include="../B/B.csproj" /></ItemGroup>"""
        );
        loaded.Write("A/A.cs", "class A { B b = new(); }");
        loaded.WriteProject("B/B.csproj");
        loaded.Write("B/B.cs", "public class B;");

        await loaded.LoadAsync();

        Assert.Empty(await Semantics.ErrorsAsync(loaded.Take("A/A.cs")));
        Assert.True(loaded.Take("A/A.cs").HasMissingReferences);
        Assert.False(loaded.Take("B/B.cs").HasMissingReferences);
        Assert.Contains("Gone.csproj", Assert.Single(loaded.Notices).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_solution_of_many_projects_loads_whole_the_open_files_first()
    {
        // 200 take a minute.
        var count = LongTests.Wanted ? 200 : 20;
        await using var loaded = new LoadedWorkspace();
        var solution = new StringBuilder("<Solution>");
        for (var i = 0; i < count; i++)
        {
            var references = References(i).Select(of => $"""<ProjectReference Include="../P{of}/P{of}.csproj" />""");
            loaded.WriteProject($"P{i}/P{i}.csproj", $"<ItemGroup>{string.Concat(references)}</ItemGroup>");
            var above = i == 0 ? "" : $" : C{(i - 1) / 2}";
            loaded.Write($"P{i}/C.cs", $"public class C{i}{above} {{ public int Size{i}; }}");
            solution.Append(CultureInfo.InvariantCulture, $"<Project Path=\"P{i}/P{i}.csproj\" />");
        }

        loaded.Write("Many.slnx", solution.Append("</Solution>").ToString());
        var last = loaded.Path($"P{count - 1}/C.cs");
        var needed = Reached(count - 1);
        var inTime = false;
        loaded.Workspace.Progressed += progress =>
        {
            if (progress.ProjectsDone == needed.Count + 1)
            {
                inTime = loaded.Workspace.Take(last)!.IsProjectLoaded;
            }
        };

        var text = $"public class C{count - 1} : C{(count - 2) / 2} {{ int Sum => Size0; }}";
        loaded.Workspace.Open(last, 1, text);
        await loaded.LoadAsync();

        Assert.True(inTime, "The open file's project is there before any that it does not need.");
        Assert.Empty(loaded.Notices);
        Assert.Equal(count, loaded.Workspace.SourceFiles.Count);
        Assert.Contains(loaded.Progress, progress => progress.ProjectsDone == count && progress.ProjectsTotal == count);
        Assert.Equal(LoadState.Ready, loaded.Progress[^1].State);
        Assert.True(loaded.Take("P0/C.cs").IsProjectLoaded);

        // What the first project declares reaches the last one through all between them.
        Assert.Empty(await Semantics.ErrorsAsync(loaded.Take(last)));
        Assert.False(loaded.Take(last).HasMissingReferences);
        var list = await ItemLister.ListAsync(
            loaded.Take(last),
            text.IndexOf("Size0", StringComparison.Ordinal),
            typed: null,
            TestContext.Current.CancellationToken
        );
        Assert.Contains(list.Items, item => item.Label == "Size0");

        // A tree, and chains of four in it.
        static IEnumerable<int> References(int of) =>
            of == 0 ? []
            : of % 4 == 0 || of == 1 ? [(of - 1) / 2]
            : [(of - 1) / 2, of - 1];

        static HashSet<int> Reached(int from) => [from, .. References(from).SelectMany(Reached)];
    }
}
