using CodeComplete.Testing;

namespace CodeComplete.Engine.Tests;

/// <summary>The sample is what the tests take it for: many different files, with build files of its own.</summary>
public class SampleTests
{
    [Fact]
    public void No_two_files_share_over_thirty_percent_of_their_lines()
    {
        var files = Directory
            .EnumerateFiles(SampleEngine.Root, "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Split(Path.DirectorySeparatorChar).Any(s => s is "obj" or "bin"))
            .Select(f =>
                (
                    File: f,
                    Lines: File.ReadLines(f).Select(l => l.Trim()).Where(l => l.Any(char.IsLetterOrDigit)).ToHashSet(StringComparer.Ordinal)
                )
            )
            .ToList();

        Assert.True(files.Count >= 100);
        var alike =
            from i in Enumerable.Range(0, files.Count)
            from j in Enumerable.Range(i + 1, files.Count - i - 1)
            let shared = files[i].Lines.Count(files[j].Lines.Contains)
            where shared > 0.3 * Math.Min(files[i].Lines.Count, files[j].Lines.Count)
            select $"{files[i].File} and {files[j].File} share {shared} lines";
        Assert.Empty(alike);
    }

    [Fact]
    public void It_inherits_none_of_our_build_files()
    {
        Assert.All(
            ["Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props", ".editorconfig"],
            name =>
            {
                var text = File.ReadAllText(Path.Combine(Repository.Fixtures, "Clinic", name));
                Assert.DoesNotContain("GetPathOfFileAbove", text, StringComparison.Ordinal);
            }
        );
        Assert.Contains(
            "root = true",
            File.ReadAllText(Path.Combine(Repository.Fixtures, "Clinic", ".editorconfig")),
            StringComparison.Ordinal
        );
    }
}
