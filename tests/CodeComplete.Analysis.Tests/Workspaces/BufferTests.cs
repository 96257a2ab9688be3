using CodeComplete.Testing;
using CsCheck;
using Microsoft.CodeAnalysis;

namespace CodeComplete.Analysis.Tests;

public sealed class BufferTests
{
    private const string Untitled = "untitled:Untitled-1";

    private static readonly Gen<BufferRange?> Range = Gen.Frequency(
        (1, Gen.Const((BufferRange?)null)),
        (
            9,
            Gen.Select(Gen.Int[-1, 12], Gen.Int[-1, 12], Gen.Int[-1, 12], Gen.Int[-1, 12])
                .Select(r => (BufferRange?)new BufferRange(r.Item1, r.Item2, r.Item3, r.Item4))
        )
    );

    private static readonly Gen<BufferEdit> Edit = Gen.Select(Range, Texts.Sample).Select(edit => new BufferEdit(edit.Item1, edit.Item2));

    [Fact]
    public async Task Any_edits_give_what_the_same_edits_of_a_string_give()
    {
        await using var workspace = new CodeWorkspace(new WorkspaceOptions());
        Gen.Select(Texts.Sample, Edit.Array[0, 12])
            .Sample(
                (text, edits) =>
                {
                    workspace.Open(Untitled, 1, text);

                    Assert.True(workspace.Change(Untitled, 2, edits));

                    var expected = edits.Aggregate(text, Model);
                    var snapshot = workspace.Take(Untitled)!;
                    Assert.Equal(expected, snapshot.Text.ToString());
                    Assert.Equal(expected, snapshot.Document.GetTextAsync().Result.ToString());
                    Assert.Equal(2, snapshot.Version);
                },
                iter: 300,
                threads: 1
            );
    }

    [Fact]
    public async Task A_snapshot_stays_as_it_was_and_knows_that_it_is_old()
    {
        await using var workspace = new CodeWorkspace(new WorkspaceOptions());
        workspace.Open(Untitled, 1, "class A;");
        var before = workspace.Take(Untitled)!;
        Assert.True(before.IsNewest);

        workspace.Change(Untitled, 2, [new BufferEdit(new BufferRange(0, 6, 0, 7), "B")]);

        Assert.False(before.IsNewest);
        Assert.Equal("class A;", (await before.Document.GetTextAsync()).ToString());
        var after = workspace.Take(Untitled)!;
        Assert.True(after.IsNewest);
        Assert.Equal("class B;", (await after.Document.GetTextAsync()).ToString());
        workspace.Close(Untitled);
        Assert.False(after.IsNewest);
    }

    [Fact]
    public async Task An_edit_elsewhere_leaves_a_snapshot_new()
    {
        await using var workspace = new CodeWorkspace(new WorkspaceOptions());
        workspace.Open(Untitled, 1, "class A;");
        workspace.Open("untitled:Untitled-2", 1, "");
        var snapshot = workspace.Take(Untitled)!;

        workspace.Change("untitled:Untitled-2", 2, [new BufferEdit(null, "class B;")]);

        Assert.True(snapshot.IsNewest);
    }

    [Fact]
    public async Task What_is_not_open_cannot_be_changed_or_taken()
    {
        await using var workspace = new CodeWorkspace(new WorkspaceOptions());

        Assert.False(workspace.Change(Untitled, 2, [new BufferEdit(null, "x")]));
        Assert.Null(workspace.Take(Untitled));
        workspace.Close(Untitled);
        workspace.Open(Untitled, 1, "x");
        workspace.Close(Untitled);
        Assert.Null(workspace.Take(Untitled));
    }

    [Fact]
    public async Task Files_that_are_no_csharp_or_are_not_there_have_no_snapshot()
    {
        using var folder = new TemporaryFolder();
        await using var workspace = new CodeWorkspace(new WorkspaceOptions());

        Assert.Null(workspace.Take(folder.Write("notes.txt", "class A;")));
        Assert.Null(workspace.Take(Path.Combine(folder.Path, "None.cs")));
        Assert.Null(workspace.Take(folder.Path));
        Assert.Null(workspace.Take(""));
    }

