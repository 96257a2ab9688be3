using CodeComplete.Server.Documents;
using CodeComplete.Server.Features.ExecuteCommand;
using CodeComplete.Server.Protocol;

namespace CodeComplete.Server.Features.Initialize;

/// <summary>What the server tells the client it can do.</summary>
internal static class ServerCapabilitiesFactory
{
    /// <summary>
    /// The characters after which the list may open by itself; the engine still decides whether it does. Members, a directive, an argument, an
    /// index or attribute, a type argument or doc tag, a string, a base type or named argument, and what follows <c>new </c> or <c>override </c>.
    /// </summary>
    public static IReadOnlyList<string> TriggerCharacters { get; } = [".", "#", "(", "[", "<", "\"", ":", " "];

    public static ServerCapabilities Create(ClientProfile client) =>
        new()
        {
            PositionEncoding = PositionEncodings.NameOf(client.Encoding),
            TextDocumentSync = new TextDocumentSyncOptions(OpenClose: true, TextDocumentSyncKind.Incremental, Save: false),
            CompletionProvider = new CompletionOptions(
                TriggerCharacters,
                ResolveProvider: true,
                new ServerCompletionItemOptions(LabelDetailsSupport: true)
            ),
            InlineCompletionProvider = true,
            ExecuteCommandProvider = new ExecuteCommandOptions(ExecuteCommandHandler.Commands),
            Workspace = new WorkspaceOptions(new WorkspaceFoldersServerCapabilities(Supported: true, ChangeNotifications: true)),
        };
}
