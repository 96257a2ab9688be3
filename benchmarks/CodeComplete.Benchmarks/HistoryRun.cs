using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using CodeComplete.Engine.Evaluation;
using CodeComplete.Memory;
using CodeComplete.Memory.Snippets;
using CodeComplete.Testing;

namespace CodeComplete.Benchmarks;

/// <summary>
/// <c>history DIR[,DIR...] [COMMITS] [SEED]</c>: what the memory gains from what its user does. The newest commits of a git repository are made again
/// in their order, in one workspace with one memory. In each commit of a few files, the lines that it adds to all files but one count as typed just
/// now, and lines that it adds to that one are asked for: do the names that the file does not have yet stand in what is recalled within 300 tokens?
/// Then the commit is whole, and every line that it added counts as an accepted suggestion: so what was accepted is of the commits before.
/// </summary>
internal static partial class HistoryRun
{
    private const int MostFiles = 8;
    private const int LinesOfCommit = 6;
    private const int ShortestLine = 12;
    private const int Budget = 300;
    private const double CharactersOfToken = 3.5;

    private static readonly (string Name, RecallSources Sources)[] Ways =
    [
        ("all", RecallSources.Default),
        ("all but recent edits", RecallSources.Default & ~RecallSources.RecentEdits),
        ("all but accepted", RecallSources.Default & ~RecallSources.Accepted),
        ("neither", RecallSources.Default & ~RecallSources.RecentEdits & ~RecallSources.Accepted),
        ("recent edits alone", RecallSources.RecentEdits),
        ("accepted alone", RecallSources.Accepted),
    ];

    private static readonly List<double>[] Times = [.. Ways.Select(static _ => new List<double>())];

    /// <summary>A file of a commit.</summary>
    /// <param name="Added">The lines it adds, from 0.</param>
    private sealed record ChangedFile(string Path, string Text, IReadOnlyList<int> Added);

    public static async Task<int> RunAsync(string[] repositories, int commits, int seed)
    {
        var random = new Random(seed);
        var shares = Ways.Select(static _ => new List<Portion>()).ToList();
        foreach (var repository in repositories)
        {
            var before = shares[0].Count;
            var asked = await ReplayAsync(repository, commits, random, shares);
            Console.WriteLine($"{repository}: {shares[0].Count - before} lines with names new to their file, of {asked} commits");
        }

        Console.WriteLine($"{shares[0].Count} lines, seed {seed}");
        foreach (var (way, (name, _)) in Ways.Index())
        {
            Console.WriteLine(
                $"{name, -22} new names recalled, share, % {Evaluated.Percent(shares[way], seed), 22}   all minus this {Evaluated.PercentDifference(shares[0], shares[way], seed), 22}   ms p50 {Percentile.Of(Times[way], 0.5):0.0} p95 {Percentile.Of(Times[way], 0.95):0.0}"
            );
        }

        return 0;
    }

    /// <returns>In how many commits lines were asked for.</returns>
    private static async Task<int> ReplayAsync(string repository, int commits, Random random, List<List<Portion>> shares)
    {
        using var folder = new TemporaryFolder();
        var root = Path.Combine(folder.Path, "workspace");
        Directory.CreateDirectory(root);
        var options = new MemoryOptions { WorkspaceRoot = root, DataDirectory = Path.Combine(folder.Path, "data") };
        var tree = new Git(repository, root, Path.Combine(folder.Path, "git-index"));
        string[] newest =
        [
            .. tree.Run("log", "--no-merges", "--format=%H", $"-{commits}", "--diff-filter=M", "--", "*.cs")
                .Split('\n', StringSplitOptions.RemoveEmptyEntries),
        ];
        var asked = 0;
        foreach (var commit in newest.Reverse())
        {
            tree.Run("checkout", "--quiet", "--no-overlay", "--force", $"{commit}~1", "--", ":(glob)**/*.cs");
            var files = Changed(tree, commit);

            // Opened anew, as on another day: nothing typed before counts as recent.
            await using var memory = ProjectMemory.Open(options);
            await new WorkspaceIndexer(memory).RunAsync(null, CancellationToken.None);
            if (files.Count is >= 2 and <= MostFiles)
            {
                var last = files[random.Next(files.Count)];
                foreach (var file in files.Where(file => file != last))
                {
                    memory.Put(file.Path, file.Text);
                    foreach (var line in file.Added)
                    {
                        memory.NoteEdit(file.Path, line);
                    }
                }

                int[] lines = [.. last.Added];
                random.Shuffle(lines);
                foreach (var line in lines.Take(LinesOfCommit))
                {
                    Ask(memory, last, line, shares);
                }

                asked++;
            }

            foreach (var file in files)
            {
                Accept(memory, file);
            }
        }

        return asked;
    }

