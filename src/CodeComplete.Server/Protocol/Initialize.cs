using System.Text.Json;

namespace CodeComplete.Server.Protocol;

/// <summary>
/// What the client says about itself. Capabilities and options stay JSON: clients spell them in many ways, and one odd value must not
/// keep the server from starting.
/// </summary>
/// <param name="ProcessId">The process to die with, if any.</param>
/// <param name="RootUri">The older way to name one workspace folder; <paramref name="RootPath"/> is the oldest.</param>
internal sealed record InitializeParams(
    int? ProcessId = null,
    ClientInfo? ClientInfo = null,
    string? RootPath = null,
    string? RootUri = null,
    IReadOnlyList<WorkspaceFolder>? WorkspaceFolders = null,
    JsonElement? Capabilities = null,
    JsonElement? InitializationOptions = null
);

internal sealed record ClientInfo(string Name, string? Version = null);

internal sealed record InitializeResult(ServerCapabilities Capabilities, ServerInfo ServerInfo);

internal sealed record ServerInfo(string Name, string Version);

/// <summary>What the server can do: nothing is listed that is not handled.</summary>
internal sealed record ServerCapabilities
{
    public required string PositionEncoding { get; init; }

    public required TextDocumentSyncOptions TextDocumentSync { get; init; }

    public required CompletionOptions CompletionProvider { get; init; }

    public required bool InlineCompletionProvider { get; init; }

    public required ExecuteCommandOptions ExecuteCommandProvider { get; init; }

    public required WorkspaceOptions Workspace { get; init; }
}

internal static class PositionEncodingKind
{
    public const string Utf8 = "utf-8";
    public const string Utf16 = "utf-16";
    public const string Utf32 = "utf-32";
}

internal sealed record WorkspaceOptions(WorkspaceFoldersServerCapabilities WorkspaceFolders);

internal sealed record WorkspaceFoldersServerCapabilities(bool Supported, bool ChangeNotifications);
