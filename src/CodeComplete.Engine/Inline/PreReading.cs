using CodeComplete.Analysis;
using CodeComplete.Engine.Documents;
using CodeComplete.Engine.Learning;
using CodeComplete.Engine.Startup;
using Microsoft.Extensions.Logging;

namespace CodeComplete.Engine.Inline;

/// <summary>
/// Reads the prompt where an edit has settled and nobody has asked for ghost text, and where the cursor has come to rest before anything is typed: the next
/// request there, or the list's stars, then finds all but its last tokens read. An editor that asks after every key needs the first only where it does not
/// ask.
/// </summary>
/// <param name="model">The model, once it is ready.</param>
internal sealed class PreReading(CodeWorkspace workspace, Recaller recaller, IdleWork idle, Func<LoadedModel?> model, ILogger log)
    : IDisposable
{
    private readonly AsyncAutoResetEvent _stirred = new(isSet: false);
    private volatile Place? _next;
    private volatile Place? _read;

    /// <param name="Typed">What was typed there, in UTF-16 units; <see langword="null"/>: nothing was, the cursor rests there.</param>
    private sealed record Place(string Document, Position Start, int? Typed);

    /// <summary>A prompt was read before anybody asked.</summary>
    public event Action? Done;

    /// <summary>An edit: whoever made it goes on behind it. Costs nothing.</summary>
    public void Edited(string document, DocumentEdit edit)
    {
        if (edit.Range is not { } range)
        {
            return;
        }

        _next = new Place(document, range.Start, edit.Text.Length);
        _stirred.Set();
    }

    /// <summary>The cursor has come to rest: whoever put it there may go on to type. Costs nothing.</summary>
    public void Rests(string document, Position position)
    {
        var place = new Place(document, position, Typed: null);
        if (place != _read)
        {
            _next = place;
            _stirred.Set();
        }
    }

    /// <summary>Somebody asks, so the model reads there anyway.</summary>
    public void Asked(string document, Position position) => (_next, _read) = (null, new Place(document, position, Typed: null));

    /// <summary>Reads until it is cancelled.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        while (true)
        {
            await _stirred.WaitAsync(cancellation);
            await idle.RunAsync([this], static (reading, token) => reading.ReadAsync(token), cancellation);
        }
    }

    public void Dispose() => _stirred.Dispose();

    /// <summary>Nothing but closers stands right of it: in the middle of a line people mostly read.</summary>
    internal static bool IsWhereOneWrites(string text, int offset)
    {
        var rest = text.AsSpan(offset);
        return CursorContext.AreClosers(rest.IndexOfAny('\r', '\n') is >= 0 and var end ? rest[..end].TrimEnd() : rest.TrimEnd());
    }

    private async Task ReadAsync(CancellationToken cancellation)
    {
        if (
            _next is not { } place
            || model() is not { Scorer: { } reader } loaded
            || workspace.Take(place.Document) is not { } snapshot
            || snapshot.OffsetOf(place.Start) is not { } start
        )
        {
            return;
        }

        _next = null;
        try
        {
            var text = snapshot.TextOf();
            var offset = Math.Min(start + (place.Typed ?? 0), text.Length);
            if (place.Typed is null && !IsWhereOneWrites(text, offset))
            {
                return;
            }

            var cursor = await CursorAnalysis.AtAsync(snapshot, offset, cancellation);
            if (cursor.Context.IsCode)
            {
                var prompt = recaller.PromptAt(cursor, place.Document, loaded.Prompts);
                var read = await loaded.Queue.RunAsync(() => reader.Read(prompt.Tokens, cancellation), cancellation);
                log.LogDebug("Read {Count} of {All} tokens ahead in {Document}", read, prompt.Tokens.Count, place.Document);
                _read = new Place(place.Document, snapshot.PositionOf(offset), Typed: null);
                Done?.Invoke();
            }
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            // Nobody has asked for it.
            log.LogWarning(e, "A prompt could not be read ahead");
        }
    }
}
