using System.Diagnostics;
using CodeComplete.Memory.Indexing;
using CodeComplete.Testing;

namespace CodeComplete.Memory.Tests;

public sealed class IgnorePatternTests
{
    [Theory]
    // A name alone matches at any depth.
    [InlineData("foo", "foo", true)]
    [InlineData("foo", "a/b/foo", true)]
    [InlineData("foo", "food", false)]
    [InlineData("foo", "foo/bar", false)] // the folder matches, and so is not entered
    [InlineData("*.cs", "a/b.cs", true)]
    [InlineData("*.cs", "b.csx", false)]
    // A slash at the beginning or in the middle anchors.
    [InlineData("/foo", "foo", true)]
    [InlineData("/foo", "a/foo", false)]
    [InlineData("a/foo", "a/foo", true)]
    [InlineData("a/foo", "b/a/foo", false)]
    [InlineData("a/*", "a/b", true)]
    [InlineData("a/*", "a/b/c", false)]
    // A slash at the end means folders.
    [InlineData("foo/", "foo/", true)]
    [InlineData("foo/", "a/foo/", true)]
    [InlineData("foo/", "foo", false)]
    [InlineData("/a/foo/", "a/foo/", true)]
    // Two stars.
    [InlineData("**/foo", "foo", true)]
    [InlineData("**/foo", "a/b/foo", true)]
    [InlineData("**/a/foo", "x/a/foo", true)]
    [InlineData("a/**", "a/b/c", true)]
    [InlineData("a/**", "a/", false)]
    [InlineData("a/**/b", "a/b", true)]
    [InlineData("a/**/b", "a/x/y/b", true)]
    [InlineData("a/**/b", "a/x/c", false)]
    [InlineData("**/a/**/b/**/c", "x/a/b/y/b/c", true)]
    [InlineData("a**b", "axyb", true)]
    [InlineData("a**b", "ax/yb", false)]
    [InlineData("**", "a/b", true)]
    [InlineData("**/", "a/", true)]
    [InlineData("**/", "a", false)]
    // Within a name.
    [InlineData("f?o", "foo", true)]
    [InlineData("f?o", "f/o", false)]
    [InlineData("*a*b*c", "xxaxxbxxc", true)]
    [InlineData("*a*b*c", "xxaxxcxxb", false)]
    [InlineData("[fg]oo", "goo", true)]
    [InlineData("[!f]oo", "foo", false)]
    [InlineData("[^f]oo", "goo", true)]
    [InlineData("[a-c]x", "bx", true)]
    [InlineData("[a-c]x", "dx", false)]
    [InlineData("[]x]y", "]y", true)]
    [InlineData("[a-]y", "-y", true)]
    [InlineData("[[:digit:]]y", "7y", true)]
    [InlineData("[[:digit:]]y", "ay", false)]
    [InlineData("[a", "[a", false)]
    // Escapes, comments, blanks.
    [InlineData(@"\#foo", "#foo", true)]
    [InlineData("#foo", "#foo", false)]
    [InlineData(@"\!foo", "!foo", true)]
    [InlineData(@"fo\*", "fo*", true)]
    [InlineData(@"fo\*", "foo", false)]
    [InlineData("foo  ", "foo", true)]
    [InlineData(@"foo\ ", "foo ", true)]
    [InlineData("foo\r", "foo", true)]
    [InlineData("", "foo", false)]
    [InlineData("/", "foo/", false)]
    public void Patterns_match_as_git_documents(string line, string path, bool expected)
    {
        Assert.Equal(expected, Ignores(IgnoreScope.Parse([line]), path) == true);
    }

    [Fact]
    public void The_last_pattern_that_matches_decides()
    {
        var patterns = IgnoreScope.Parse(["*.cs", "!Keep.cs", "Sub/Keep.cs"]);

        Assert.True(Ignores(patterns, "Other.cs"));
        Assert.False(Ignores(patterns, "Keep.cs"));
        Assert.True(Ignores(patterns, "Sub/Keep.cs"));
        Assert.Null(Ignores(patterns, "notes.txt"));
    }

    [Fact]
    public void Case_counts_only_where_the_file_system_tells_it_apart()
    {
        Assert.True(IgnorePattern.Parse("Foo/B[a-c]r", ignoreCase: true)!.Matches("fOO/bBR", isFolder: false));
        Assert.False(IgnorePattern.Parse("Foo/B[a-c]r", ignoreCase: false)!.Matches("fOO/bBR", isFolder: false));
    }

    [Fact]
    public void A_hostile_pattern_is_matched_in_reasonable_time()
    {
        var pattern = IgnorePattern.Parse(string.Concat(Enumerable.Repeat("**/*a*a*a/", 30)) + "b", ignoreCase: false)!;

        // Exponential matching would not end; that this test ends is what it shows.
        Assert.False(pattern.Matches(string.Concat(Enumerable.Repeat(new string('a', 30) + "/", 60)) + "c", isFolder: false));
    }

    [Fact]
    public void Git_agrees_on_every_pattern_and_path()
    {
        Assert.SkipUnless(GitIsThere(), "git is not installed.");
        string[] names = ["a", "b", "ab", "a.cs", "[a"];
        string[] patterns =
        [
            .. "a|/a|a/|*/a|a/*|a/**|**/a|a/**/b|a/b|/a/b/|*b|a*|?|[ab]|[!a]|[^b]*|[|[a|[]a]|*.cs|**|**/|/**|a**|**b|*/*|/*/|a/**/**/b|**/**/a|a//b|//a|!a|\\a|\\|a\\".Split(
                '|'
            ),
        ];
        var paths = names
            .Concat(from x in names from y in names select $"{x}/{y}")
            .Concat(from y in names from z in names select $"a/{y}/{z}")
            .ToList();
        using var folder = new TemporaryFolder();
        Git(folder.Path, "", "init", "-q");

        foreach (var pattern in patterns)
        {
            folder.Write(".gitignore", pattern + "\n");
            var said = Git(folder.Path, string.Join('\0', paths) + "\0", "check-ignore", "--no-index", "--stdin", "-z")
                .Split('\0')
                .ToHashSet();
            var scope = IgnoreScope.OfWorkspace(folder.Path);
            foreach (var path in paths)
            {
                Assert.True(said.Contains(path) == IsIgnored(scope, path), $"'{pattern}' on '{path}': git says {said.Contains(path)}");
            }
        }
    }

    private static bool? Ignores(IgnorePattern[] patterns, string path) =>
        IgnoreScope.Decide(patterns, path.TrimEnd('/'), path.EndsWith('/'));

    // Git takes a path for a file where nothing is on disk.
    private static bool IsIgnored(IgnoreScope scope, string path)
    {
        var names = path.Split('/');
        foreach (var name in names.SkipLast(1))
        {
            if (scope.Ignores(name, isFolder: true))
            {
                return true;
            }

            scope = scope.Enter(name);
        }

        return scope.Ignores(names[^1], isFolder: false);
    }

    private static bool GitIsThere() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .Any(folder => File.Exists(Path.Combine(folder, "git")));

    private static string Git(string folder, string input, params string[] arguments)
    {
        var start = new ProcessStartInfo("git", arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        using var git = Process.Start(start)!;
        git.StandardInput.Write(input);
        git.StandardInput.Close();
        var output = git.StandardOutput.ReadToEnd();
        git.WaitForExit();
        return output;
    }
}
