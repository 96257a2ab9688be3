using System.Collections.Concurrent;
using System.Diagnostics;

namespace CodeComplete.Memory.Sharing;

/// <summary>
/// A visitor's side: asks the owner. No call waits longer than its patience, and an owner that leaves several in a row unanswered counts as lost,
/// so that an owner that hangs costs a few waits and not one at each keystroke.
/// </summary>
internal sealed class SharingClient : ISharedMemory, IAsyncDisposable
{
    /// <summary>So many calls in a row without a word from the owner, and it is lost.</summary>
    public const int MostUnanswered = 3;

    private static readonly TimeSpan ConnectPatience = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan HelloPatience = TimeSpan.FromSeconds(1);

    private const string Gone = "The owner of the memory is gone.";

    // Nobody waits.
    private static readonly TimeSpan OtherPatience = TimeSpan.FromSeconds(2);

    // Someone asked for it by hand, and wants no other answer.
    private static readonly TimeSpan StatisticsPatience = TimeSpan.FromSeconds(10);

    // The files of a large memory are written anew.
    private static readonly TimeSpan ForgetPatience = TimeSpan.FromMinutes(1);

    private readonly MessageStream _messages;
    private readonly Action<Acceptance> _learned;
    private readonly Action<Forgetting> _forgotten;
    private readonly ConcurrentDictionary<long, TaskCompletionSource<Message>> _pending = new();
    private readonly CancellationTokenSource _ending = new();
    private readonly Task _reading;
    private long _lastId;
    private int _unanswered;
    private volatile bool _gone;

    private SharingClient(MessageStream messages, Action<Acceptance> learned, Action<Forgetting> forgotten)
    {
        (_messages, _learned, _forgotten) = (messages, learned, forgotten);
        _reading = Task.Run(ReadAsync);
    }

    /// <summary>Completes when the owner is gone, hangs, or this client is disposed; no call succeeds from then on. It never fails.</summary>
    public Task Lost => _reading;

    /// <summary>One try.</summary>
    /// <param name="forgotten">Told of what the owner forgets; as <paramref name="learned"/>.</param>
    /// <param name="learned">Told of each acceptance that is new to the owner, in order; from the first moment, on another thread.</param>
    /// <exception cref="SharingRefusedException">The owner is of another version or another user.</exception>
    /// <exception cref="IOException">There is no owner that listens.</exception>
    /// <exception cref="TimeoutException">There is none, or it hangs.</exception>
    public static async Task<SharingClient> ConnectAsync(
        SharingEndpoint endpoint,
        Action<Acceptance> learned,
        Action<Forgetting> forgotten,
        CancellationToken cancellation
    )
    {
        var pipe = endpoint.Call();
        try
        {
            await pipe.ConnectAsync(ConnectPatience, cancellation);
        }
        catch (UnauthorizedAccessException exception)
        {
            await pipe.DisposeAsync();
            throw new SharingRefusedException("the owner runs as another user: " + exception.Message);
        }
        catch
        {
            await pipe.DisposeAsync();
            throw;
        }

        var client = new SharingClient(new MessageStream(pipe), learned, forgotten);
        try
        {
            var answer = await client.AskAsync(SharingMethods.Hello, new Hello(SharingMethods.Protocol), HelloPatience, cancellation);
            return answer.Error is null ? client : throw new SharingRefusedException(answer.Error);
        }
        catch
        {
            await client.DisposeAsync();
            throw;
        }
    }

    public async Task<RecallAnswer> RecallAsync(RecallQuery query, CancellationToken cancellation) =>
        RecallBudget.Fit(await AskAsync(SharingMethods.Recall, RecallBudget.Widen(query), query.Patience, cancellation), query);

    public Task<bool> PutAsync(string path, string text, CancellationToken cancellation) =>
        AskAsync(SharingMethods.Put, new PutRequest(path, text), OtherPatience, cancellation);

    public Task RemoveAsync(string path, CancellationToken cancellation) =>
        AskAsync(SharingMethods.Remove, path, OtherPatience, cancellation);

