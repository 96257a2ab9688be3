using System.Numerics.Tensors;

namespace CodeComplete.Transformer;

/// <summary>
/// Chooses the next token greedily: the likeliest one that goes on with the typed text, that the guide allows, and that is no mark of the
/// prompt's layout. The likeliest are tried first, so that no mask over the vocabulary is worked out.
/// </summary>
internal sealed class TokenChooser
{
    /// <summary>After so many refusals one sort is cheaper than another search for the maximum.</summary>
    private const int Searches = 16;

    /// <summary>
    /// So often a guide is asked about one token's choice. What it said before rules out tokens for nothing; this counts the others.
    /// </summary>
    private const int MaxQuestions = 64;

    private readonly CodeTokenizer _tokenizer;
    private readonly List<int> _marks = [];
    private readonly List<int> _continuing = [];
    private readonly float[] _scores;
    private readonly int[] _order;

    public TokenChooser(CodeTokenizer tokenizer, int vocabulary)
    {
        _tokenizer = tokenizer;
        _scores = new float[vocabulary];
        _order = new int[vocabulary];
        for (var id = 0; id < vocabulary; id++)
        {
            // Rows of the embedding without a token are no text either.
            if (!tokenizer.IsEnd(id) && (id >= tokenizer.Count || tokenizer.BytesOf(id).IsEmpty))
            {
                _marks.Add(id);
            }
        }
    }

    /// <param name="refused">Not to be chosen.</param>
    /// <returns>Without its text; the id is -1 where none is allowed.</returns>
    public TokenChoice Choose(ReadOnlySpan<float> logits, WrittenText written, GuideSession guide, IReadOnlyList<int> refused)
    {
        var spelling = !written.Unspelled.IsEmpty;
        var sum = spelling ? LimitTo(logits, written.Unspelled) : Softmax.LogSum(logits, _scores);
        if (!spelling)
        {
            logits.CopyTo(_scores);
            foreach (var mark in _marks)
            {
                _scores[mark] = float.NegativeInfinity;
            }
        }

        foreach (var id in refused)
        {
            _scores[id] = float.NegativeInfinity;
        }

        var (best, isUnsorted) = Best(written, guide);
        if (best < 0)
        {
            return new TokenChoice(-1, "", 0);
        }

        var probability = Math.Exp(logits[best] - sum);
        if (spelling || !isUnsorted)
        {
            // Another token would spell the same text, or so many were refused that the next is not worth a thought.
            return new TokenChoice(best, "", probability);
        }

        _scores[best] = float.NegativeInfinity;
        var next = TensorPrimitives.IndexOfMax<float>(_scores);
        return new TokenChoice(best, "", probability, float.IsNegativeInfinity(_scores[next]) ? 0 : Math.Exp(logits[next] - sum));
    }

    /// <summary>
    /// The logarithm of what all tokens that go on with <paramref name="rest"/> sum up to, so that one of them can be weighed by what it
    /// competes with.
    /// </summary>
    public double LogSumContinuing(ReadOnlySpan<float> logits, ReadOnlySpan<byte> rest)
    {
        _tokenizer.Index.Continuing(rest, _continuing);
        return Softmax.LogSum(logits, _continuing);
    }

    private double LimitTo(ReadOnlySpan<float> logits, ReadOnlySpan<byte> rest)
    {
        var sum = LogSumContinuing(logits, rest);
        Array.Fill(_scores, float.NegativeInfinity);
        foreach (var id in _continuing)
        {
            _scores[id] = logits[id];
        }

        return sum;
    }

    /// <returns>The likeliest that passes, or -1; and whether the scores still stand at their tokens' ids.</returns>
    private (int Id, bool IsUnsorted) Best(WrittenText written, GuideSession guide)
    {
        var asked = guide.Questions;
        for (var tried = 0; tried < Searches; tried++)
        {
            var id = TensorPrimitives.IndexOfMax<float>(_scores);
            if (float.IsNegativeInfinity(_scores[id]))
            {
                return (-1, true);
            }

            if (Passes(id, written, guide))
            {
                return (id, true);
            }

            _scores[id] = float.NegativeInfinity;
        }

        for (var i = 0; i < _order.Length; i++)
        {
            _order[i] = i;
        }

        Array.Sort(_scores, _order); // ascending
        for (var i = _order.Length - 1; i >= 0 && !float.IsNegativeInfinity(_scores[i]) && guide.Questions - asked < MaxQuestions; i--)
        {
            if (Passes(_order[i], written, guide))
            {
                return (_order[i], false);
            }
        }

        return (-1, false);
    }

    private bool Passes(int id, WrittenText written, GuideSession guide)
    {
        if (_tokenizer.IsEnd(id))
        {
            return guide.AllowsEnd(written.Text);
        }

        return written.With(_tokenizer.BytesOf(id), out var cut) is { } next && guide.Allows(written.Text, next, cut);
    }
}
