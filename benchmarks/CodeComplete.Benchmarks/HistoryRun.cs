using System.Diagnostics;
using System.Formats.Tar;
using System.Globalization;
using System.Text.RegularExpressions;
using CodeComplete.Engine.Evaluation;
using CodeComplete.Memory;
using CodeComplete.Memory.Snippets;
using CodeComplete.Testing;

namespace CodeComplete.Benchmarks;

/// <summary>
/// <c>history DIR [COMMITS] [SEED]</c>: what the memory gains from what its user does. Commits of a git repository are made again, file by file, on
/// the state before them: the lines that a commit adds to its other files count as typed just now, and as accepted suggestions; then lines that it
/// adds to one file are asked for. Per line: do the names that the file does not have yet stand in what is recalled within 300 tokens?
/// </summary>
internal static partial class HistoryRun
{
    private const int MostFiles = 8;
    private const int LinesOfFile = 3;
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

    /// <summary>A file of a commit.</summary>
    /// <param name="Added">The lines it adds, from 0.</param>
    private sealed record ChangedFile(string Path, string Text, IReadOnlyList<int> Added);

    public static async Task<int> RunAsync(string repository, int commits, int seed)
    {
        var random = new Random(seed);
        string[] all =
        [
            .. Git(repository, "log", "--no-merges", "--format=%H", "--diff-filter=M", "--", "*.cs")
                .Split('\n', StringSplitOptions.RemoveEmptyEntries),
        ];
        random.Shuffle(all);
        var shares = Ways.Select(static _ => new List<Portion>()).ToList();
        var replayed = 0;
        foreach (var commit in all)
        {
            var files = Changed(repository, commit);
            if (files.Count is < 2 or > MostFiles)
            {
                continue;
            }

            await ReplayAsync(repository, commit, files, random, shares);
            if (++replayed == commits)
            {
                break;
            }
        }

        Console.WriteLine(
            $"{shares[0].Count} lines with names new to their file, of {replayed} commits of {Path.GetFileName(repository)}, seed {seed}"
        );
        foreach (var (way, (name, _)) in Ways.Index())
        {
            Console.WriteLine(
                $"{name, -22} new names recalled, share, % {Evaluated.Percent(shares[way], seed), 22}   all minus this {Evaluated.PercentDifference(shares[0], shares[way], seed), 22}"
            );
        }

        return 0;
    }

    private static async Task ReplayAsync(
        string repository,
        string commit,
        IReadOnlyList<ChangedFile> files,
        Random random,
        List<List<Portion>> shares
    )
    {
        using var folder = new TemporaryFolder();
        var root = Path.Combine(folder.Path, "workspace");
        var archive = Path.Combine(folder.Path, "before.tar");
        Git(repository, "archive", "--format=tar", "-o", archive, commit + "~1", ":(glob)**/*.cs");
        Directory.CreateDirectory(root);
        await TarFile.ExtractToDirectoryAsync(archive, root, overwriteFiles: false);
        foreach (var asked in files)
        {
            await using var memory = ProjectMemory.Open(
                new MemoryOptions { WorkspaceRoot = root, DataDirectory = Path.Combine(folder.Path, "data", asked.Path.Replace('/', '_')) }
            );
            await new WorkspaceIndexer(memory).RunAsync(null, CancellationToken.None);
            foreach (var other in files.Where(file => file != asked))
            {
                Do(memory, other);
            }

            int[] lines = [.. asked.Added];
            random.Shuffle(lines);
            foreach (var line in lines.Take(LinesOfFile))
            {
                Ask(memory, asked, line, shares);
            }
        }
    }

    private static void Do(ProjectMemory memory, ChangedFile file)
    {
        memory.Put(file.Path, file.Text);
        var lines = file.Text.Split('\n');
        foreach (var line in file.Added)
        {
            memory.NoteEdit(file.Path, line);
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
            var recalled = Names(string.Join('\n', memory.Recall(query with { Sources = sources }).Snippets.Select(static s => s.Text)));
            shares[way].Add(new Portion((double)wanted.Count(recalled.Contains) / wanted.Length, Below: 1));
        }
    }

    private static List<ChangedFile> Changed(string repository, string commit)
    {
        var files = new List<ChangedFile>();
        var paths = Git(repository, "diff-tree", "-r", "--no-commit-id", "--name-only", "--diff-filter=M", commit, "--", "*.cs");
        foreach (var path in paths.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var text = Git(repository, "show", $"{commit}:{path}").ReplaceLineEndings("\n");
            var lines = text.Split('\n');
            var added = Hunk()
                .Matches(Git(repository, "diff", "-U0", $"{commit}~1", commit, "--", path))
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

    private static string Git(string repository, params string[] arguments)
    {
        var start = new ProcessStartInfo("git") { UseShellExecute = false, RedirectStandardOutput = true };
        foreach (var argument in (string[])["-C", repository, .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException($"git {string.Join(' ', arguments)} failed in '{repository}': see its message above.");
    }

    [GeneratedRegex(
        @"^@@ \S+ \+(?<from>\d+)(,(?<count>\d+))? @@",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        1000
    )]
    private static partial Regex Hunk();
}