    [Fact]
    public async Task An_unsaved_text_binds_against_the_framework()
    {
        await using var workspace = new CodeWorkspace(new WorkspaceOptions());
        workspace.Open(Untitled, 1, "Console.WriteLine(new List<int>().Count(n => n > 0));");

        var snapshot = workspace.Take(Untitled)!;

        Assert.Empty(await Semantics.ErrorsAsync(snapshot));
        Assert.False(snapshot.IsProjectLoaded); // nobody has looked for projects yet
        await workspace.LoadAsync(null, CancellationToken.None);
        Assert.True(workspace.Take(Untitled)!.IsProjectLoaded);
    }

    [Fact]
    public async Task Paths_are_one_file_however_they_are_spelled()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("A.cs", "class Disk;");
        await using var workspace = new CodeWorkspace(new WorkspaceOptions());
        workspace.Open(file, 3, "class Buffer;");

        var snapshot = workspace.Take(Path.Combine(folder.Path, "x", "..", ".", "A.cs"))!;

        Assert.Equal("class Buffer;", snapshot.Text.ToString());
        Assert.Equal(3, snapshot.Version);
        Assert.True(snapshot.IsOpen);
        workspace.Close(file);
        snapshot = workspace.Take(file)!;
        Assert.Equal("class Disk;", snapshot.Text.ToString());
        Assert.False(snapshot.IsOpen);
    }

    [Fact]
    public async Task What_was_bound_before_an_edit_is_used_after_it()
    {
        await using var workspace = SingleFile.Workspace("class A { B b; }", "class B;");
        var before = await workspace.Take(SingleFile.Path)!.Document.Project.GetCompilationAsync();

        workspace.Change(SingleFile.Path, 2, [new BufferEdit(new BufferRange(0, 15, 0, 15), " ")]);

        var after = await workspace.Take(SingleFile.Path)!.Document.Project.GetCompilationAsync();
        var other = before!.SyntaxTrees.Single(tree => tree.FilePath == "untitled:Other0.cs");
        Assert.Contains(other, after!.SyntaxTrees);
        Assert.Same(
            before.GetTypeByMetadataName("System.Console")!.ContainingAssembly,
            after.GetTypeByMetadataName("System.Console")!.ContainingAssembly
        );
    }

    [Fact]
    public async Task Many_threads_may_edit_and_take_at_once()
    {
        await using var workspace = new CodeWorkspace(new WorkspaceOptions());
        await Parallel.ForAsync(
            0,
            8,
            (thread, _) =>
            {
                var path = $"untitled:{thread}";
                workspace.Open(path, 0, "");
                for (var version = 1; version <= 50; version++)
                {
                    workspace.Change(path, version, [new BufferEdit(new BufferRange(0, 0, 0, 0), "x")]);
                    var snapshot = workspace.Take(path)!;
                    Assert.Equal(version, snapshot.Version);
                    Assert.Equal(version, snapshot.Text.Length);
                    Assert.True(snapshot.IsNewest);
                }

                workspace.Close(path);
                return ValueTask.CompletedTask;
            }
        );
    }

    /// <summary>An edit as LSP describes it, on a plain string.</summary>
    private static string Model(string text, BufferEdit edit)
    {
        if (edit.Range is not { } range)
        {
            return edit.Text;
        }

        var start = Offset(range.StartLine, range.StartCharacter);
        var end = Math.Max(start, Offset(range.EndLine, range.EndCharacter));
        return text[..start] + edit.Text + text[end..];

        int Offset(int line, int character)
        {
            var breaks = Texts.Breaks(text);
            if (line < 0)
            {
                return 0;
            }

            if (line > breaks.Count)
            {
                return text.Length;
            }

            var first = line == 0 ? 0 : breaks[line - 1].Index + breaks[line - 1].Length;
            var last = line == breaks.Count ? text.Length : breaks[line].Index;
            return Math.Min(first + Math.Max(character, 0), last);
        }
    }
}
