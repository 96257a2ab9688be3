using System.Globalization;
using System.Text;
using CodeComplete.Testing;

namespace CodeComplete.Benchmarks;

/// <summary>
/// <c>projects [COUNT]</c>: a solution of so many small projects that refer to each other in a tree with chains of four, not restored, opened in a
/// spawned server: what it takes from the process's start to a list in the last project that holds a member of the first, and what it holds then.
/// </summary>
internal static class ProjectsRun
{
    private const int FilesEach = 5;

    public static async Task<int> RunAsync(int count)
    {
        using var folder = new TemporaryFolder();
        using var data = new TemporaryFolder();
        var place = Write(folder, count);
        await using var server = ListServer.Start(
            "ours",
            Product.Dotnet,
            Product.Arguments("lsp", "--stdio", "--provider", "cpu", "--data-dir", data.Path)
        );
        var start = await server.BeginAsync(folder.Path, place, untilUseful: true);
        Console.WriteLine(
            $"{count} projects, {count * FilesEach} files: start to the first list with a member of the first project {start.Useful:0} ms, "
                + $"to the list that stays ({start.Items} items) {start.Complete:0} ms; resident then {start.Megabytes} MB, "
                + $"processes that it started {start.ChildMegabytes} MB"
        );
        return start.Useful is null ? 1 : 0;
    }

    private static ListPlace Write(TemporaryFolder folder, int count)
    {
        var solution = new StringBuilder("<Solution>");
        for (var i = 0; i < count; i++)
        {
            var above = (i - 1) / 2;
            IEnumerable<int> references =
                i == 0 ? []
                : i % 4 == 0 || above == i - 1 ? [above]
                : [above, i - 1];
            folder.Write(
                $"P{i}/P{i}.csproj",
                $"""
                <Project Sdk="Microsoft.NET.Sdk">
                  <PropertyGroup><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings></PropertyGroup>
                  <ItemGroup>{string.Concat(
                    references.Select(of => $"""<ProjectReference Include="../P{of}/P{of}.csproj" />""")
                )}</ItemGroup>
                </Project>
                """
            );
            for (var file = 0; file < FilesEach; file++)
            {
                folder.Write($"P{i}/C{file}.cs", Class(i, file, i == 0 ? "" : $" : P{above}.C{file}"));
            }

            solution.Append(CultureInfo.InvariantCulture, $"<Project Path=\"P{i}/P{i}.csproj\" />");
        }

        folder.Write("Many.slnx", solution.Append("</Solution>").ToString());
        const string Before = "class Last : C0 { int Sum() => this.";
        var path = folder.Write($"P{count - 1}/Last.cs", $"namespace P{count - 1};\n{Before} }}\n");
        return new ListPlace(
            "after a dot",
            path,
            File.ReadAllText(path),
            $"namespace P{count - 1};\n{Before}".Length,
            Line: 1,
            Before.Length,
            "Size0x0"
        );
    }

    private static string Class(int project, int file, string bases)
    {
        var members = Enumerable
            .Range(0, 10)
            .Select(i =>
                $"    public int Size{project}x{i} {{ get; set; }}\n\n    public int Count{project}x{i}(int by) => Size{project}x{i} * by;\n"
            );
        return $"namespace P{project};\n\npublic class C{file}{bases}\n{{\n{string.Join('\n', members)}}}\n";
    }
}
