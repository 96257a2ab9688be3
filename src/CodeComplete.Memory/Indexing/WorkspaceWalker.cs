using CodeComplete.Memory.Snippets;

namespace CodeComplete.Memory.Indexing;

/// <summary>A file to be remembered.</summary>
/// <param name="Path">Relative to the workspace root, with <c>/</c>.</param>
internal readonly record struct FoundFile(string Path, FileStamp Stamp);

/// <summary>What a walk found.</summary>
/// <param name="Files">In the order of their paths.</param>
/// <param name="UnreadableFolders">Relative, ending in <c>/</c>; the empty one is the root. What is in them is not known to be gone.</param>
/// <param name="KeptOut">C# files that are ignored, generated or too large, outside of folders that were not entered.</param>
internal sealed record WalkResult(IReadOnlyList<FoundFile> Files, IReadOnlyList<string> UnreadableFolders, int KeptOut);

/// <summary>
/// Finds the files of a workspace that are to be remembered. Symbolic links and junctions are not followed, as git does not follow them: so no
/// cycle can hold it, and no file is met twice.
/// </summary>
internal static class WorkspaceWalker
{
    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = FileAttributes.None, IgnoreInaccessible = false };

    public static WalkResult Walk(string root, SourceFileRules rules, CancellationToken cancellation)
    {
        var files = new List<FoundFile>();
        var unreadable = new List<string>();
        var keptOut = 0;
        var folders = new Stack<(string Path, IgnoreScope Scope)>();
        folders.Push(("", IgnoreScope.OfWorkspace(root)));
        while (folders.TryPop(out var folder))
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                foreach (var entry in new DirectoryInfo(Path.Combine(root, folder.Path)).EnumerateFileSystemInfos("*", Everything))
                {
                    var path = folder.Path + entry.Name;
                    if (entry is FileInfo file)
                    {
                        if (IsLink(file) || !file.Name.EndsWith(".cs", StringComparison.OrdinalIgnoreCase))
                        {
                            continue;
                        }

                        if (!rules.Wants(path) || folder.Scope.Ignores(file.Name, isFolder: false) || Stamp(file, rules) is not { } stamp)
                        {
                            keptOut++;
                            continue;
                        }

                        files.Add(new FoundFile(path, stamp));
                    }
                    else if (rules.WantsFolder(path) && !IsLink(entry) && !folder.Scope.Ignores(entry.Name, isFolder: true))
                    {
                        folders.Push((path + "/", folder.Scope.Enter(entry.Name)));
                    }
                }
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                unreadable.Add(folder.Path);
            }
        }

        files.Sort(static (a, b) => string.CompareOrdinal(a.Path, b.Path));
        return new WalkResult(files, unreadable, keptOut);
    }

    /// <summary>Would a walk find this file? Asks the disk for the <c>.gitignore</c> files above it alone, not for the file.</summary>
    public static bool Wants(string root, SourceFileRules rules, string path)
    {
        if (!rules.Wants(path))
        {
            return false;
        }

        var scope = IgnoreScope.OfWorkspace(root);
        var names = path.Split('/');
        foreach (var folder in names.SkipLast(1))
        {
            if (scope.Ignores(folder, isFolder: true))
            {
                return false;
            }

            scope = scope.Enter(folder);
        }

        return !scope.Ignores(names[^1], isFolder: false);
    }

    /// <returns>
    /// <see langword="null"/> for a file that is not to be read: too large; gone; or empty, and so perhaps a pipe or a device, whose opening would
    /// wait for ever.
    /// </returns>
    public static FileStamp? Stamp(FileInfo file, SourceFileRules rules) =>
        file.Exists && file.Length is > 0 and var length && length <= rules.MaxFileBytes
            ? new FileStamp(length, file.LastWriteTimeUtc.Ticks)
            : null;

    // Not the attribute alone: files of cloud drives are reparse points, too, and no links.
    public static bool IsLink(FileSystemInfo entry) =>
        entry.Attributes.HasFlag(FileAttributes.ReparsePoint) && entry.LinkTarget is not null;
}
