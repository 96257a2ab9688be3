using CodeComplete.Engine;
using CodeComplete.Server.Client;
using CodeComplete.Server.Documents;
using CodeComplete.Server.Features.Initialize;
using CodeComplete.Server.Protocol;
using Microsoft.Extensions.Logging;
using StreamJsonRpc;

namespace CodeComplete.Server;

/// <summary>What the handlers of one connection share: the engine and the client's profile, once <c>initialize</c> has brought them.</summary>
internal sealed class Session : IDisposable
{
    private readonly CancellationTokenSource _ending = new();
    private readonly TaskCompletionSource _clientDied = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private ICompletionEngine? _engine;
    private Task? _ended;

    public Session(ServerOptions options, LspClient client, ILogger log)
    {
        (Options, Client, Log, Ending) = (options, client, log, _ending.Token);
    }

    public ServerOptions Options { get; }

    public LspClient Client { get; }

    public ILogger Log { get; }

    public OpenDocuments Documents { get; } = new();

    public ClientProfile Profile { get; private set; } = ClientProfile.Plain;

    /// <summary>Cancelled when the server ends: whatever still runs has nobody left to answer.</summary>
    public CancellationToken Ending { get; }

    /// <summary>Ends when the client's process does.</summary>
    public Task ClientDied => _clientDied.Task;

    /// <exception cref="LocalRpcException">There is none: <c>initialize</c> has failed.</exception>
    public ICompletionEngine Engine =>
        _engine ?? throw new LocalRpcException("Send 'initialize' first.") { ErrorCode = LspErrorCodes.ServerNotInitialized };

    public void Start(ICompletionEngine started, ClientProfile profile)
    {
        Profile = profile;
        _engine = started;
    }

    public void ReportClientDeath() => _clientDied.TrySetResult();

    /// <summary>Stops all work and lets the engine save what it has. Only the first call acts; every call waits for it.</summary>
    public Task EndAsync()
    {
        lock (_gate)
        {
            return _ended ??= EndOnceAsync();
        }
    }

    public void Dispose() => _ending.Dispose();

    private async Task EndOnceAsync()
    {
        Client.Close();
        await _ending.CancelAsync();
        if (_engine is not null)
        {
            try
            {
                await _engine.DisposeAsync();
            }
            catch (Exception e)
            {
                Log.LogError(e, "The engine did not end cleanly.");
            }
        }
    }
}
