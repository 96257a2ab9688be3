using CodeComplete.Transformer;

namespace CodeComplete.Engine.Chain;

/// <summary>
/// The lines that a model could write instead, the likeliest next: where a line was written, each of its tokens might have been another, and the
/// chance of that is what led up to it times the runner-up's share. Best first, one line at a time, since most requests need no second one; a beam
/// would pay for all of its lines at each token.
/// </summary>
/// <param name="leastChance">What the model gives less is not tried: a guess among many.</param>
internal sealed class LineSearch(double leastChance)
{
    private readonly PriorityQueue<Turn, double> _turns = new();

    /// <summary>Notes where another way could have been taken.</summary>
    /// <param name="turn">With which it was made.</param>
    public void Add(Generation generation, Turn? turn)
    {
        var chance = 1.0;
        for (var i = 0; i < generation.Path.Count; i++)
        {
            var token = generation.Path[i];
            if (i >= (turn?.Kept.Count ?? 0) && chance * token.RunnerUp >= leastChance)
            {
                IReadOnlyList<int> before = turn is not null && i == turn.Kept.Count ? turn.Refused : [];
                _turns.Enqueue(new Turn([.. generation.Path.Take(i)], [.. before, token.Id]), -chance * token.RunnerUp);
            }

            chance *= token.Probability;
        }
    }

    /// <returns><see langword="null"/> where no line is left that is likely enough.</returns>
    public Turn? Next() => _turns.TryDequeue(out var turn, out _) ? turn : null;
}
