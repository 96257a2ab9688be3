using BenchmarkDotNet.Attributes;
using CodeComplete.Analysis;
using CodeComplete.Testing;

namespace CodeComplete.Benchmarks;

/// <summary>What the compiler costs at one place of the sample, after an edit: context, the names after a dot, a verdict, the list.</summary>
public class AnalysisBenchmarks
{
    private readonly SamplePlace place = SamplePlace.Draw(1, 3)[0];
    private CodeWorkspace workspace = null!;
    private CursorAnalysis cursor = null!;
    private int version;
    private int offset;

    [GlobalSetup]
    public async Task Load()
    {
        workspace = new CodeWorkspace(new WorkspaceOptions { Folders = [Product.Sample] });
        await workspace.LoadAsync(place.File, CancellationToken.None);
        workspace.Open(place.File, 1, place.Text);
        offset = workspace.Take(place.File)!.OffsetOf(place.Line, place.Character)!.Value;
        cursor = await CursorAnalysis.AtAsync(workspace.Take(place.File)!, offset, CancellationToken.None);
    }

    [GlobalCleanup]
    public async Task Close() => await workspace.DisposeAsync();

    [Benchmark]
    public async Task<CursorContext> ContextAfterAnEdit() =>
        (await CursorAnalysis.AtAsync(Edited(), offset, CancellationToken.None)).Context;

    [Benchmark]
    public VisibleNames? NamesAfterADot() => cursor.NamesAfter("");

    [Benchmark]
    public Verdict VerifyOneLine() => Verifier.Verify(cursor, place.Rest, CancellationToken.None);

    [Benchmark]
    public async Task<int> ListAfterAnEdit() =>
        (await ItemLister.ListAsync(Edited(), offset, typed: null, CancellationToken.None)).Items.Count;

    private DocumentSnapshot Edited()
    {
        // A blank at the line's start comes and goes.
        var blank = ++version % 2;
        workspace.Change(
            place.File,
            version,
            [new BufferEdit(new BufferRange(place.Line, 0, place.Line, 1 - blank), blank == 1 ? " " : "")]
        );
        return workspace.Take(place.File)!;
    }
}
