namespace CodeComplete.Memory.Indexing;

/// <summary>
/// What git ignores in one folder: its own <c>.gitignore</c>, those of the folders above it up to the repository's top, and the repository's
/// <c>info/exclude</c>. The last pattern that matches in the nearest file decides. A file inside an ignored folder is ignored, whatever its
/// own patterns say; a walk has that for nothing, since it does not enter.
/// </summary>
internal sealed class IgnoreScope
{
    private const string FileName = ".gitignore";
    private const long LargestFile = 1024 * 1024;

    private readonly IgnoreScope? _outer;
    private readonly string _folder;
    private readonly string _pathFromTop;
    private readonly IgnorePattern[] _patterns;

    private IgnoreScope(IgnoreScope? outer, string folder, string pathFromTop, string ignoreFile)
    {
        (_outer, _folder, _pathFromTop, _patterns) = (outer, folder, pathFromTop, Read(ignoreFile));
    }

    /// <summary>
    /// The scope of a workspace's root. Patterns above the root count for what is in it, not for the root itself: who opens an ignored folder
    /// wants it.
    /// </summary>
    public static IgnoreScope OfWorkspace(string root)
    {
        var above = new Stack<string>();
        for (var folder = root; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            above.Push(folder);
            if (Path.Exists(Path.Combine(folder, ".git")))
            {
                break;
            }
        }

        if (!Path.Exists(Path.Combine(above.Peek(), ".git")))
        {
            return new IgnoreScope(null, root, "", Path.Combine(root, FileName)); // no repository: the workspace is the top
        }

        var top = above.Pop();
        var scope = new IgnoreScope(null, top, "", Path.Combine(top, ".git", "info", "exclude"));
        scope = new IgnoreScope(scope, top, "", Path.Combine(top, FileName));
        foreach (var folder in above)
        {
            scope = scope.Enter(Path.GetFileName(folder));
        }

        return scope;
    }

    /// <summary>The scope of a folder in this one.</summary>
    public IgnoreScope Enter(string name)
    {
        var folder = Path.Combine(_folder, name);
        return new IgnoreScope(this, folder, _pathFromTop + name + "/", Path.Combine(folder, FileName));
    }

    /// <summary>Is the file or folder of this name, right in this folder, ignored?</summary>
    public bool Ignores(string name, bool isFolder)
    {
        var path = _pathFromTop + name;
        for (var scope = this; scope is not null; scope = scope._outer)
        {
            if (Decide(scope._patterns, path[scope._pathFromTop.Length..], isFolder) is { } ignored)
            {
                return ignored;
            }
        }

        return false;
    }

    /// <summary>The last pattern that matches decides; <see langword="null"/> where none does.</summary>
    public static bool? Decide(IReadOnlyList<IgnorePattern> patterns, string path, bool isFolder)
    {
        for (var i = patterns.Count - 1; i >= 0; i--)
        {
            if (patterns[i].Matches(path, isFolder))
            {
                return !patterns[i].IsNegated;
            }
        }

        return null;
    }

    public static IgnorePattern[] Parse(IEnumerable<string> lines) =>
        [.. lines.Select(static line => IgnorePattern.Parse(line, WorkspacePath.IgnoresCase)).OfType<IgnorePattern>()];

    private static IgnorePattern[] Read(string path)
    {
        try
        {
            var file = new FileInfo(path);
            return file.Exists && file.Length <= LargestFile ? Parse(File.ReadLines(path)) : [];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return []; // what cannot be read forbids nothing
        }
    }
}
