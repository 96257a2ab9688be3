using CodeComplete.Memory.Recalling;
using CodeComplete.Memory.Snippets;

namespace CodeComplete.Memory.Lexical;

/// <summary>A snippet that a query found.</summary>
internal readonly record struct Candidate(RememberedFile File, SnippetSpan Span, float Score);

/// <summary>What the index found.</summary>
/// <param name="Candidates">Best first.</param>
/// <param name="Weights">
/// Of the query's words that the index has: the weight in the query times the inverse document frequency; 0 where it was not looked up, being
/// too common or lighter than many others.
/// </param>
/// <param name="RarestFrequency">The inverse document frequency of a word that no snippet has.</param>
internal sealed record LexicalMatches(
    IReadOnlyList<Candidate> Candidates,
    IReadOnlyDictionary<(string Text, bool IsPart), double> Weights,
    double RarestFrequency
);

// What a query finds: the words that decide, the scores of the snippets they stand in, the best of these.
internal sealed partial class LexicalIndex
{
    // The usual constants: K1 bends the growth with a word's count, B says how much long snippets are held back.
    private const float K1 = 1.2f;
    private const float B = 0.75f;

    /// <summary>The rarest words of a query decide; the rest costs time and changes little.</summary>
    private const int MostWords = 64;

    /// <summary>In a memory of this many snippets and more, a word that every fifth one has is not looked up.</summary>
    private const int CommonWordsMatterBelow = 1000;

    /// <summary>The <paramref name="take"/> best snippets, none from <paramref name="withoutPath"/>.</summary>
    public LexicalMatches Search(IReadOnlyList<QueryWord> words, string withoutPath, int take)
    {
        lock (_gate)
        {
            var known = Resolve(words);
            Score(known);
            var weights = new Dictionary<(string, bool), double>();
            foreach (var word in words.Where(word => Find(word) is not null))
            {
                weights[(word.Text, word.IsPart)] = 0;
            }

            foreach (var word in known)
            {
                weights[(word.Word.Text, word.Word.IsPart)] = word.Weight;
            }

            return new LexicalMatches(Best(take, withoutPath), weights, Math.Log(1 + ((_live + 0.5) / 0.5)));
        }
    }

    private List<KnownWord> Resolve(IReadOnlyList<QueryWord> words)
    {
        var known = new List<KnownWord>(words.Count);
        foreach (var word in words)
        {
            if (Find(word) is not { } term)
            {
                continue;
            }

            var holders = _postings[term].Count;
            if (_live < CommonWordsMatterBelow || holders <= _live / 5)
            {
                var idf = Math.Log(1 + ((_live - holders + 0.5) / (holders + 0.5)));
                known.Add(new KnownWord(word, term, (float)(word.Weight * idf)));
            }
        }

        // Ties by text: the sums of floats, and so the answer, must not depend on the order of a dictionary.
        known.Sort(
            static (a, b) =>
                b.Weight.CompareTo(a.Weight) is var byWeight and not 0 ? byWeight
                : a.Word.IsPart.CompareTo(b.Word.IsPart) is var byKind and not 0 ? byKind
                : string.CompareOrdinal(a.Word.Text, b.Word.Text)
        );
        known.RemoveRange(Math.Min(known.Count, MostWords), Math.Max(0, known.Count - MostWords));
        return known;
    }

    private int? Find(QueryWord word) => word.IsPart ? _vocabulary.FindPart(word.Text) : _vocabulary.FindName(word.Text);

    private void Score(List<KnownWord> words)
    {
        Array.Clear(_scores, 0, _limit);
        Span<float> norm = stackalloc float[LongestLength + 1];
        var average = _live == 0 ? 1 : Math.Max(1f, (float)_totalLength / _live);
        for (var length = 0; length < norm.Length; length++)
        {
            norm[length] = K1 * (1 - B + (B * length / average));
        }

        foreach (var word in words)
        {
            var weight = word.Weight * (K1 + 1);
            var postings = _postings[word.Term].Bytes;
            for (int at = 0, snippet = -1; at < postings.Length; )
            {
                float count = PostingList.Next(postings, ref at, ref snippet);
                _scores[snippet] += weight * count / (count + norm[_lengths[snippet]]);
            }
        }
    }

    private List<Candidate> Best(int take, string withoutPath)
    {
        if (_files.TryGetValue(withoutPath, out var own))
        {
            Array.Clear(_scores, own.First, own.File.Spans.Length);
        }

        // The worst of the best so far comes out first.
        var heap = new PriorityQueue<int, int>(take, Comparer<int>.Create((a, b) => Compare(b, a)));
        for (var snippet = 0; snippet < _limit; snippet++)
        {
            if (_scores[snippet] <= 0)
            {
                continue;
            }

            if (heap.Count < take)
            {
                heap.Enqueue(snippet, snippet);
            }
            else if (_scores[snippet] >= _scores[heap.Peek()] && Compare(snippet, heap.Peek()) < 0)
            {
                heap.DequeueEnqueue(snippet, snippet);
            }
        }

        var best = heap.UnorderedItems.Select(static item => item.Element).ToArray();
        Array.Sort(best, Compare);
        return [.. best.Select(snippet => new Candidate(_owners[snippet]!.File, SpanOf(snippet), _scores[snippet]))];
    }

    private SnippetSpan SpanOf(int snippet) => _owners[snippet]!.File.Spans[snippet - _owners[snippet]!.First];

    // Best first; of equals by path and line, since the numbers tell only who came first.
    private int Compare(int a, int b)
    {
        var byScore = _scores[b].CompareTo(_scores[a]);
        var byPath = byScore != 0 ? byScore : string.CompareOrdinal(_owners[a]!.File.Path, _owners[b]!.File.Path);
        return byPath != 0 ? byPath : a.CompareTo(b);
    }

    private readonly record struct KnownWord(QueryWord Word, int Term, float Weight);
}
