namespace CodeComplete.Memory.Recalling;

/// <summary>What the user took from suggestions where the code was like here.</summary>
internal static class AcceptedSource
{
    /// <summary>Older ones are looked at no more: each costs some microseconds.</summary>
    private const int Newest = 200;

    private const int Most = 4;

    private static readonly TimeSpan HalfLife = TimeSpan.FromDays(30);

    private const int Before = 4;
    private const int Lines = 9;

    /// <param name="acceptances">Newest first.</param>
    /// <param name="lineOf">Where a line stands in a file, from 0; -1 where it does not any more.</param>
    /// <param name="linesOf">The lines of a file from one on, so many; <see langword="null"/> where they are not known.</param>
    /// <returns>Best first: with the lines around, where the accepted one still stands.</returns>
    public static List<Hit> Search(
        IEnumerable<Acceptance> acceptances,
        WordWeights weights,
        DateTimeOffset now,
        Func<string, string, int> lineOf,
        Func<string, int, int, string?> linesOf
    )
    {
        var found = new List<(Hit Hit, double Score)>();
        var corrected = new HashSet<Guid>();
        foreach (var acceptance in acceptances.Where(static a => a.Kind != AcceptanceKind.Rejected).Take(Newest))
        {
            // What the user changed right after stands in a newer outcome of its own.
            if (acceptance.Corrects is { } id)
            {
                corrected.Add(id);
            }

            if (corrected.Contains(acceptance.Id) || acceptance.Text.Length == 0)
            {
                continue;
            }

            var text = (acceptance.Before.TrimStart() + acceptance.Text).TrimEnd();
            var coverage = weights.Coverage(text);
            if (coverage <= 0)
            {
                continue;
            }

            // A clock that was set back makes an acceptance no better than a new one.
            var age = Math.Max(0, (now - acceptance.When) / HalfLife);
            var hit = new Hit
            {
                Source = RecallSources.Accepted,
                Path = acceptance.Path,
                // Where it stands now is not known.
                StartLine = 0,
                Lines = 0,
                Text = () => text,
                Reason = "accepted before",
                Coverage = coverage,
            };
            found.Add((hit, coverage * Math.Pow(2, -age)));
        }

        return [.. found.OrderByDescending(static item => item.Score).Take(Most).Select(item => WithLinesAround(item.Hit))];

        Hit WithLinesAround(Hit hit)
        {
            var at = lineOf(hit.Path, hit.Text()!.Split('\n')[0].Trim());
            var first = Math.Max(0, at - Before);
            return at >= 0 && linesOf(hit.Path, first, Lines) is { Length: > 0 } around
                ? hit with
                {
                    StartLine = first,
                    Lines = around.AsSpan().Count('\n') + 1,
                    Text = () => around,
                    Coverage = Math.Max(hit.Coverage, weights.Coverage(around)),
                }
                : hit;
        }
    }
}