    private static void Accept(ProjectMemory memory, ChangedFile file)
    {
        var lines = file.Text.Split('\n');
        foreach (var line in file.Added)
        {
            var text = lines[line].Trim();
            memory.RecordAcceptance(
                new Acceptance
                {
                    Path = file.Path,
                    Before = lines[line][..lines[line].IndexOf(text, StringComparison.Ordinal)],
                    Text = text,
                    When = DateTimeOffset.UtcNow,
                    Kind = AcceptanceKind.Accepted,
                }
            );
        }
    }

    private static void Ask(ProjectMemory memory, ChangedFile file, int line, List<List<Portion>> shares)
    {
        const int before = 25;
        const int after = 6;
        var lines = file.Text.Split('\n');
        var indentation = lines[line][..^lines[line].TrimStart().Length];
        string[] without = [.. lines[..line], indentation, .. lines[(line + 1)..]];
        var known = Names(string.Join('\n', without));
        string[] wanted = [.. Names(lines[line]).Where(name => !known.Contains(name))];
        if (wanted.Length == 0)
        {
            return;
        }

        var (first, end) = (Math.Max(0, line - before), Math.Min(lines.Length, line + after));
        var query = new RecallQuery
        {
            Text = string.Join('\n', without[(line + 1)..end].Concat(without[first..(line + 1)])),
            Path = file.Path,
            OwnText = string.Join('\n', without),
            OwnLines = new LineRange(first, end),
            MaxSnippets = 6,
            Cost = static snippet => (int)((snippet.Path.Length + snippet.Text.Length) / CharactersOfToken),
            Budget = Budget,
        };
        foreach (var (way, (_, sources)) in Ways.Index())
        {
            var answer = memory.Recall(query with { Sources = sources });
            Times[way].Add(answer.Elapsed.TotalMilliseconds);
            var recalled = Names(string.Join('\n', answer.Snippets.Select(static s => s.Text)));
            shares[way].Add(new Portion((double)wanted.Count(recalled.Contains) / wanted.Length, Below: 1));
        }
    }

    private static List<ChangedFile> Changed(Git repository, string commit)
    {
        var files = new List<ChangedFile>();
        var paths = repository.Run("diff-tree", "-r", "--no-commit-id", "--name-only", "--diff-filter=M", commit, "--", "*.cs");
        foreach (var path in paths.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var text = repository.Run("show", $"{commit}:{path}").ReplaceLineEndings("\n");
            var lines = text.Split('\n');
            var added = Hunk()
                .Matches(repository.Run("diff", "-U0", $"{commit}~1", commit, "--", path))
                .SelectMany(static hunk =>
                    Enumerable.Range(
                        int.Parse(hunk.Groups["from"].Value, CultureInfo.InvariantCulture) - 1,
                        hunk.Groups["count"].Success ? int.Parse(hunk.Groups["count"].Value, CultureInfo.InvariantCulture) : 1
                    )
                )
                .Where(line =>
                    lines[line].Trim() is { Length: >= ShortestLine } code
                    && !code.StartsWith("//", StringComparison.Ordinal)
                    && !code.StartsWith("using ", StringComparison.Ordinal)
                )
                .ToList();
            if (added.Count > 0)
            {
                files.Add(new ChangedFile(path, text, added));
            }
        }

        return files;
    }

    private static HashSet<string> Names(string text)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var scanner = new IdentifierScanner(text);
        while (scanner.MoveNext())
        {
            if (SnippetCutter.Counts(scanner.Current))
            {
                names.Add(scanner.Current.ToString());
            }
        }

        return names;
    }

    [GeneratedRegex(
        @"^@@ \S+ \+(?<from>\d+)(,(?<count>\d+))? @@",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        1000
    )]
    private static partial Regex Hunk();

    /// <summary>Runs git over a repository's objects, with a work tree and an index of its own.</summary>
    private sealed class Git(string repository, string workTree, string index)
    {
        public string Run(params string[] arguments)
        {
            var start = new ProcessStartInfo("git") { UseShellExecute = false, RedirectStandardOutput = true };
            var directory = Directory.Exists(Path.Combine(repository, ".git")) ? Path.Combine(repository, ".git") : repository;
            foreach (var argument in (string[])["--git-dir", directory, "--work-tree", workTree, .. arguments])
            {
                start.ArgumentList.Add(argument);
            }

            start.WorkingDirectory = workTree;
            start.Environment["GIT_INDEX_FILE"] = index;
            using var process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0
                ? output
                : throw new InvalidOperationException(
                    $"git {string.Join(' ', arguments)} failed in '{repository}': see its message above."
                );
        }
    }
}
