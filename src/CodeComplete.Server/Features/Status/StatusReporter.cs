using System.Threading.Channels;
using CodeComplete.Engine;
using CodeComplete.Server.Protocol;
using Microsoft.Extensions.Logging;
using StreamJsonRpc;

namespace CodeComplete.Server.Features.Status;

/// <summary>
/// The engine's status: the notification <c>codecomplete/status</c>, and <c>$/progress</c> while it is busy, if the client shows progress.
/// Only the newest status counts, so an engine that reports faster than the client reads costs nothing.
/// </summary>
internal sealed class StatusReporter
{
    private readonly Session _session;
    private readonly Channel<EngineStatus> _forStatus = Newest();
    private readonly Channel<EngineStatus> _forProgress = Newest();

    private StatusReporter(Session session) => this._session = session;

    public static void Attach(Session session, ICompletionEngine engine)
    {
        var reporter = new StatusReporter(session);
        engine.StatusChanged += reporter.Take;
        reporter.Take(engine.Status);
        _ = reporter.SendStatusAsync();

        // A loop of its own: it waits for the client's answer before each new progress, and the status must not.
        _ = reporter.SendProgressAsync();
    }

    private static Channel<EngineStatus> Newest() =>
        Channel.CreateBounded<EngineStatus>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });

    private void Take(EngineStatus status)
    {
        _forStatus.Writer.TryWrite(status);
        _forProgress.Writer.TryWrite(status);
    }

    private async Task SendStatusAsync()
    {
        await QuietlyAsync(async () =>
        {
            await _session.Client.Initialized.WaitAsync(_session.Ending);
            await foreach (var status in _forStatus.Reader.ReadAllAsync(_session.Ending))
            {
                var state = status.State.ToString().ToLowerInvariant();
                _session.Client.Notify(ClientMethods.Status, new CodeCompleteStatusParams(state, status.Percent, status.Message));
            }
        });
    }

    private async Task SendProgressAsync()
    {
        if (!_session.Profile.WorkDoneProgress)
        {
            return;
        }

        await QuietlyAsync(async () =>
        {
            await _session.Client.Initialized.WaitAsync(_session.Ending);
            var progress = new WorkDoneProgress(_session.Client);
            await foreach (var status in _forProgress.Reader.ReadAllAsync(_session.Ending))
            {
                await progress.ShowAsync(status);
            }
        });
    }

    private async Task QuietlyAsync(Func<Task> loop)
    {
        try
        {
            await loop();
        }
        catch (OperationCanceledException)
        {
            // The server ends.
        }
        catch (Exception e) when (e is RemoteRpcException or ObjectDisposedException or IOException)
        {
            _session.Log.LogDebug("The client takes no progress: {Problem}", e.Message);
        }
    }
}
