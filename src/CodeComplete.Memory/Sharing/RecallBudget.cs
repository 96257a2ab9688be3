namespace CodeComplete.Memory.Sharing;

/// <summary>
/// A query's cost is a function and stays in its process. So the owner is asked for more than is wanted, whatever it costs, and what fits is
/// chosen here.
/// </summary>
internal static class RecallBudget
{
    private const int Spare = 4;

    /// <summary>The query as the owner gets it.</summary>
    public static RecallQuery Widen(RecallQuery query) =>
        query.Cost is null
            ? query
            : query with
            {
                MaxSnippets = (int)Math.Min(int.MaxValue, (long)query.MaxSnippets * Spare),
                Cost = null,
                Budget = int.MaxValue,
            };

    /// <summary>The best of the owner's answer that fit the query.</summary>
    public static RecallAnswer Fit(RecallAnswer answer, RecallQuery query)
    {
        if (query.Cost is not { } cost)
        {
            return answer;
        }

        var chosen = new List<Snippet>();
        long spent = 0;
        foreach (var snippet in answer.Snippets)
        {
            if (chosen.Count >= query.MaxSnippets)
            {
                break;
            }

            var price = cost(snippet);
            if (spent + price <= query.Budget)
            {
                spent += price;
                chosen.Add(snippet);
            }
        }

        return answer with
        {
            Snippets = chosen,
        };
    }
}
