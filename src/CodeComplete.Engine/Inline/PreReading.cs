using CodeComplete.Analysis;
using CodeComplete.Engine.Documents;
using CodeComplete.Engine.Learning;
using CodeComplete.Engine.Startup;
using Microsoft.Extensions.Logging;

namespace CodeComplete.Engine.Inline;

/// <summary>
/// Writes a line for nobody where an edit has settled and nobody has asked for ghost text, where the cursor has come to rest before anything is typed, and
/// where the model was unsure of what it answered: the next request there, or the list's stars, then finds the prompt read but for its last tokens, and
/// recalled with a line that may come next (<see cref="SecondRecall"/>).
/// </summary>
/// <param name="model">The model, once it is ready.</param>
internal sealed class PreReading(CodeWorkspace workspace, RecallingWriter writer, IdleWork idle, Func<LoadedModel?> model, ILogger log)
    : IDisposable
{
    private readonly AsyncAutoResetEvent _stirred = new(isSet: false);
    private volatile Place? _next;
    private volatile Place? _read;

    /// <param name="Typed">What was typed there, in UTF-16 units.</param>
    /// <param name="IsRest">Nothing was, the cursor rests there.</param>
    private sealed record Place(string Document, Position Start, int Typed = 0, bool IsRest = false);

    /// <summary>A prompt was read before anybody asked.</summary>
    public event Action? Done;

    /// <summary>An edit: whoever made it goes on behind it. Costs nothing.</summary>
    public void Edited(string document, DocumentEdit edit)
    {
        if (edit.Range is not { } range)
        {
            return;
        }

        Next(new Place(document, range.Start, edit.Text.Length));
    }

    /// <summary>The cursor has come to rest: whoever put it there may go on to type. Costs nothing.</summary>
    public void Rests(string document, Position position)
    {
        if (_read != new Place(document, position))
        {
            Next(new Place(document, position, IsRest: true));
        }
    }

    /// <summary>The model is unsure of what it has answered there.</summary>
    public void Unsure(string document, Position position) => Next(new Place(document, position));

    /// <summary>Somebody asks, so the model reads there anyway.</summary>
    public void Asked(string document, Position position) => (_next, _read) = (null, new Place(document, position));

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

    private void Next(Place place)
    {
        _next = place;
        _stirred.Set();
    }

    private async Task ReadAsync(CancellationToken cancellation)
    {
        if (
            _next is not { } place
            || model() is not { Scorer: not null } loaded
            || workspace.Take(place.Document) is not { } snapshot
            || snapshot.OffsetOf(place.Start) is not { } start
        )
        {
            return;
        }

        _next = null;
        if (!workspace.WhenLoaded(place.Document, cancellation).IsCompleted)
        {
            // What is recalled without the project would be kept for the request that comes when it is there.
            return;
        }

        try
        {
            var text = snapshot.TextOf();
            var offset = Math.Min(start + place.Typed, text.Length);
            if (place.IsRest && !IsWhereOneWrites(text, offset))
            {
                return;
            }

            var cursor = await CursorAnalysis.AtAsync(snapshot, offset, cancellation);
            if (cursor.Context.IsCode)
            {
                var position = snapshot.PositionOf(offset);
                var request = new GhostRequest(place.Document, position) { Thorough = true };
                var (written, timings, _) = await writer.WriteAsync(loaded, snapshot, cursor, request, reach: null, cancellation);
                log.LogDebug(
                    "Read ahead in {Document}: {Read} of {Tokens} tokens (ms: {Timings})",
                    place.Document,
                    written.Counts.Prompt - written.Counts.Reused,
                    written.Counts.Prompt,
                    timings
                );
                _read = new Place(place.Document, position);
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
