using CodeComplete.Engine;
using CodeComplete.Server.Documents;
using CodeComplete.Server.Protocol;
using CodeComplete.Server.Transport;

namespace CodeComplete.Server.Features.WatchedFiles;

/// <summary>
/// <c>workspace/didChangeWatchedFiles</c>. The client watches, if it can: it does so already, and a second set of watchers runs into the system's
/// limits. Where it cannot, the engine does.
/// </summary>
internal sealed class WatchedFilesHandler(Session session)
{
    public const string Method = "workspace/didChangeWatchedFiles";

    public static Registration Registration { get; } =
        new(
            "codecomplete-watched-files",
            Method,
            new DidChangeWatchedFilesRegistrationOptions([
                new Protocol.FileSystemWatcher($"**/*.{{{string.Join(',', Engine.WatchedFiles.Extensions)}}}"),
                new Protocol.FileSystemWatcher($"**/{{{string.Join(',', Engine.WatchedFiles.Names)}}}"),
                new Protocol.FileSystemWatcher($"**/{Engine.WatchedFiles.RestoreFolder}/{Engine.WatchedFiles.RestoreFile}"),
            ])
        );

    [LspMethod(Method)]
    public void DidChange(DidChangeWatchedFilesParams parameters)
    {
        var changes = new List<FileChange>(parameters.Changes.Count);
        foreach (var (uri, type) in parameters.Changes)
        {
            if (DocumentUri.ToPath(uri) is { } path)
            {
                changes.Add(new FileChange(path, KindOf(type)));
            }
        }

        if (changes.Count > 0)
        {
            session.Engine.FilesChanged(changes);
        }
    }

    private static FileChangeKind KindOf(FileChangeType type) =>
        type switch
        {
            FileChangeType.Created => FileChangeKind.Created,
            FileChangeType.Deleted => FileChangeKind.Deleted,
            _ => FileChangeKind.Changed,
        };
}
