using CodeComplete.Analysis;
using CodeComplete.Testing;
using Microsoft.CodeAnalysis;

namespace CodeComplete.Engine.Tests;

/// <summary>What the issue of the walking skeleton asks for, at seeded places of the sample.</summary>
public class SampleCompletionTests(SampleEngine sample, ITestOutputHelper output)
{
    private static int Places => LongTests.Wanted ? 40 : 8;
    private const int Seed = 20;

    [Fact]
    public async Task Ghost_text_is_verified_at_most_places_and_the_written_member_is_listed()
    {
        var places = SamplePlace.Draw(Places, Seed);
        var (verified, listed, exact, starred) = (0, 0, 0, 0);
        foreach (var place in places)
        {
            var position = new Position(place.Line, place.Character);
            sample.Engine.Open(place.File, 1, place.Text);
            // Invoked: every name is guided, however slow this machine is just now.
            var ghost = await sample.Engine.CompleteInlineAsync(
                new GhostRequest(place.File, position, Invoked: true),
                TestContext.Current.CancellationToken
            );
            var list = await sample.Engine.CompleteListAsync(
                new ListRequest(place.File, position, WaitForStars: true),
                TestContext.Current.CancellationToken
            );
            sample.Engine.Close(place.File);

            verified += ghost.Ghost is { Verified: true } ? 1 : 0;
            exact += ghost.Ghost?.Text == place.Rest ? 1 : 0;
            var item = list.Items.FirstOrDefault(i => i.InsertText == place.Written);
            listed += item is not null ? 1 : 0;
            starred += item is { Starred: true } ? 1 : 0;
            output.WriteLine(
                $"{place}: {(item is null ? "NOT LISTED" : item.Starred ? "starred" : "listed")}, {ghost.Ghost?.Text ?? "- " + ghost.Why} | wanted {place.Rest} | {ghost.Timings.Total:0} ms = context {ghost.Timings.Context:0} recall {ghost.Timings.Recall:0} prefill {ghost.Timings.Prefill:0} decode {ghost.Timings.Decode:0} verify {ghost.Timings.Verify:0}; list {list.Timings.List:0} ms"
            );
        }

        output.WriteLine($"verified {verified}, exact {exact}, listed {listed}, starred {starred} of {places.Count}");
        Assert.Equal(Places, places.Count);
        Assert.True(verified >= 0.5 * Places, $"verified ghost text at {verified} of {Places} places");
        Assert.True(listed >= 0.8 * Places, $"the written member is listed at {listed} of {Places} places");
    }

    [Fact]
    public async Task What_is_shown_as_verified_compiles_with_the_whole_file()
    {
        await using var other = new CodeWorkspace(new WorkspaceOptions { Folders = [SampleEngine.Root] });
        await other.LoadAsync(firstFile: null, TestContext.Current.CancellationToken);
        var judged = 0;
        foreach (var place in SamplePlace.Draw(Places, Seed + 1))
        {
            sample.Engine.Open(place.File, 1, place.Text);
            var answer = await sample.Engine.CompleteInlineAsync(
                new GhostRequest(place.File, new Position(place.Line, place.Character), Invoked: true),
                TestContext.Current.CancellationToken
            );
            sample.Engine.Close(place.File);
            // A line that ends in the middle of a call or a chain is not meant to compile as it stands.
            if (answer.Ghost is not { Verified: true } ghost || !ghost.Text.EndsWith(';'))
            {
                continue;
            }

            var lines = place.Text.Split('\n');
            lines[place.Line] = lines[place.Line].Insert(place.Character, ghost.Text);
            var original = await ErrorsAsync(
                other,
                place.File,
                await File.ReadAllTextAsync(place.File, TestContext.Current.CancellationToken)
            );
            var completed = await ErrorsAsync(other, place.File, string.Join('\n', lines));

            output.WriteLine($"{place}: {ghost.Text}");
            Assert.Empty(completed.Except(original));
            judged++;
        }

        Assert.True(judged >= Places / 5, $"only {judged} suggestions ended a statement");
    }

    private static async Task<IReadOnlyList<string>> ErrorsAsync(CodeWorkspace workspace, string file, string text)
    {
        workspace.Open(file, 1, text);
        var model = await workspace.Take(file)!.Document.GetSemanticModelAsync(TestContext.Current.CancellationToken);
        workspace.Close(file);
        return
        [
            .. model!
                .GetDiagnostics(cancellationToken: TestContext.Current.CancellationToken)
                .Where(d => d.Severity == DiagnosticSeverity.Error)
                .Select(d => $"{d.Id}: {d.GetMessage()}"),
        ];
    }
}
