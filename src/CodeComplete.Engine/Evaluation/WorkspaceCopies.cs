namespace CodeComplete.Engine.Evaluation;

/// <summary>
/// Finds the other places where a case's line stands: vendored and duplicated files, whole or in part. A file that is linked into several
/// projects, or compiled for several frameworks, is one file with one path and needs no finding.
/// </summary>
internal sealed class WorkspaceCopies
{
    // So many lines above and below must be equal, too, blank ones aside: a line alone may be a common phrase.
    private const int Surrounding = 3;

    private static readonly EnumerationOptions Everything = new()
    {
        RecurseSubdirectories = true,
        IgnoreInaccessible = true,
        AttributesToSkip = FileAttributes.ReparsePoint,
    };

    private readonly Dictionary<string, string> _texts = new(StringComparer.Ordinal);

    /// <summary>Reads all C# files below a folder; what the memory leaves out does no harm here.</summary>
    public WorkspaceCopies(string root)
    {
        foreach (var path in Directory.EnumerateFiles(root, "*.cs", Everything))
        {
            try
            {
                _texts[path] = File.ReadAllText(path);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Then the memory could not read it either.
            }
        }
    }

    /// <returns>The copies' paths, and their texts without the groundtruth.</returns>
    /// <param name="path">The case's own file, which is not among them.</param>
    /// <param name="text">Its whole text.</param>
    public IEnumerable<(string Path, string Blanked)> Blank(EvaluationCase made, string path, string text)
    {
        var line = Lines.At(text, made.Offset).Trim();
        var around = Around(text, Lines.StartOf(text, made.Offset));
        // The cursor may stand in the indentation.
        var column = Math.Max(0, made.Offset - Lines.CodeStartOf(text, made.Offset));
        foreach (var (other, whole) in _texts)
        {
            if (other == path || !whole.Contains(line, StringComparison.Ordinal))
            {
                continue;
            }

            var places = Lines
                .WithCode(whole)
                .Where(start => Lines.At(whole, start).AsSpan().Trim().SequenceEqual(line) && Around(whole, start).SequenceEqual(around))
                .ToList();
            var blanked = whole;
            // From the end, so that the places before stay where they are.
            for (var i = places.Count - 1; i >= 0; i--)
            {
                var from = Lines.CodeStartOf(whole, places[i]) + column;
                blanked = blanked.Remove(from, Lines.RestOf(whole, from).Length);
            }

            if (places.Count > 0)
            {
                yield return (other, blanked);
            }
        }
    }

    /// <summary>The lines above and below one that have code, without their indentation.</summary>
    private static List<string> Around(string text, int line)
    {
        var starts = Lines.WithCode(text).ToList();
        var at = starts.BinarySearch(line);
        var first = Math.Max(0, at - Surrounding);
        return
        [
            .. starts.Skip(first).Take(Math.Min(starts.Count, at + Surrounding + 1) - first).Select(start => Lines.At(text, start).Trim()),
        ];
    }
}