    public Task NoteEditAsync(string path, int line, CancellationToken cancellation) =>
        AskAsync(SharingMethods.NoteEdit, new EditNote(path, line), OtherPatience, cancellation);

    public Task<bool> RecordAsync(Acceptance acceptance, CancellationToken cancellation) =>
        AskAsync(SharingMethods.Record, acceptance, OtherPatience, cancellation);

    public Task<IReadOnlyList<Acceptance>> AcceptancesAsync(int most, string? path, CancellationToken cancellation) =>
        AskAsync(SharingMethods.Acceptances, new AcceptancesRequest(most, path), OtherPatience, cancellation);

    public Task<MemoryStatistics> StatisticsAsync(CancellationToken cancellation) =>
        AskAsync(SharingMethods.Statistics, true, StatisticsPatience, cancellation);

    public Task<ForgetSummary> ForgetAsync(Forgetting what, CancellationToken cancellation) =>
        AskAsync(SharingMethods.Forget, what, ForgetPatience, cancellation);

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _reading;
    }

    private async Task<TAnswer> AskAsync<TRequest, TAnswer>(
        SharingMethod<TRequest, TAnswer> method,
        TRequest request,
        TimeSpan patience,
        CancellationToken cancellation
    )
    {
        var answer = await AskAsync(method.Name, request, patience, cancellation);
        return answer.Error is null ? answer.Read<TAnswer>() : throw new IOException("The owner of the memory failed: " + answer.Error);
    }

    private async Task<Message> AskAsync<TRequest>(string method, TRequest request, TimeSpan patience, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var id = Interlocked.Increment(ref _lastId);
        var arrived = new TaskCompletionSource<Message>(TaskCreationOptions.RunContinuationsAsynchronously);
        _pending[id] = arrived;
        try
        {
            // Looked at once the call is entered: the reader lets go of all that are entered before it says so.
            if (_gone)
            {
                throw new IOException(Gone);
            }

            var start = Stopwatch.GetTimestamp();
            var message = new Message
            {
                Id = id,
                Method = method,
                Payload = Message.Write(request),
            };
            await _messages.WriteAsync(message).WaitAsync(patience, cancellation);
            var left = patience - Stopwatch.GetElapsedTime(start);
            return await arrived.Task.WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, cancellation);
        }
        catch (TimeoutException exception)
        {
            if (Interlocked.Increment(ref _unanswered) >= MostUnanswered)
            {
                await _ending.CancelAsync();
            }

            Cancel(id);
            throw new TimeoutException(
                $"The owner of the memory did not answer '{method}' within {patience.TotalMilliseconds:0} ms.",
                exception
            );
        }
        catch (OperationCanceledException)
        {
            Cancel(id);
            throw;
        }
        finally
        {
            _pending.TryRemove(id, out _);
        }
    }

    private void Cancel(long id) => _ = TryWriteAsync(new Message { Id = id, Method = SharingMethods.Cancel });

    private async Task TryWriteAsync(Message message)
    {
        try
        {
            await _messages.WriteAsync(message);
        }
        catch (IOException) { }
    }

    private async Task ReadAsync()
    {
        try
        {
            while (await _messages.ReadAsync(_ending.Token) is { } message)
            {
                Interlocked.Exchange(ref _unanswered, 0);
                if (message.Method == SharingMethods.Learned)
                {
                    _learned(message.Read<Acceptance>());
                }
                else if (message.Method == SharingMethods.Forgotten)
                {
                    _forgotten(message.Read<Forgetting>());
                }
                else if (_pending.TryGetValue(message.Id, out var arrived))
                {
                    arrived.TrySetResult(message);
                }
            }
        }
        catch (Exception exception)
            when (exception
                    is IOException
                        or InvalidDataException
                        or OperationCanceledException
                        or ObjectDisposedException
                        or InvalidOperationException
            )
        {
            // It is gone, or it hangs.
        }

        _gone = true;
        _messages.Dispose();
        foreach (var arrived in _pending.Values)
        {
            arrived.TrySetException(new IOException(Gone));
        }
    }
}
