namespace CodeComplete.Memory.Recalling;

/// <summary>What the user took from suggestions where the code was like here.</summary>
internal static class AcceptedSource
{
    /// <summary>Older ones are looked at no more: each costs some microseconds.</summary>
    private const int Newest = 400;

    private const int Most = 10;

    private static readonly TimeSpan HalfLife = TimeSpan.FromDays(30);

    /// <param name="acceptances">Newest first.</param>
    public static List<Hit> Search(IEnumerable<Acceptance> acceptances, WordWeights weights, DateTimeOffset now)
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

        return [.. found.OrderByDescending(static item => item.Score).Take(Most).Select(static item => item.Hit)];
    }
}
