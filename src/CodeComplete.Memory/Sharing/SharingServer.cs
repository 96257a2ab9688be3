using System.Collections.Concurrent;
using System.IO.Pipes;
using System.Text.Json;

namespace CodeComplete.Memory.Sharing;

/// <summary>The owner's side: answers the processes that visit the memory. What a visitor sends can cost it its connection, never the server.</summary>
internal sealed class SharingServer : IAsyncDisposable
{
    // Whoever connects says hello at once.
    private static readonly TimeSpan HelloPatience = TimeSpan.FromSeconds(5);

    private readonly SharingEndpoint _endpoint;
    private readonly ISharedMemory _memory;
    private readonly CancellationTokenSource _ending = new();
    private readonly ConcurrentDictionary<MessageStream, Task> _visitors = new();
    private readonly Task _accepting;

    private SharingServer(SharingEndpoint endpoint, ISharedMemory memory)
    {
        (_endpoint, _memory) = (endpoint, memory);
        _accepting = AcceptAsync(endpoint.Listen());
    }

    /// <summary>Listens from now on. The caller holds the memory's <see cref="Storage.OwnerLock"/>.</summary>
    /// <param name="memory">Called from many threads at once.</param>
    /// <exception cref="IOException">The endpoint cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">The endpoint cannot be made.</exception>
    public static SharingServer Start(SharingEndpoint endpoint, ISharedMemory memory) => new(endpoint, memory);

    /// <summary>Tells every visitor of an acceptance that is new here, also the one it came from. Nobody is waited for.</summary>
    public void Tell(Acceptance acceptance) => TellAll(SharingMethods.Learned, Message.Write(acceptance));

    /// <summary>Tells every visitor that something was forgotten here, also the one that asked for it. Nobody is waited for.</summary>
    public void Tell(Forgetting what) => TellAll(SharingMethods.Forgotten, Message.Write(what));

    private void TellAll(string method, JsonElement payload)
    {
        var message = new Message { Method = method, Payload = payload };
        foreach (var visitor in _visitors.Keys)
        {
            _ = SendAsync(visitor, message);
        }
    }

    /// <summary>Ends all connections. Must be done before another process may own the memory.</summary>
    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _accepting;
        foreach (var visitor in _visitors.Keys)
        {
            visitor.Dispose();
        }

        await Task.WhenAll(_visitors.Values);
    }

    private async Task AcceptAsync(NamedPipeServerStream pipe)
    {
        while (true)
        {
            try
            {
                await pipe.WaitForConnectionAsync(_ending.Token);
                // The next one first: between two pipes, nobody would listen.
                var next = _endpoint.Listen();
                Welcome(pipe);
                pipe = next;
            }
            catch (OperationCanceledException)
            {
                await pipe.DisposeAsync();
                return;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // It went away before it was let in, or is another user.
                await pipe.DisposeAsync();
                if (await ListenAgainAsync() is not { } next)
                {
                    return;
                }

                pipe = next;
            }
        }
    }

    // Null at the end.
    private async Task<NamedPipeServerStream?> ListenAgainAsync()
    {
        while (!_ending.IsCancellationRequested)
        {
            try
            {
                return _endpoint.Listen();
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // Out of handles, perhaps; it passes.
                await Task.Delay(TimeSpan.FromSeconds(1), _ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        return null;
    }

    private void Welcome(NamedPipeServerStream pipe)
    {
        var visitor = new MessageStream(pipe);
        // Known before it is served, so that its end finds it.
        var begin = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _visitors[visitor] = ServeAsync(visitor, begin.Task);
        begin.SetResult();
    }

    private async Task ServeAsync(MessageStream visitor, Task begin)
    {
        await begin;
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(_ending.Token);
        var running = new ConcurrentDictionary<long, CancellationTokenSource>();
        try
        {
            if (await GreetAsync(visitor, gone.Token))
            {
                while (await visitor.ReadAsync(gone.Token) is { } message)
                {
                    await HandleAsync(visitor, message, running, gone.Token);
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
            // It is gone, or sent what cannot be read on from.
        }
        finally
        {
            await gone.CancelAsync();
            visitor.Dispose();
            _visitors.TryRemove(visitor, out _);
        }
    }

    private static async Task<bool> GreetAsync(MessageStream visitor, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(HelloPatience);
        if (await visitor.ReadAsync(patience.Token) is not { Method: SharingMethods.Hello } hello)
        {
            return false;
        }

        var theirs = hello.Read<Hello>().Protocol;
        var refusal =
            theirs == SharingMethods.Protocol
                ? null
                : $"the owner speaks version {SharingMethods.Protocol} of the sharing protocol, this process version {theirs}";
        await visitor.WriteAsync(
            new Message
            {
                Id = hello.Id,
                Payload = Message.Write(new Hello(SharingMethods.Protocol)),
                Error = refusal,
            }
        );
        return refusal is null;
    }

    private async Task HandleAsync(
        MessageStream visitor,
        Message message,
        ConcurrentDictionary<long, CancellationTokenSource> running,
        CancellationToken gone
    )
    {
        if (message.Method == SharingMethods.Cancel)
        {
            await CancelAsync(running.GetValueOrDefault(message.Id));
            return;
        }

        if (message.Method is null || SharingMethods.Find(message.Method) is not { } method)
        {
            await visitor.WriteAsync(new Message { Id = message.Id, Error = $"there is no method '{message.Method}'" });
            return;
        }

        var ending = CancellationTokenSource.CreateLinkedTokenSource(gone);
        if (!running.TryAdd(message.Id, ending))
        {
            ending.Dispose();
            throw new InvalidDataException($"The request {message.Id} is running already.");
        }

        var answering = Task.Run(
            async () =>
            {
                await SendAsync(visitor, await AnswerAsync(method, message, ending.Token));
                running.TryRemove(message.Id, out _);
                ending.Dispose();
            },
            CancellationToken.None
        );
        if (method.Changes)
        {
            await answering;
        }
    }

    private static async Task CancelAsync(CancellationTokenSource? request)
    {
        try
        {
            await (request?.CancelAsync() ?? Task.CompletedTask);
        }
        catch (ObjectDisposedException)
        {
            // Answered meanwhile.
        }
    }

    private async Task<Message> AnswerAsync(SharingMethod method, Message request, CancellationToken cancellation)
    {
        try
        {
            return new Message { Id = request.Id, Payload = await method.AnswerAsync(_memory, request, cancellation) };
        }
        catch (Exception exception)
        {
            // Whatever went wrong is the request's own failure.
            return new Message { Id = request.Id, Error = exception.Message.ReplaceLineEndings(" ") };
        }
    }

    // A visitor that cannot be written to is gone; its reader notices.
    private static async Task SendAsync(MessageStream visitor, Message message)
    {
        try
        {
            await visitor.WriteAsync(message);
        }
        catch (InvalidDataException exception)
        {
            await SendAsync(visitor, new Message { Id = message.Id, Error = exception.Message });
        }
        catch (IOException) { }
    }
}
