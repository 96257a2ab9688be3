using CodeComplete.Memory.Storage;

namespace CodeComplete.Memory.Sharing;

/// <summary>
/// The life of a process that does not own the memory: it visits the owner as long as there is one, and takes the memory over when there is none
/// any more. The system frees the lock of a process that dies, so whoever loses the owner tries the lock at once, and then at least each second. An owner that
/// hangs keeps its lock; the process then works alone and goes on trying.
/// </summary>
internal sealed class Succession : IAsyncDisposable
{
    // A lock is free some moments after its process has died or said good-bye; from then on, once a second is enough.
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    // An owner that has just begun loads its database before it listens; that is no reason to say anything.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly SharingEndpoint _endpoint;
    private readonly Func<OwnerLock?> _tryTake;
    private readonly ISuccessor _successor;
    private readonly CancellationTokenSource _ending = new();
    private readonly TaskCompletionSource _firstTry = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _running;
    private bool _mayOwn = true;
    private string? _said;

    /// <param name="tryTake">Takes the owner's lock, or returns <see langword="null"/> where another process holds it.</param>
    public Succession(SharingEndpoint endpoint, Func<OwnerLock?> tryTake, ISuccessor successor)
    {
        (_endpoint, _tryTake, _successor) = (endpoint, tryTake, successor);
        _running = Task.Run(RunAsync);
    }

    /// <summary>Completes when it has found an owner, has become it, or has found neither possible for now.</summary>
    public Task FirstTry => _firstTry.Task;

    /// <summary>Leaves the owner, and lets another inherit. A memory that was taken over stays with the successor.</summary>
    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _running;
    }

    private async Task RunAsync()
    {
        try
        {
            var alone = Environment.TickCount64;
            var wait = ShortestWait;
            while (true)
            {
                if (TryInherit())
                {
                    return;
                }

                if (await TryVisitAsync(alone))
                {
                    (alone, wait) = (Environment.TickCount64, ShortestWait);
                    continue; // the owner is gone: the lock is likely to be free this moment
                }

                _firstTry.TrySetResult();
                // Not in step with others that lost the same owner.
                await Task.Delay(wait * (0.5 + (Random.Shared.NextDouble() / 2)), _ending.Token);
                wait = wait * 2 < LongestWait ? wait * 2 : LongestWait;
            }
        }
        catch (OperationCanceledException) { }
        finally
        {
            _firstTry.TrySetResult();
        }
    }

    private bool TryInherit()
    {
        _ending.Token.ThrowIfCancellationRequested();
        try
        {
            if (!_mayOwn || _tryTake() is not { } ownerLock)
            {
                return false;
            }

            return _mayOwn = _successor.Own(ownerLock);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false; // the folder is gone or full; the owner, if there is one, may still answer
        }
    }

    /// <returns><see langword="true"/> where an owner was visited, and is lost now.</returns>
    private async Task<bool> TryVisitAsync(long aloneSince)
    {
        try
        {
            await using var owner = await SharingClient.ConnectAsync(_endpoint, _successor.Learned, _successor.Forgotten, _ending.Token);
            _said = null;
            _successor.Visit(owner);
            _firstTry.TrySetResult();
            try
            {
                await owner.Lost.WaitAsync(_ending.Token);
            }
            finally
            {
                _successor.Leave(owner);
            }

            return true;
        }
        catch (SharingRefusedException exception)
        {
            SayAlone(exception.Message);
            return false;
        }
        catch (Exception exception)
            when (exception is IOException or TimeoutException or UnauthorizedAccessException or InvalidDataException)
        {
            if (Environment.TickCount64 - aloneSince >= Grace.TotalMilliseconds)
            {
                SayAlone("it does not answer");
            }

            return false;
        }
    }

    // Once, until an owner was visited again.
    private void SayAlone(string why)
    {
        if (_said != why)
        {
            _said = why;
            _successor.Alone(why);
        }
    }
}

/// <summary>Who visits a memory and may inherit it. Called by <see cref="Succession"/> alone, on one thread at a time, except where it says otherwise.</summary>
internal interface ISuccessor
{
    /// <summary>The owner's lock is ours: takes over the memory, with the lock.</summary>
    /// <returns><see langword="false"/>: the memory cannot be opened here, so this process does not try again; the lock was let go.</returns>
    bool Own(OwnerLock ownerLock);

    /// <summary>There is an owner that answers.</summary>
    void Visit(SharingClient owner);

    /// <summary>The owner that was visited does not answer any more. Soon one of the others is called.</summary>
    void Leave(SharingClient owner);

    /// <summary>The lock is another's, and that process cannot be visited.</summary>
    /// <param name="why">Without a full stop.</param>
    void Alone(string why);

    /// <summary>The owner learned something; on the client's own thread.</summary>
    void Learned(Acceptance acceptance);

    /// <summary>The owner forgot something; on the client's own thread.</summary>
    void Forgotten(Forgetting what);
}
