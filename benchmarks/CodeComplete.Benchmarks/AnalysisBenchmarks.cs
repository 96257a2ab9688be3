using BenchmarkDotNet.Attributes;
using CodeComplete.Analysis;
using CodeComplete.Testing;

namespace CodeComplete.Benchmarks;

/// <summary>What the compiler costs at one place of the sample, after an edit: context, the names after a dot, a verdict, the list.</summary>
public class AnalysisBenchmarks
{
    private readonly SamplePlace _place = SamplePlace.Draw(1, 3)[0];
    private CodeWorkspace _workspace = null!;
    private CursorAnalysis _cursor = null!;
    private int _version;
    private int _offset;

    [GlobalSetup]
    public async Task Load()
    {
        _workspace = new CodeWorkspace(new WorkspaceOptions { Folders = [Product.Sample] });
        await _workspace.LoadAsync(_place.File, CancellationToken.None);
        _workspace.Open(_place.File, 1, _place.Text);
        _offset = _workspace.Take(_place.File)!.OffsetOf(_place.Line, _place.Character)!.Value;
        _cursor = await CursorAnalysis.AtAsync(_workspace.Take(_place.File)!, _offset, CancellationToken.None);
    }

    [GlobalCleanup]
    public async Task Close() => await _workspace.DisposeAsync();

    [Benchmark]
    public async Task<CursorContext> ContextAfterAnEdit() =>
        (await CursorAnalysis.AtAsync(Edited(), _offset, CancellationToken.None)).Context;

    [Benchmark]
    public VisibleNames? NamesAfterADot() => _cursor.NamesAfter("");

    [Benchmark]
    public Verdict VerifyOneLine() => Verifier.Verify(_cursor, _place.Rest, CancellationToken.None);

    [Benchmark]
    public async Task<int> ListAfterAnEdit() =>
        (await ItemLister.ListAsync(Edited(), _offset, typed: null, CancellationToken.None)).Items.Count;

    private DocumentSnapshot Edited()
    {
        // A blank at the line's start comes and goes.
        var blank = ++_version % 2;
        _workspace.Change(
            _place.File,
            _version,
            [new BufferEdit(new BufferRange(_place.Line, 0, _place.Line, 1 - blank), blank == 1 ? " " : "")]
        );
        return _workspace.Take(_place.File)!;
    }
}
