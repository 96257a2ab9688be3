using CodeComplete.Server.Protocol;
using CodeComplete.Server.Transport;
using StreamJsonRpc;

namespace CodeComplete.Server.Features.Lifecycle;

/// <summary>
/// Which messages may come when (LSP, "Server lifecycle"), and how the process ends. Messages are judged as they are read, so a client that
/// sends the next request without waiting for the answer to <c>initialize</c> is understood too.
/// </summary>
internal sealed class ServerLifetime : IMessageGate
{
    /// <summary>How long the end waits for what is still under way. After it the process goes all the same: <c>exit</c> must exit.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _shutdownAnswered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Phase _phase = Phase.Uninitialized;
    private RequestId _initialize;
    private RequestId _shutdown;

    private enum Phase
    {
        Uninitialized,
        Running,
        ShutDown,
        ExitedWell,
        ExitedEarly,
    }

    /// <summary>0 after <c>shutdown</c> and <c>exit</c>, 1 otherwise.</summary>
    public int ExitCode
    {
        get
        {
            lock (_gate)
            {
                return _phase == Phase.ExitedWell ? 0 : 1;
            }
        }
    }

    public Verdict Admit(string method, RequestId id)
    {
        lock (_gate)
        {
            if (method == "exit")
            {
                _phase = _phase == Phase.ShutDown ? Phase.ExitedWell : Phase.ExitedEarly;
                return new Verdict(Admission.End);
            }

            return id.IsEmpty ? AdmitNotification() : AdmitRequest(method, id);
        }
    }

    public void Failing(RequestId id)
    {
        lock (_gate)
        {
            if (_phase == Phase.Running && !_initialize.IsEmpty && id == _initialize)
            {
                // Refused: the client may try again.
                _phase = Phase.Uninitialized;
            }
        }
    }

    public void Answered(RequestId id)
    {
        lock (_gate)
        {
            if (id == _initialize)
            {
                // Its id may be used again.
                _initialize = RequestId.NotSpecified;
            }

            if (!_shutdown.IsEmpty && id == _shutdown)
            {
                _shutdownAnswered.TrySetResult();
            }
        }
    }

    public async Task LastWordAsync()
    {
        lock (_gate)
        {
            if (_shutdown.IsEmpty)
            {
                return;
            }
        }

        try
        {
            await _shutdownAnswered.Task.WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            // The engine does not come to an end, or the client does not read: leave without the answer.
        }
    }

    private Verdict AdmitNotification() => new(_phase == Phase.Running ? Admission.Pass : Admission.Drop);

    private Verdict AdmitRequest(string method, RequestId id)
    {
        switch (_phase)
        {
            case Phase.Uninitialized when method == "initialize":
                _phase = Phase.Running;
                _initialize = id;
                return new Verdict(Admission.Pass);
            case Phase.Uninitialized:
                return new Verdict(Admission.Reject, LspErrorCodes.ServerNotInitialized, "Send 'initialize' first.");
            case Phase.Running when method == "initialize":
                return new Verdict(
                    Admission.Reject,
                    LspErrorCodes.InvalidRequest,
                    "'initialize' was sent before; it may be sent only once."
                );
            case Phase.Running:
                if (method == "shutdown")
                {
                    _phase = Phase.ShutDown;
                    _shutdown = id;
                }

                return new Verdict(Admission.Pass);
            default:
                return new Verdict(Admission.Reject, LspErrorCodes.InvalidRequest, "The server was shut down; only 'exit' may follow.");
        }
    }
}
