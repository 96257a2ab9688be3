using CodeComplete.Engine.Evaluation;
using CodeComplete.Testing;

namespace CodeComplete.Engine.Tests.Evaluation;

/// <summary>
/// What a case asks for is nowhere to be found while it runs. The files of the cases have copies beside them, as vendored code has: one to the
/// letter and one that was edited elsewhere. Whoever remembers these remembers the answers.
/// </summary>
public sealed class LeakTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Cases = 3;
    private const int Seed = 5;
    private const string Header = "// Taken from another repository.\n";

    private readonly TemporaryFolder _workspace = new();
    private readonly TemporaryFolder _data = new();
    private CompletionEngine _engine = null!;
    private IReadOnlyList<EvaluationCase> _cases = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Copy(SampleEngine.Root, _workspace.Path);
        _engine = await StartAsync(_workspace.Path, _data.Path);
        _cases = await Runner(_engine, _workspace.Path).MakeAsync(Cases, Seed, Cancellation);
        foreach (var made in _cases)
        {
            Vendor(_workspace.Path, made.File, File.ReadAllText(Path.Combine(_workspace.Path, made.File)));
        }

        await ReadAgainAsync(FileChangeKind.Created);
    }

    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        _data.Dispose();
        _workspace.Dispose();
    }

    [Fact]
    public async Task A_copy_edited_by_hand_gives_the_same_prediction()
    {
        var shown = 0;
        foreach (var made in _cases)
        {
            var predicted = await Runner(_engine, _workspace.Path).RunAsync(made, ChainParts.All, Cancellation);

            using var copy = new TemporaryFolder();
            using var data = new TemporaryFolder();
            Copy(_workspace.Path, copy.Path);
            var file = Path.Combine(copy.Path, made.File);
            var edited = File.ReadAllText(file).Remove(made.Offset, made.Groundtruth.Length);
            File.WriteAllText(file, edited);
            Vendor(copy.Path, made.File, edited);
            await using var other = await StartAsync(copy.Path, data.Path);
            var byHand = await AskAsync(other, file, edited, made.Offset);

            output.WriteLine($"{made.Kind} {made.File}: '{predicted.Prediction}' and '{byHand}', wanted '{made.Groundtruth}'");
            Assert.Equal(byHand, predicted.Prediction);
            shown += predicted.Shown ? 1 : 0;
        }

        Assert.Equal(Cases, _cases.Count);
        Assert.True(shown > 0, "nothing was predicted anywhere, so nothing was compared");
    }

    [Fact]
    public async Task Another_groundtruth_of_the_same_length_gives_the_same_prediction()
    {
        foreach (var made in _cases)
        {
            var predicted = await Runner(_engine, _workspace.Path).RunAsync(made, ChainParts.All, Cancellation);

            var file = Path.Combine(_workspace.Path, made.File);
            var text = await File.ReadAllTextAsync(file, Cancellation);
            var other = made with { Groundtruth = string.Concat(made.Groundtruth.Select(Turned)) };
            await PutAsync(made.File, text.Remove(made.Offset, made.Groundtruth.Length).Insert(made.Offset, other.Groundtruth));
            var again = await Runner(_engine, _workspace.Path).RunAsync(other, ChainParts.All, Cancellation);
            await PutAsync(made.File, text);

            output.WriteLine(
                $"{made.Kind} {made.File}: '{predicted.Prediction}' and '{again.Prediction}', wanted '{other.Groundtruth}' for '{made.Groundtruth}'"
            );
            Assert.Equal(predicted.Prediction, again.Prediction);
        }
    }

    [Fact]
    public async Task After_a_case_the_memory_knows_its_line_again()
    {
        var made = _cases[0];
        var line = (await File.ReadAllLinesAsync(Path.Combine(_workspace.Path, made.File), Cancellation)).First(l =>
            l.TrimEnd().EndsWith(made.Groundtruth, StringComparison.Ordinal)
        );
        var memory = _engine.Memories.For(_workspace.Path + "/Any.cs")!;
        var query = new Memory.RecallQuery
        {
            Text = line,
            Path = "Any.cs",
            MaxSnippets = 20,
        };
        var before = memory.Recall(query).Snippets.Select(s => (s.Path, s.StartLine, s.Text)).ToList();

        await Runner(_engine, _workspace.Path).RunAsync(made, ChainParts.All, Cancellation);

        Assert.Contains(before, s => s.Text.Contains(made.Groundtruth, StringComparison.Ordinal));
        Assert.Equal(before, memory.Recall(query).Snippets.Select(s => (s.Path, s.StartLine, s.Text)));
    }

    private static CaseRunner Runner(CompletionEngine engine, string root) => new(engine, root, TimeSpan.FromMinutes(3));

    private static async Task<CompletionEngine> StartAsync(string root, string data)
    {
        var engine = CompletionEngine.Start(
            new EngineOptions
            {
                WorkspaceFolders = [root],
                DataDirectory = data,
                Settings = EngineSettings.Default with { Provider = "cpu" },
            }
        );
        Assert.Empty(
            await engine.WhenReadyAsync(
                Path.Combine(root, "src", "Clinic.Domain", "Common", "Money.cs"),
                TimeSpan.FromMinutes(3),
                Cancellation
            )
        );
        return engine;
    }

    private static async Task<string> AskAsync(CompletionEngine engine, string file, string text, int offset)
    {
        Assert.Empty(await engine.WhenReadyAsync(file, TimeSpan.FromMinutes(3), Cancellation));
        engine.Open(file, 1, text);
        var before = text[..offset].Split('\n');
        var answer = await engine.CompleteInlineAsync(
            new GhostRequest(file, new Position(before.Length - 1, before[^1].Length), Invoked: true),
            Cancellation
        );
        return answer.Ghost?.Text.Split('\n')[0].TrimEnd() ?? "";
    }

    private async Task PutAsync(string file, string text)
    {
        await File.WriteAllTextAsync(Path.Combine(_workspace.Path, file), text, Cancellation);
        Vendor(_workspace.Path, file, text);
        await ReadAgainAsync(FileChangeKind.Changed);
    }

    /// <summary>Copies of a file that no project compiles.</summary>
    private static void Vendor(string root, string file, string text)
    {
        var name = file.Replace('/', '.');
        Directory.CreateDirectory(Path.Combine(root, "vendor"));
        File.WriteAllText(Path.Combine(root, "vendor", name), text);
        File.WriteAllText(Path.Combine(root, "vendor", "edited." + name), Header + text + "\n// The end.\n");
    }

    private async Task ReadAgainAsync(FileChangeKind kind)
    {
        _engine.FilesChanged([
            .. Directory.EnumerateFiles(Path.Combine(_workspace.Path, "vendor")).Select(path => new FileChange(path, kind)),
            .. _cases.Select(made => new FileChange(Path.Combine(_workspace.Path, made.File), FileChangeKind.Changed)),
        ]);
        await _engine.Settled;
    }

    /// <summary>Another letter of the same case, so that no name stays what it was.</summary>
    private static char Turned(char c) =>
        c switch
        {
            >= 'a' and <= 'z' => (char)('a' + (c - 'a' + 13) % 26),
            >= 'A' and <= 'Z' => (char)('A' + (c - 'A' + 13) % 26),
            _ => c,
        };

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var relative = Path.GetRelativePath(from, file);
            if (!relative.Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin"))
            {
                var target = Path.Combine(to, relative);
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                File.Copy(file, target);
            }
        }
    }
}
