namespace CodeComplete.Memory.Recalling;

/// <summary>
/// Makes one ranking of several: weighted reciprocal rank fusion (Cormack, Clarke and Büttcher, SIGIR 2009). The sources' scores cannot be
/// compared, their ranks can. Lines that two sources found are one hit, with both their votes.
/// </summary>
internal static class Fusion
{
    // The paper's 60 is for lists of a thousand; ours are short, and their first places tell much more than their tenth.
    private const double K = 2;

    /// <summary>A hit and what it is worth.</summary>
    /// <param name="Sources">All that found it.</param>
    /// <param name="Reasons">Of all that found it, the heaviest vote first.</param>
    public sealed record Fused(Hit Hit, RecallSources Sources, double Score, IReadOnlyList<string> Reasons);

    /// <param name="rankings">Each source's hits, best first.</param>
    /// <returns>Best first; ties by path and line, so that the answer depends on nothing else.</returns>
    public static List<Fused> Fuse(IEnumerable<IReadOnlyList<Hit>> rankings, Func<RecallSources, double> weight)
    {
        var votes = rankings
            .SelectMany(hits => hits.Select((hit, rank) => (Hit: hit, Score: weight(hit.Source) / (K + rank))))
            .Where(static vote => vote.Score > 0)
            .OrderByDescending(static vote => vote.Score)
            .ThenBy(static vote => vote.Hit.Path, StringComparer.Ordinal)
            .ThenBy(static vote => vote.Hit.StartLine)
            .ThenBy(static vote => vote.Hit.Source);
        var ofPath = new Dictionary<string, List<Group>>(WorkspacePath.Comparer);
        var groups = new List<Group>();
        foreach (var (hit, score) in votes)
        {
            if (!ofPath.TryGetValue(hit.Path, out var here))
            {
                ofPath[hit.Path] = here = [];
            }

            // Windows of one source overlap by design; only another source's vote is news.
            if (here.Find(group => group.Hit.Overlaps(hit) && !group.Sources.HasFlag(hit.Source)) is { } same)
            {
                same.Add(hit, score);
                continue;
            }

            var group = new Group(hit, score);
            here.Add(group);
            groups.Add(group);
        }

        return
        [
            .. groups
                .Select(static group => new Fused(group.Hit, group.Sources, group.Score, group.Reasons))
                .OrderByDescending(static fused => fused.Score)
                .ThenBy(static fused => fused.Hit.Path, StringComparer.Ordinal)
                .ThenBy(static fused => fused.Hit.StartLine),
        ];
    }

    private sealed class Group
    {
        public Group(Hit hit, double score)
        {
            Hit = hit;
            Add(hit, score);
        }

        public Hit Hit { get; private set; }

        public RecallSources Sources { get; private set; }

        public double Score { get; private set; }

        public List<string> Reasons { get; } = [];

        public void Add(Hit hit, double score)
        {
            Sources |= hit.Source;
            Score += score;
            if (hit.Reason is { } reason && !Reasons.Contains(reason))
            {
                Reasons.Add(reason);
            }

            if (hit.Coverage > Hit.Coverage)
            {
                Hit = Hit with { Coverage = hit.Coverage };
            }
        }
    }
}
