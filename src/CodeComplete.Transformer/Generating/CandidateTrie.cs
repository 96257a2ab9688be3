namespace CodeComplete.Transformer;

/// <summary>Candidates by their tokens, so that what several share is read once.</summary>
internal sealed class CandidateTrie
{
    public CandidateTrie() => Root = new Node(null, -1);

    public Node Root { get; }

    public void Add(IReadOnlyList<int> tokens, int candidate)
    {
        var node = Root;
        foreach (var token in tokens)
        {
            if (!node.Children.TryGetValue(token, out var child))
            {
                node.Children[token] = child = new Node(node, token);
            }

            node = child;
        }

        node.Candidates.Add(candidate);
    }

    /// <summary>A beginning that candidates share.</summary>
    public sealed class Node(Node? parent, int token)
    {
        public Node? Parent { get; } = parent;

        public int Token { get; } = token;

        public Dictionary<int, Node> Children { get; } = [];

        /// <summary>The candidates that end here.</summary>
        public List<int> Candidates { get; } = [];

        /// <summary>The logarithm of the probability of all tokens up to here; for what lies deeper, an upper bound.</summary>
        public double LogProbability { get; set; } = double.NegativeInfinity;

        /// <summary>The logarithm of the probability that the name ends here, where longer ones go on from it and the model was asked.</summary>
        public double? EndLogProbability { get; set; }

        /// <summary>The model was asked what comes after it, or nothing does.</summary>
        public bool Expanded { get; set; }

        /// <summary>The only way on, where there is one and nothing ends here.</summary>
        public Node? OnlyChild => Candidates.Count == 0 && Children.Count == 1 ? Children.Values.First() : null;

        /// <summary>The tokens from the root to here.</summary>
        public List<int> Path()
        {
            var path = new List<int>();
            for (var node = this; node.Parent is not null; node = node.Parent)
            {
                path.Add(node.Token);
            }

            path.Reverse();
            return path;
        }
    }
}
