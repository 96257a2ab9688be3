using System.Diagnostics;
using CodeComplete.Analysis;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Completion;

namespace CodeComplete.Benchmarks;

/// <summary>Roslyn's own list: what <c>CompletionService.GetCompletionsAsync</c> says, and what each of its items would write.</summary>
internal sealed class ListReference(CodeWorkspace workspace) : IDisposable
{
    private ListPlace? _place;
    private Document? _document;

    public void Dispose() => Leave();

    /// <summary>Opens the place's document as it stands there.</summary>
    public void Enter(ListPlace place)
    {
        Leave();
        workspace.Open(place.File, 1, place.Text);
        (_place, _document) = (place, workspace.Take(place.File)!.Document);
    }

    public void Leave()
    {
        if (_place is { } place)
        {
            workspace.Close(place.File);
            (_place, _document) = (null, null);
        }
    }

    /// <summary>The list where the document was entered, and how long Roslyn took for it.</summary>
    public async Task<(CompletionList List, double Milliseconds)> AskAsync()
    {
        var began = Stopwatch.GetTimestamp();
        var list = await Service.GetCompletionsAsync(_document!, _place!.Offset, CompletionTrigger.Invoke);
        return (list, Stopwatch.GetElapsedTime(began).TotalMilliseconds);
    }

    /// <summary>The document after this item was taken.</summary>
    public async Task<string> TakeAsync(CompletionItem item) =>
        (await _document!.GetTextAsync()).WithChanges((await Service.GetChangeAsync(_document, item)).TextChanges).ToString();

    private CompletionService Service => CompletionService.GetService(_document!)!;
}
