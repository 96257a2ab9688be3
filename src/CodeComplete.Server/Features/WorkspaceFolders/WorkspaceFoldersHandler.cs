using CodeComplete.Server.Documents;
using CodeComplete.Server.Protocol;
using CodeComplete.Server.Transport;

namespace CodeComplete.Server.Features.WorkspaceFolders;

/// <summary><c>workspace/didChangeWorkspaceFolders</c>, and the folders of <c>initialize</c>.</summary>
internal sealed class WorkspaceFoldersHandler(Session session)
{
    [LspMethod("workspace/didChangeWorkspaceFolders")]
    public void DidChange(DidChangeWorkspaceFoldersParams parameters)
    {
        var (added, removed) = (Paths(parameters.Event.Added), Paths(parameters.Event.Removed));
        if (added.Count > 0 || removed.Count > 0)
        {
            session.Engine.FoldersChanged(added, removed);
        }
    }

    /// <summary>The workspace folders, or what older clients send in their place. Folders that are not on disk are left out.</summary>
    public static IReadOnlyList<string> FoldersOf(InitializeParams parameters)
    {
        if (parameters.WorkspaceFolders is { } folders)
        {
            return Paths(folders);
        }

        if (parameters.RootUri is { } uri)
        {
            return DocumentUri.ToPath(uri) is { } path ? [path] : [];
        }

        return string.IsNullOrEmpty(parameters.RootPath) ? [] : [parameters.RootPath];
    }

    private static List<string> Paths(IEnumerable<WorkspaceFolder> folders) =>
        [.. folders.Select(folder => DocumentUri.ToPath(folder.Uri)).OfType<string>()];
}
