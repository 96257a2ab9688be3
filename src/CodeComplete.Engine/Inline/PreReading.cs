using CodeComplete.Analysis;
using CodeComplete.Engine.Documents;
using CodeComplete.Engine.Learning;
using CodeComplete.Engine.Startup;
using Microsoft.Extensions.Logging;

namespace CodeComplete.Engine.Inline;

/// <summary>
/// Reads the prompt where an edit has settled and nobody has asked for ghost text, and where the cursor has come to rest before anything is typed: the next
/// request there, or the list's stars, then finds all but its last tokens read. Where it stays quiet for longer, and the model is unsure of its line, the
/// memory is asked again with that (<see cref="SecondRecall"/>): the next request finds what that recalls read, too.
/// </summary>
/// <param name="idle">When a prompt is read.</param>
/// <param name="later">
/// When it is read once more. A key that comes meanwhile must wait for the rest of it, so the user should be thinking, not pausing between two words.
/// </param>
/// <param name="model">The model, once it is ready.</param>
internal sealed class PreReading(
    CodeWorkspace workspace,
    Recaller recaller,
    RecallingWriter writer,
    IdleWork idle,
    IdleWork later,
    Func<LoadedModel?> model,
    ILogger log
) : IDisposable
{
    /// <summary>As long as somebody is silent who thinks about what comes next.</summary>
    public static readonly TimeSpan Thinking = TimeSpan.FromSeconds(2);

    private readonly AsyncAutoResetEvent _stirred = new(isSet: false);
    private readonly AsyncAutoResetEvent _stirredLater = new(isSet: false);
    private volatile Place? _next;
    private volatile Place? _again;
    private volatile Place? _read;

    /// <param name="Typed">What was typed there, in UTF-16 units.</param>
    /// <param name="IsRest">Nothing was, the cursor rests there.</param>
    private sealed record Place(string Document, Position Start, int Typed = 0, bool IsRest = false);

    /// <summary>A prompt was read before anybody asked.</summary>
    public event Action? Done;

    /// <summary>The same for one that was recalled with a line that may come next.</summary>
    public event Action? DoneAgain;

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
    public void Unsure(string document, Position position)
    {
        _again = new Place(document, position);
        _stirredLater.Set();
    }

    /// <summary>Somebody asks, so the model reads there anyway.</summary>
    public void Asked(string document, Position position) => (_next, _again, _read) = (null, null, new Place(document, position));

    /// <summary>Reads until it is cancelled.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled.</exception>
    public Task RunAsync(CancellationToken cancellation)
    {
        return Task.WhenAll(
            WheneverAsync(_stirred, idle, static (reading, token) => reading.ReadAsync(token)),
            WheneverAsync(_stirredLater, later, static (reading, token) => reading.ReadAgainAsync(token))
        );

        async Task WheneverAsync(AsyncAutoResetEvent stirred, IdleWork when, Func<PreReading, CancellationToken, Task> read)
        {
            while (true)
            {
                await stirred.WaitAsync(cancellation);
                await when.RunAsync([this], read, cancellation);
            }
        }
    }

    public void Dispose()
    {
        _stirred.Dispose();
        _stirredLater.Dispose();
    }

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

    private Task ReadAsync(CancellationToken cancellation)
    {
        var place = _next;
        _next = null;
        return AtAsync(
            place,
            async (loaded, snapshot, cursor) =>
            {
                var prompt = recaller.PromptAt(cursor, snapshot.Path, loaded.Prompts);
                var read = await loaded.Queue.RunAsync(() => loaded.Scorer!.Read(prompt.Tokens, cancellation), cancellation);
                log.LogDebug("Read {Count} of {All} tokens ahead in {Document}", read, prompt.Tokens.Count, snapshot.Path);
                var position = snapshot.PositionOf(cursor.Context.Offset);
                _read = new Place(snapshot.Path, position);
                Unsure(snapshot.Path, position);
                Done?.Invoke();
            },
            cancellation
        );
    }

    private Task ReadAgainAsync(CancellationToken cancellation)
    {
        var place = _again;
        _again = null;
        return AtAsync(
            place,
            async (loaded, snapshot, cursor) =>
            {
                var request = new GhostRequest(snapshot.Path, snapshot.PositionOf(cursor.Context.Offset)) { Thorough = true };
                var (written, timings, _) = await writer.WriteAsync(loaded, snapshot, cursor, request, reach: null, cancellation);
                var read = written.Counts.Prompt - written.Counts.Reused;
                log.LogDebug("Read {Count} tokens again in {Document} (ms: {Timings})", read, snapshot.Path, timings);
                DoneAgain?.Invoke();
            },
            cancellation
        );
    }

    private async Task AtAsync(Place? place, Func<LoadedModel, DocumentSnapshot, CursorAnalysis, Task> work, CancellationToken cancellation)
    {
        if (
            place is null
            || model() is not { Scorer: not null } loaded
            // What is recalled without the project would be kept for the request that comes when it is there.
            || !workspace.WhenLoaded(place.Document, cancellation).IsCompleted
            || workspace.Take(place.Document) is not { } snapshot
            || snapshot.OffsetOf(place.Start) is not { } start
        )
        {
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
                await work(loaded, snapshot, cursor);
            }
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            // Nobody has asked for it.
            log.LogWarning(e, "A prompt could not be read ahead");
        }
    }
}
