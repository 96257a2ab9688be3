using System.Text.Json;
using System.Text.Json.Serialization;

namespace CodeComplete.Server.Protocol;

[method: JsonConstructor]
internal readonly record struct WorkspaceFolder(string Uri, string Name);

internal sealed record DidChangeWorkspaceFoldersParams(WorkspaceFoldersChangeEvent Event);

internal sealed record WorkspaceFoldersChangeEvent(IReadOnlyList<WorkspaceFolder> Added, IReadOnlyList<WorkspaceFolder> Removed);

/// <param name="Settings">The settings themselves, or nothing where the client wants them to be asked for.</param>
internal sealed record DidChangeConfigurationParams(JsonElement? Settings = null);

internal sealed record ConfigurationParams(IReadOnlyList<ConfigurationItem> Items);

internal sealed record ConfigurationItem(string? Section = null);

internal sealed record DidChangeConfigurationRegistrationOptions(string? Section = null);

internal enum FileChangeType
{
    Created = 1,
    Changed = 2,
    Deleted = 3,
}

[method: JsonConstructor]
internal readonly record struct FileEvent(string Uri, FileChangeType Type);

internal sealed record DidChangeWatchedFilesParams(IReadOnlyList<FileEvent> Changes);

internal sealed record DidChangeWatchedFilesRegistrationOptions(IReadOnlyList<FileSystemWatcher> Watchers);

internal sealed record FileSystemWatcher(string GlobPattern);

internal sealed record RegistrationParams(IReadOnlyList<Registration> Registrations);

/// <param name="RegisterOptions">The options' record of the method that is registered.</param>
internal sealed record Registration(string Id, string Method, object? RegisterOptions = null);
