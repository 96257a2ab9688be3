namespace CodeComplete.Engine.Chain;

/// <summary>
/// What the model wrote last, in its tokens. While somebody types beside a suggestion, or where none is shown, the next one mostly goes on as the last
/// one did; and so do the second and third tries of one request. Safe for several callers.
/// </summary>
internal sealed class RecentWriting
{
    /// <summary>Answers that are kept.</summary>
    private const int Kept = 16;

    /// <summary>Tokens before an answer that are kept with it: as many as are compared.</summary>
    private const int Before = Drafts.Most;

    private readonly Lock _lock = new();
    private readonly LinkedList<int[]> _answers = new();

    /// <param name="ids">Prompt and answer.</param>
    /// <param name="prompt">How many of them are the prompt.</param>
    public void Add(IReadOnlyList<int> ids, int prompt)
    {
        if (ids.Count == prompt)
        {
            return;
        }

        var from = Math.Max(0, prompt - Before);
        int[] answer = [.. Enumerable.Range(from, ids.Count - from).Select(i => ids[i])];
        lock (_lock)
        {
            _answers.AddFirst(answer);
            if (_answers.Count > Kept)
            {
                _answers.RemoveLast();
            }
        }
    }

    /// <summary>What stood behind the longest run of tokens that ends <paramref name="ids"/> too; of equally long ones, in the last answer.</summary>
    /// <param name="atLeast">A run that is shorter does not count.</param>
    /// <returns>At most eight ids; none where the last token is a new one.</returns>
    public IReadOnlyList<int> Propose(IReadOnlyList<int> ids, int atLeast)
    {
        lock (_lock)
        {
            var longest = Math.Max(1, atLeast) - 1;
            var found = ArraySegment<int>.Empty;
            foreach (var answer in _answers)
            {
                for (var end = answer.Length - 1; end > 0; end--)
                {
                    var length = Drafts.CommonEnd(answer, end, ids);
                    if (length > longest)
                    {
                        longest = length;
                        found = new ArraySegment<int>(answer, end, Math.Min(Drafts.Most, answer.Length - end));
                    }
                }
            }

            return found.ToArray();
        }
    }
}
