using CodeComplete.Engine;
using CodeComplete.Server.Client;
using CodeComplete.Server.Protocol;

namespace CodeComplete.Server.Features.Notices;

/// <summary>
/// The engine's notices: <c>window/logMessage</c> for all, and <c>window/showMessage</c> too for those that the user must act on.
/// </summary>
internal static class NoticeReporter
{
    public static void Attach(LspClient client, ICompletionEngine engine) => engine.Noticed += notice => Report(client, notice);

    private static void Report(LspClient client, Notice notice)
    {
        var type = notice.Level switch
        {
            NoticeLevel.Error => MessageType.Error,
            NoticeLevel.Warning => MessageType.Warning,
            _ => MessageType.Info,
        };
        client.Log(type, notice.Message);
        if (type is MessageType.Error or MessageType.Warning)
        {
            client.Show(type, notice.Message);
        }
    }
}
