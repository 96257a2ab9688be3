namespace CodeComplete.Engine.Learning;

/// <summary>Outcomes of one thing, for and against it, each fading as <see cref="Decay"/> says. Not for use by two threads at once.</summary>
internal sealed class FadingCount
{
    // Of sixty-four newer outcomes the last counts a sixteenth; what is older says nothing that these do not.
    private const int Kept = 64;

    // The newest last. An outcome's time may be before that of one that was learned earlier: two processes, a clock set back.
    private readonly List<(DateTimeOffset When, double For, double Against)> _outcomes = [];

    public void Add(DateTimeOffset when, double taken, double refused)
    {
        var at = _outcomes.Count;
        while (at > 0 && _outcomes[at - 1].When > when)
        {
            at--;
        }

        _outcomes.Insert(at, (when, taken, refused));
        if (_outcomes.Count > Kept)
        {
            _outcomes.RemoveAt(0);
        }
    }

    /// <summary>When the thing was last refused; <see langword="null"/> where it never was.</summary>
    public DateTimeOffset? LastRefused => _outcomes.FindLast(static o => o.Against > 0) is { Against: > 0 } last ? last.When : null;

    /// <summary>The sums of what is for and against it, each outcome at its present weight.</summary>
    /// <param name="since">Only outcomes after this moment.</param>
    public (double For, double Against) At(DateTimeOffset now, DateTimeOffset? since = null)
    {
        var (taken, refused) = (0.0, 0.0);
        for (var i = _outcomes.Count - 1; i >= 0 && !(_outcomes[i].When <= since); i--)
        {
            var weight = Decay.Weight(_outcomes[i].When, now, _outcomes.Count - 1 - i);
            taken += weight * _outcomes[i].For;
            refused += weight * _outcomes[i].Against;
        }

        return (taken, refused);
    }
}
