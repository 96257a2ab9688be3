namespace CodeComplete.Memory.Recalling;

/// <summary>Where the user has just typed. What is being done in one file is often done in another next.</summary>
internal sealed class RecentEdits(TimeProvider time)
{
    private const int Kept = 32;

    /// <summary>Edits so near to each other are one place.</summary>
    private const int NearLines = 6;

    /// <summary>After so long an edit is worth half: the task at hand changes with the hour, not with the day.</summary>
    private static readonly TimeSpan HalfLife = TimeSpan.FromMinutes(20);

    private readonly Lock _gate = new();
    private readonly LinkedList<Edit> _latest = new();

    private readonly record struct Edit(string Path, int Line, DateTimeOffset When);

    /// <param name="line">From 0.</param>
    public void Note(string path, int line)
    {
        lock (_gate)
        {
            for (var node = _latest.First; node is not null; node = node.Next)
            {
                if (WorkspacePath.Comparer.Equals(node.Value.Path, path) && Math.Abs(node.Value.Line - line) <= NearLines)
                {
                    _latest.Remove(node);
                    break;
                }
            }

            _latest.AddFirst(new Edit(path, line, time.GetUtcNow()));
            if (_latest.Count > Kept)
            {
                _latest.RemoveLast();
            }
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _latest.Clear();
        }
    }

    /// <param name="linesOf">The lines of a file from one on, so many; <see langword="null"/> where they are not known.</param>
    /// <returns>Best first: what shares words with the query, the newer the better.</returns>
    public List<Hit> Search(RecallQuery query, WordWeights weights, Func<string, int, int, string?> linesOf)
    {
        const int before = 4;
        const int lines = 9;
        List<Edit> edits;
        lock (_gate)
        {
            edits = [.. _latest];
        }

        var now = time.GetUtcNow();
        var found = new List<(Hit Hit, double Score)>();
        foreach (var edit in edits.Where(edit => !WorkspacePath.Comparer.Equals(edit.Path, query.Path)))
        {
            var first = Math.Max(0, edit.Line - before);
            if (linesOf(edit.Path, first, lines) is not { Length: > 0 } text)
            {
                continue;
            }

            var coverage = weights.Coverage(text);
            var age = Math.Max(0, (now - edit.When) / HalfLife);
            var hit = new Hit
            {
                Source = RecallSources.RecentEdits,
                Path = edit.Path,
                StartLine = first,
                Lines = text.AsSpan().Count('\n') + 1,
                Text = () => text,
                Reason = "edited just now",
                Coverage = coverage,
            };
            found.Add((hit, coverage * Math.Pow(2, -age)));
        }

        return [.. found.Where(static item => item.Score > 0).OrderByDescending(static item => item.Score).Select(static item => item.Hit)];
    }
}
