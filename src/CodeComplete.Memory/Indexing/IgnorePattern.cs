namespace CodeComplete.Memory.Indexing;

/// <summary>
/// One line of a <c>.gitignore</c> file (git's gitignore(5)). Matching takes time in proportion to pattern times path, whatever the pattern.
/// </summary>
internal sealed class IgnorePattern
{
    private const string AnyFolders = "**";

    private readonly string[] _segments;
    private readonly bool _foldersOnly;
    private readonly bool _ignoreCase;

    private IgnorePattern(string[] segments, bool foldersOnly, bool negated, bool ignoreCase)
    {
        (_segments, _foldersOnly, IsNegated, _ignoreCase) = (segments, foldersOnly, negated, ignoreCase);
    }

    /// <summary>It began with <c>!</c>: what it matches is kept.</summary>
    public bool IsNegated { get; }

    /// <returns><see langword="null"/> for a blank line or a comment.</returns>
    public static IgnorePattern? Parse(string line, bool ignoreCase)
    {
        var pattern = TrimEnd(line);
        if (pattern.Length == 0 || pattern[0] == '#')
        {
            return null;
        }

        var negated = pattern[0] == '!';
        pattern = negated ? pattern[1..] : pattern;
        var foldersOnly = pattern.EndsWith('/');
        pattern = foldersOnly ? pattern[..^1] : pattern;
        if (pattern.Length == 0)
        {
            return null;
        }

        // A slash anywhere but at the end ties the pattern to the folder of its file.
        var segments = new List<string>();
        if (!pattern.Contains('/'))
        {
            segments.Add(AnyFolders);
        }

        foreach (var segment in (pattern.StartsWith('/') ? pattern[1..] : pattern).Split('/'))
        {
            if (segment != AnyFolders || segments.Count == 0 || segments[^1] != AnyFolders)
            {
                segments.Add(segment);
            }
        }

        if (segments[^1] == AnyFolders)
        {
            segments.Add("*"); // `a/**` is all that is in a, but not a
        }

        return new IgnorePattern([.. segments], foldersOnly, negated, ignoreCase);
    }

    /// <param name="path">Relative to the folder of the pattern's file, with <c>/</c>.</param>
    public bool Matches(string path, bool isFolder)
    {
        if (_foldersOnly && !isFolder)
        {
            return false;
        }

        // Greedy, with one way back to the last `**`: as with the stars of a glob, an earlier one need never be tried again.
        int segment = 0,
            at = 0,
            segmentAfterStar = -1,
            atAfterStar = 0;
        while (at < path.Length)
        {
            if (segment < _segments.Length && _segments[segment] == AnyFolders)
            {
                segmentAfterStar = ++segment;
                atAfterStar = at;
            }
            else if (
                segment < _segments.Length
                && SegmentGlob.Matches(_segments[segment], path.AsSpan(at, NameEnd(path, at) - at), _ignoreCase)
            )
            {
                segment++;
                at = NameEnd(path, at) + 1;
            }
            else if (segmentAfterStar >= 0)
            {
                segment = segmentAfterStar;
                at = atAfterStar = NameEnd(path, atAfterStar) + 1;
            }
            else
            {
                return false;
            }
        }

        return segment == _segments.Length;
    }

    private static int NameEnd(string path, int at)
    {
        var slash = path.IndexOf('/', at);
        return slash < 0 ? path.Length : slash;
    }

    // Blanks at the end do not count, unless the last is escaped.
    private static string TrimEnd(string line)
    {
        var end = line.TrimEnd('\r').Length;
        while (end > 0 && line[end - 1] == ' ' && (end < 2 || line[end - 2] != '\\'))
        {
            end--;
        }

        return line[..end];
    }
}
