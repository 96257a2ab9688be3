using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using CodeComplete.Memory.Lexical;
using CodeComplete.Memory.Recalling;
using CodeComplete.Memory.Snippets;
using CodeComplete.Testing;

namespace CodeComplete.Memory.Tests;

public sealed class KillTests : IDisposable
{
    private readonly Opened _opened = new();

    // What the writer has confirmed, over all its lives.
    private readonly HashSet<Guid> _acceptances = [];
    private readonly Dictionary<string, int> _files = [];

    private static int Kills => LongTests.Wanted ? 100 : 10;

    public void Dispose() => _opened.Dispose();

    [Fact]
    public async Task A_writer_killed_at_any_moment_loses_nothing_confirmed()
    {
        var random = new Random(11);
        for (var kill = 0; kill < Kills; kill++)
        {
            using var writer = Start(firstNumber: kill * 1000);
            Assert.Equal("open", await writer.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));

            // Killed after some confirmations: always in the middle of something, and each time of something else.
            for (var left = random.Next(1, 60); left > 0; left--)
            {
                var line = await writer.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
                Assert.NotNull(line);
                Note(line);
            }

            writer.Kill();
            while (await writer.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
            {
                Note(line);
            }

            await writer.WaitForExitAsync(TestContext.Current.CancellationToken);

            using var memory = ProjectMemory.Open(_opened.Options);
            Assert.Null(memory.Message);
            Assert.Superset(_acceptances, memory.Acceptances().Select(acceptance => acceptance.Id).ToHashSet());
            Assert.All(
                _files,
                file =>
                    Assert.True(
                        memory.Find(file.Key) is { State: FileState.Evicted } || NumberIn(memory, file.Key) >= file.Value,
                        $"{file.Key}: {NumberIn(memory, file.Key)} is older than the confirmed {file.Value}."
                    )
            );
            AssertIndexIsWhatIsStored(memory);
            AssertPartsBelongToTheirTexts(memory);
        }

        Assert.NotEmpty(_acceptances);
        Assert.NotEmpty(_files);
    }

    private static void AssertIndexIsWhatIsStored(ProjectMemory memory)
    {
        var fresh = new LexicalIndex();
        foreach (var file in memory.Local.Store.StoredFiles())
        {
            fresh.Put(file.Cut());
        }

        Assert.Equal(fresh.Size, memory.Local.Index.Size);
        foreach (var text in new[] { "order.Line40.Amount + surcharge3", "Spread(over7, files)", "subtotal12 Run" })
        {
            Assert.Equal(Answer(fresh, text), Answer(memory.Local.Index, text));
        }

        static IEnumerable<(string, SnippetSpan, float)> Answer(LexicalIndex index, string text) =>
            index
                .Search(QueryWords.Of(text), "", 50)
                .Candidates.Select(candidate => (candidate.File.Path, candidate.Span, candidate.Score));
    }

    private static void AssertPartsBelongToTheirTexts(ProjectMemory memory)
    {
        var attached = memory.Local.Index.FilesWith(PartKinds.Vectors, attached: true);
        var parts = memory.Local.Parts.All(PartKinds.Vectors, "encoder").ToList();

        Assert.Equal(attached.Order(), parts.Select(part => (part.Path, part.Hash)).Order());
        Assert.All(parts, part => Assert.Equal(part.Hash.ToByteArray(), part.Blob));
    }

    private static int NumberIn(ProjectMemory memory, string path)
    {
        var text = memory.Find(path) is { } file ? Encoding.UTF8.GetString(memory.Local.TextOf(file) ?? []) : "";
        var match = Regex.Match(text, @"order\.Line(?<number>\d+)\.", RegexOptions.None, TimeSpan.FromSeconds(10));
        return match.Success ? int.Parse(match.Groups["number"].ValueSpan) : -1;
    }

    private void Note(string line)
    {
        // The last line may be torn by the kill; half a line confirms nothing.
        switch (line.Split(' '))
        {
            case ["acceptance", var id] when Guid.TryParseExact(id, "D", out var acceptance):
                _acceptances.Add(acceptance);
                break;
            case ["file", var path, var number] when number.Length > 0:
                // A torn number is smaller than the true one, which is safe to ask for.
                _files[path] = int.Parse(number);
                break;
        }
    }

    private Process Start(int firstNumber)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "CodeComplete.Memory.Writer.dll"));
        start.ArgumentList.Add(_opened.Workspace);
        start.ArgumentList.Add(_opened.Data);
        start.ArgumentList.Add($"{firstNumber}");
        return Process.Start(start)!;
    }
}
