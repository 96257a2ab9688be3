using System.Threading.Channels;
using CodeComplete.Server.Protocol;
using Microsoft.Extensions.Logging;
using StreamJsonRpc;

namespace CodeComplete.Server.Client;

/// <summary>
/// What the server says to the client by itself. Notifications leave in the order in which they were posted, and none before the client has
/// said <c>initialized</c>: LSP forbids it, and clients lose what comes earlier.
/// </summary>
internal sealed class LspClient(JsonRpc rpc, ILogger log)
{
    private readonly Channel<(string Method, object Parameters)> _outbox = Channel.CreateUnbounded<(string, object)>(
        new UnboundedChannelOptions { SingleReader = true }
    );

    private readonly TaskCompletionSource _initialized = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when the client has said <c>initialized</c>; questions wait for it.</summary>
    public Task Initialized => _initialized.Task;

    public void Open()
    {
        if (_initialized.TrySetResult())
        {
            _ = DeliverAsync();
        }
    }

    /// <summary>From now on nothing is sent; what was posted before still is.</summary>
    public void Close() => _outbox.Writer.TryComplete();

    public void Notify(string method, object parameters) => _outbox.Writer.TryWrite((method, parameters));

    public void Log(MessageType type, string message) => Notify(ClientMethods.LogMessage, new LogMessageParams(type, message));

    public void Show(MessageType type, string message) => Notify(ClientMethods.ShowMessage, new ShowMessageParams(type, message));

    /// <summary>Asks the client.</summary>
    /// <exception cref="RemoteRpcException">The client refused, or is gone.</exception>
    public Task<T> AskAsync<T>(string method, object parameters) => rpc.InvokeWithParameterObjectAsync<T>(method, parameters);

    private async Task DeliverAsync()
    {
        try
        {
            await foreach (var (method, parameters) in _outbox.Reader.ReadAllAsync())
            {
                await rpc.NotifyWithParameterObjectAsync(method, parameters);
            }
        }
        catch (Exception e) when (e is ConnectionLostException or ObjectDisposedException or IOException or OperationCanceledException)
        {
            log.LogDebug("The client is gone: {Problem}", e.Message);
        }
    }
}
