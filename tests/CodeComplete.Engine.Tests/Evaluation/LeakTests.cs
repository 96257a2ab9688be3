using CodeComplete.Engine.Evaluation;
using CodeComplete.Testing;

namespace CodeComplete.Engine.Tests.Evaluation;

/// <summary>
/// What a case asks for is nowhere to be found while it runs. The files of the cases have copies beside them, as vendored code has: one to the
/// letter and one that was edited elsewhere. Whoever remembers these remembers the answers.
/// </summary>
public sealed class LeakTests(LeakTests.VendoredWorkspace vendored, ITestOutputHelper output) : IClassFixture<LeakTests.VendoredWorkspace>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>A copy of the sample whose cases' files have been copied, with an engine on it.</summary>
    public sealed class VendoredWorkspace : IAsyncLifetime
    {
        private const int Seed = 11;

        private static int Count => LongTests.Wanted ? 3 : 2;

        private const string Header = "// Taken from another repository.\n";

        private readonly TemporaryFolder _workspace = new();
        private readonly TemporaryFolder _data = new();

        public CompletionEngine Engine { get; private set; } = null!;

        public IReadOnlyList<EvaluationCase> Cases { get; private set; } = [];

        public string Root => _workspace.Path;

        public async ValueTask InitializeAsync()
        {
            Copy(SampleEngine.Root, Root);
            Engine = await StartAsync(Root, _data.Path);
            Cases = await Runner().MakeAsync(Count, Seed, Cancellation);
            Assert.Equal(Count, Cases.Count);
            foreach (var made in Cases)
            {
                await PutAsync(made.File, await File.ReadAllTextAsync(Path.Combine(Root, made.File), Cancellation));
            }
        }

        public async ValueTask DisposeAsync()
        {
            await Engine.DisposeAsync();
            _data.Dispose();
            _workspace.Dispose();
        }

        /// <summary>A new one each time: it knows the files as they are when it is made.</summary>
        public CaseRunner Runner() => new(Engine, Root, TimeSpan.FromMinutes(3));

        /// <summary>Writes a file and its copies, and has them read again.</summary>
        public async Task PutAsync(string file, string text)
        {
            await File.WriteAllTextAsync(Path.Combine(Root, file), text, Cancellation);
            Vendor(Root, file, text);
            Engine.FilesChanged([
                new FileChange(Path.Combine(Root, file), FileChangeKind.Changed),
                .. Directory.EnumerateFiles(Path.Combine(Root, "vendor")).Select(path => new FileChange(path, FileChangeKind.Changed)),
            ]);
            await Engine.Settled;
        }

        /// <summary>Copies of a file that no project compiles.</summary>
        public static void Vendor(string root, string file, string text)
        {
            var name = file.Replace('/', '.');
            Directory.CreateDirectory(Path.Combine(root, "vendor"));
            File.WriteAllText(Path.Combine(root, "vendor", name), text);
            File.WriteAllText(Path.Combine(root, "vendor", "edited." + name), Header + text + "\n// The end.\n");
        }
    }

    [Fact]
    public async Task A_copy_edited_by_hand_gives_the_same_prediction()
    {
        var shown = 0;
        foreach (var made in vendored.Cases)
        {
            var predicted = await vendored.Runner().RunAsync(made, ChainParts.All, Cancellation);

            using var copy = new TemporaryFolder();
            using var data = new TemporaryFolder();
            Copy(vendored.Root, copy.Path);
            var file = Path.Combine(copy.Path, made.File);
            var edited = File.ReadAllText(file).Remove(made.Offset, made.Groundtruth.Length);
            File.WriteAllText(file, edited);
            VendoredWorkspace.Vendor(copy.Path, made.File, edited);
            await using var other = await StartAsync(copy.Path, data.Path);
            var byHand = await AskAsync(other, file, edited, made.Offset);

            output.WriteLine(
                $"{made.Kind} {made.File}: '{predicted.Prediction}' and '{byHand.Prediction}', wanted '{made.Groundtruth}' {predicted.Why}"
            );
            Assert.Equal(byHand, (predicted.Prediction, predicted.Why));
            shown += predicted.Shown ? 1 : 0;
        }

        Assert.True(shown > 0, "nothing was predicted anywhere, so nothing was compared");
    }

    [Fact]
    public async Task Another_groundtruth_of_the_same_length_gives_the_same_prediction()
    {
        foreach (var made in vendored.Cases)
        {
            var predicted = await vendored.Runner().RunAsync(made, ChainParts.All, Cancellation);

            var file = Path.Combine(vendored.Root, made.File);
            var text = await File.ReadAllTextAsync(file, Cancellation);
            var other = made with { Groundtruth = string.Concat(made.Groundtruth.Select(Turned)) };
            await vendored.PutAsync(made.File, text.Remove(made.Offset, made.Groundtruth.Length).Insert(made.Offset, other.Groundtruth));
            var again = await vendored.Runner().RunAsync(other, ChainParts.All, Cancellation);
            await vendored.PutAsync(made.File, text);

            output.WriteLine(
                $"{made.Kind} {made.File}: '{predicted.Prediction}' and '{again.Prediction}', wanted '{other.Groundtruth}' for '{made.Groundtruth}'"
            );
            Assert.Equal((predicted.Prediction, predicted.Why), (again.Prediction, again.Why));
        }
    }

    [Fact]
    public async Task After_a_case_the_memory_knows_its_line_again()
    {
        var made = vendored.Cases[0];
        var line = (await File.ReadAllLinesAsync(Path.Combine(vendored.Root, made.File), Cancellation)).First(l =>
            l.TrimEnd().EndsWith(made.Groundtruth, StringComparison.Ordinal)
        );
        var memory = vendored.Engine.Memories.For(vendored.Root + "/Any.cs")!;
        var query = new Memory.RecallQuery
        {
            Text = line,
            Path = "Any.cs",
            MaxSnippets = 20,
        };
        await vendored.Engine.ReadAllAsync(Cancellation);
        var before = memory.Recall(query).Snippets.Select(s => (s.Path, s.StartLine, s.Text)).ToList();

        await vendored.Runner().RunAsync(made, ChainParts.All, Cancellation);

        Assert.Contains(before, s => s.Text.Contains(made.Groundtruth, StringComparison.Ordinal));
        Assert.Equal(before, memory.Recall(query).Snippets.Select(s => (s.Path, s.StartLine, s.Text)));
    }

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

    /// <returns>What would be shown, or why nothing is: that says what the model wrote.</returns>
    private static async Task<(string Prediction, string? Why)> AskAsync(CompletionEngine engine, string file, string text, int offset)
    {
        Assert.Empty(await engine.WhenReadyAsync(file, TimeSpan.FromMinutes(3), Cancellation));
        engine.Open(file, 1, text);
        // A case is asked with the memory whole; so must this be.
        await engine.WhenProjectsLoaded.WaitAsync(TimeSpan.FromMinutes(3), Cancellation);
        await engine.ReadAllAsync(Cancellation);
        var before = text[..offset].Split('\n');
        var answer = await engine.CompleteInlineAsync(
            new GhostRequest(file, new Position(before.Length - 1, before[^1].Length), Invoked: true),
            Cancellation
        );
        return (answer.Ghost?.Text.Split('\n')[0].TrimEnd() ?? "", answer.Why);
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
