using System.Buffers;
using System.Numerics.Tensors;
using System.Text;

namespace CodeComplete.Transformer;

/// <summary>Best-first search in the trie of the candidates' tokens, on the prompt's own state.</summary>
internal sealed class CandidateScorer
{
    /// <summary>Tokens of a branch without a fork that are read in one call.</summary>
    private const int MaxChain = 8;

    /// <summary>Beginnings less likely than this cannot reach the list's top, so no call is spent on them.</summary>
    private static readonly double LeastWorthwhile = Math.Log(1e-3);

    private readonly Decoder _decoder;
    private readonly CodeTokenizer _tokenizer;
    private readonly PromptReader _reader;
    private readonly TokenChooser _chooser;
    private readonly float[] _scratch;
    private readonly float[] _goesOn;

    public CandidateScorer(Decoder decoder, CodeTokenizer tokenizer, PromptReader reader, TokenChooser chooser)
    {
        _decoder = decoder;
        _tokenizer = tokenizer;
        _reader = reader;
        _chooser = chooser;
        _scratch = new float[decoder.VocabularySize];
        _goesOn = new float[decoder.VocabularySize];
        for (var id = 0; id < tokenizer.Count; id++)
        {
            _goesOn[id] = GoesOnWithName(tokenizer.BytesOf(id)) ? 1 : 0;
        }
    }

    /// <param name="standing">The text before the cursor, as far back as a name may reach.</param>
    public List<ScoredText> Score(
        IReadOnlyList<int> prompt,
        string typed,
        string standing,
        IReadOnlyList<string> candidates,
        int budget,
        CancellationToken cancellation
    )
    {
        string[] names = [.. candidates.Distinct()];
        var trie = Build(names, typed, standing);
        var spelled = Encoding.UTF8.GetBytes(typed);
        var waiting = new PriorityQueue<CandidateTrie.Node, double>();

        // What every candidate begins with is read together with the prompt.
        var chain = Chain(trie.Root, room: _decoder.Capacity - prompt.Count);
        var rows = _reader.Read(prompt, [.. chain.Skip(1).Select(n => n.Token)], cancellation);
        _decoder.TakeBack(prompt.Count);
        trie.Root.LogProbability = 0;
        Spread(chain, rows, spelled, waiting);

        while (budget > 0 && waiting.TryDequeue(out var node, out _) && node.LogProbability >= LeastWorthwhile)
        {
            var path = node.Path();
            var room = _decoder.Capacity - prompt.Count - path.Count;
            if (room < 0)
            {
                continue;
            }

            budget--;
            chain = Chain(node, room);
            try
            {
                rows = _decoder.Read([.. path, .. chain.Skip(1).Select(n => n.Token)], chain.Count, cancellation);
                Spread(chain, rows, spelled, waiting);
            }
            finally
            {
                _decoder.TakeBack(prompt.Count);
            }
        }

        var scores = new List<ScoredText>(names.Length);
        Collect(trie.Root, bound: 0, names, scores);
        var scored = scores.Select(s => s.Text).ToHashSet();
        scores.AddRange(names.Where(n => !scored.Contains(n)).Select(n => new ScoredText(n, double.NegativeInfinity, Finished: true)));
        scores.Sort(
            (a, b) =>
                b.LogProbability != a.LogProbability ? b.LogProbability.CompareTo(a.LogProbability) : string.CompareOrdinal(a.Text, b.Text)
        );
        return scores;
    }

    private CandidateTrie Build(string[] names, string typed, string standing)
    {
        var begun = standing.Length;
        while (begun > 0 && NameSet.IsIdentifierPart(standing[begun - 1]))
        {
            begun--;
        }

        var part = standing[begun..];
        var trie = new CandidateTrie();
        for (var i = 0; i < names.Length; i++)
        {
            if (names[i].StartsWith(part, StringComparison.Ordinal))
            {
                trie.Add(_tokenizer.Encode(string.Concat(typed, names[i].AsSpan(part.Length))), i);
            }
        }

        return trie;
    }

    /// <summary>The node and what follows it without a fork, as far as another row of logits is of use.</summary>
    private static List<CandidateTrie.Node> Chain(CandidateTrie.Node node, int room)
    {
        var chain = new List<CandidateTrie.Node> { node };
        while (chain.Count <= Math.Min(MaxChain, room) && chain[^1].OnlyChild is { Children.Count: > 0 } next)
        {
            chain.Add(next);
        }

        return chain;
    }

    /// <summary>Hands the probabilities of each row to the children of its node.</summary>
    private void Spread(List<CandidateTrie.Node> chain, Logits rows, byte[] typed, PriorityQueue<CandidateTrie.Node, double> waiting)
    {
        for (var i = 0; i < chain.Count; i++)
        {
            var node = chain[i];
            var row = rows[i];
            var rest = typed.AsSpan(Math.Min(typed.Length, node.Path().Sum(id => _tokenizer.BytesOf(id).Length)));
            var sum = rest.IsEmpty ? Softmax.LogSum(row, _scratch) : _chooser.LogSumContinuing(row, rest);
            node.Expanded = true;
            foreach (var child in node.Children.Values)
            {
                child.LogProbability = node.LogProbability + row[child.Token] - sum;
                child.Expanded = child.Children.Count == 0;
                if (!child.Expanded && !(i + 1 < chain.Count && chain[i + 1] == child))
                {
                    waiting.Enqueue(child, -child.LogProbability);
                }
            }

            if (node.Candidates.Count > 0)
            {
                // A name that others go on from: it ends here only if no identifier character follows.
                TensorPrimitives.Subtract(row, (float)sum, _scratch);
                TensorPrimitives.Exp(_scratch, _scratch);
                var end = Math.Clamp(1.0 - TensorPrimitives.Dot<float>(_scratch, _goesOn), 1e-9, 1);
                node.EndLogProbability = node.LogProbability + Math.Log(end);
            }
        }
    }

    private static void Collect(CandidateTrie.Node node, double bound, string[] names, List<ScoredText> into)
    {
        var known = double.IsNegativeInfinity(node.LogProbability) ? bound : node.LogProbability;
        foreach (var candidate in node.Candidates)
        {
            var leaf = node.Children.Count == 0;
            into.Add(
                new ScoredText(
                    names[candidate],
                    node.EndLogProbability ?? known,
                    node.EndLogProbability is not null || (leaf && node.Expanded)
                )
            );
        }

        foreach (var child in node.Children.Values)
        {
            Collect(child, known, names, into);
        }
    }

    private static bool GoesOnWithName(ReadOnlySpan<byte> token)
    {
        if (token.IsEmpty)
        {
            return false;
        }

        // The first bytes of a character beyond ASCII: most likely a letter.
        return Rune.DecodeFromUtf8(token, out var rune, out _) != OperationStatus.Done
            || (rune.IsBmp && NameSet.IsIdentifierPart((char)rune.Value));
    }
}
