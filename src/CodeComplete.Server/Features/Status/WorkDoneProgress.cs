using System.Globalization;
using CodeComplete.Engine;
using CodeComplete.Server.Client;
using CodeComplete.Server.Protocol;

namespace CodeComplete.Server.Features.Status;

/// <summary>Turns a row of statuses into LSP progresses: one for each time the engine is busy with one thing.</summary>
internal sealed class WorkDoneProgress(LspClient client)
{
    private int _count;
    private string? _token;
    private EngineState _shown;

    /// <exception cref="StreamJsonRpc.RemoteRpcException">The client refused the progress.</exception>
    public async Task ShowAsync(EngineStatus status)
    {
        if (_token is not null && status.State != _shown)
        {
            Send(new WorkDoneProgressEnd());
            _token = null;
        }

        if (TitleOf(status.State) is not { } title)
        {
            return;
        }

        if (_token is not null)
        {
            Send(new WorkDoneProgressReport(status.Message, status.Percent));
            return;
        }

        _count++;
        var created = string.Create(CultureInfo.InvariantCulture, $"codecomplete/{_count}");
        await client.AskAsync<object?>(ClientMethods.CreateProgress, new WorkDoneProgressCreateParams(created));
        (_token, _shown) = (created, status.State);
        Send(new WorkDoneProgressBegin(title, status.Message, status.Percent));
    }

    /// <summary><see langword="null"/> for a state in which nothing goes on.</summary>
    private static string? TitleOf(EngineState state) =>
        state switch
        {
            EngineState.Starting => "CodeComplete: starting",
            EngineState.Loading => "CodeComplete: loading",
            EngineState.Indexing => "CodeComplete: indexing",
            _ => null,
        };

    private void Send(object value) => client.Notify(ClientMethods.Progress, new ProgressParams(_token!, value));
}
