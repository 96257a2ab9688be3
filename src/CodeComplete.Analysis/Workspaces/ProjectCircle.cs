namespace CodeComplete.Analysis;

/// <summary>Finds projects that refer to each other in a circle.</summary>
internal static class ProjectCircle
{
    /// <param name="references">For each project file those it refers to; a file that is no key refers to nothing.</param>
    /// <returns>The first circle, its first project again at its end; <see langword="null"/> where there is none.</returns>
    public static IReadOnlyList<string>? Find(IReadOnlyDictionary<string, List<string>> references)
    {
        var done = new HashSet<string>(Paths.Comparer);
        foreach (var start in references.Keys)
        {
            // Depth first, with the way so far: a project that is met again while it is on the way closes a circle.
            var way = new List<(string Project, int Next)> { (start, 0) };
            while (way.Count > 0)
            {
                var (project, next) = way[^1];
                var targets = references.TryGetValue(project, out var known) ? known : [];
                if (done.Contains(project) || next >= targets.Count)
                {
                    done.Add(project);
                    way.RemoveAt(way.Count - 1);
                    continue;
                }

                way[^1] = (project, next + 1);
                var target = targets[next];
                var at = way.FindIndex(step => Paths.Comparer.Equals(step.Project, target));
                if (at >= 0)
                {
                    return [.. way[at..].Select(step => step.Project), target];
                }

                way.Add((target, 0));
            }
        }

        return null;
    }
}
