using System.Runtime.InteropServices;
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

/// <summary>
/// BM25 (Robertson and Zaragoza, The Probabilistic Relevance Framework, 2009) over the identifiers of all snippets and the parts of those
/// identifiers, wholly in memory. One lock guards it, held for microseconds by <see cref="Put"/> and for as long as the scoring takes by
/// <see cref="Search"/>; cutting a file and choosing among what was found happen outside. The score depends on what is in the index
/// only, not on the order in which it came.
/// </summary>
internal sealed partial class LexicalIndex
{
    // The usual constants: K1 bends the growth with a word's count, B says how much long snippets are held back.
    private const float K1 = 1.2f;
    private const float B = 0.75f;

    /// <summary>The rarest words of a query decide; the rest costs time and changes little.</summary>
    private const int MostWords = 64;

    /// <summary>In a memory of this many snippets and more, a word that every fifth one has is not looked up.</summary>
    private const int CommonWordsMatterBelow = 1000;

    // Lengths are kept in a byte; a window of twelve lines has more names only where it is a table.
    private const int LongestLength = byte.MaxValue;

    private readonly Lock _gate = new();
    private readonly Vocabulary _vocabulary = new();
    private readonly Dictionary<string, IndexedFile> _files = new(WorkspacePath.Comparer);
    private PostingList[] _postings = [];

    // By snippet number. Numbers rise; those of removed files stay empty until Renumber closes the gaps.
    private IndexedFile?[] _owners = [];
    private byte[] _lengths = [];
    private float[] _scores = [];
    private int _limit;
    private int _live;
    private long _totalLength;

    // Rises with each change and each recall; what LastUse counts in.
    private long _clock;

    // Of the lists, beyond the image; the sum over all of PostingList.OwnBytes.
    private long _ownBytes;
    private long _filesBytes;

    // Scratch of Put, by word: how often the parts of the snippet at hand stand in it.
    private int[] _partCounts = [];
    private readonly List<int> _partsSeen = [];

    public (int Files, int Snippets, int Words) Size
    {
        get
        {
            lock (_gate)
            {
                return (_files.Values.Count(static file => file.File.State.HasText), _live, _vocabulary.Count);
            }
        }
    }

    /// <summary>What is remembered of a file.</summary>
    public RememberedFile? Find(string path)
    {
        lock (_gate)
        {
            return _files.TryGetValue(path, out var file) ? file.File : null;
        }
    }

    public IReadOnlyList<string> Paths()
    {
        lock (_gate)
        {
            return [.. _files.Keys];
        }
    }

    /// <summary>Adds a file, in place of what was remembered of it.</summary>
    /// <returns>What was attached to the text that was remembered.</returns>
    public PartKinds Put(CutFile file)
    {
        lock (_gate)
        {
            var old = RemoveInside(file.File.Path);
            if (_limit > 4096 + (2 * _live))
            {
                Renumber();
            }

            var indexed = Add(file);
            indexed.LastUse = ++_clock;
            indexed.Recalls = old?.Recalls ?? 0;
            return old?.Parts ?? PartKinds.None;
        }
    }

    /// <summary>Notes a new stamp for a file whose content is the same.</summary>
    public void Restamp(string path, FileStamp stamp)
    {
        lock (_gate)
        {
            if (_files.TryGetValue(path, out var file))
            {
                file.File = file.File with { Stamp = stamp };
            }
        }
    }

    public bool Remove(string path)
    {
        lock (_gate)
        {
            return RemoveInside(path) is not null;
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _vocabulary.Clear();
            _files.Clear();
            Array.Clear(_postings);
            Array.Clear(_owners);
            (_limit, _live, _totalLength, _ownBytes, _filesBytes) = (0, 0, 0, 0, 0);
            _image = [];
        }
    }

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

    private IndexedFile Add(CutFile file)
    {
        var indexed = new IndexedFile(file.File, _limit);
        var (names, parts) = Number(file.Words);
        EnsureCapacity(_limit + file.File.Spans.Length);
        var terms = new List<int>(names.Length * 2);
        for (var i = 0; i < file.File.Spans.Length; i++)
        {
            var snippet = _limit++;
            var length = 0;
            foreach (var (name, count) in file.Words.Of(i))
            {
                length += count;
                Append(names[name], snippet, count, indexed, terms);
                foreach (var part in parts[name])
                {
                    if (_partCounts[part] == 0)
                    {
                        _partsSeen.Add(part);
                    }

                    _partCounts[part] += count;
                }
            }

            foreach (var part in _partsSeen)
            {
                Append(part, snippet, _partCounts[part], indexed, terms);
                _partCounts[part] = 0;
            }

            _partsSeen.Clear();
            _owners[snippet] = indexed;
            _lengths[snippet] = (byte)Math.Min(length, LongestLength);
            _totalLength += _lengths[snippet];
        }

        _live += file.File.Spans.Length;
        terms.Sort();
        indexed.Terms = IndexedFile.Pack(CollectionsMarshal.AsSpan(terms));
        _files.Add(file.File.Path, indexed);
        _filesBytes += BytesOf(indexed);
        return indexed;
    }

    // Of each name and of its parts. Names that stand only where no snippet is (a file's usings) get no number.
    private (int[] Names, int[][] Parts) Number(FileWords words)
    {
        var numbers = new int[words.Names.Length];
        var parts = new int[words.Names.Length][];
        foreach (var (name, _) in words.Counts)
        {
            if (parts[name] is null)
            {
                numbers[name] = _vocabulary.AddName(words.Names[name]);
                parts[name] = Array.ConvertAll(NameParts.Of(words.Names[name]), _vocabulary.AddPart);
            }
        }

        return (numbers, parts);
    }

    private void Append(int term, int snippet, int count, IndexedFile file, List<int> terms)
    {
        ref var list = ref _postings[term];
        if (list.Last < file.First)
        {
            terms.Add(term);
        }

        _ownBytes -= list.OwnBytes;
        list.Append(snippet, count);
        _ownBytes += list.OwnBytes;
    }

    private IndexedFile? RemoveInside(string path)
    {
        if (!_files.Remove(path, out var file))
        {
            return null;
        }

        _filesBytes -= BytesOf(file);
        var end = file.First + file.File.Spans.Length;
        var terms = file.Terms.Span;
        for (int at = 0, term = 0; at < terms.Length; )
        {
            IndexedFile.Next(terms, ref at, ref term);
            ref var list = ref _postings[term];
            _ownBytes -= list.OwnBytes;
            list.RemoveRange(file.First, end);
            _ownBytes += list.OwnBytes;
            if (list.Count == 0)
            {
                Drop(term);
            }
        }

        for (var snippet = file.First; snippet < end; snippet++)
        {
            _totalLength -= _lengths[snippet];
            _owners[snippet] = null;
        }

        _live -= file.File.Spans.Length;
        return file;
    }

    private void Drop(int term)
    {
        _ownBytes -= _postings[term].OwnBytes;
        _postings[term] = default;
        _vocabulary.Remove(term);
    }

    private void EnsureCapacity(int snippets)
    {
        if (_owners.Length < snippets)
        {
            var size = Math.Max(snippets, _owners.Length + (_owners.Length / 2));
            Array.Resize(ref _owners, size);
            Array.Resize(ref _lengths, size);
            _scores = new float[size];
        }

        if (_postings.Length < _vocabulary.Limit)
        {
            var size = Math.Max(_vocabulary.Limit, _postings.Length + (_postings.Length / 2));
            Array.Resize(ref _postings, size);
            Array.Resize(ref _partCounts, size);
        }
    }

    // Closes the gaps that removed files left. The order stays, so every posting list stays sorted.
    private void Renumber()
    {
        var newNumber = new int[_limit];
        var next = 0;
        for (var old = 0; old < _limit; old++)
        {
            if (_owners[old] is not { } owner)
            {
                continue;
            }

            if (owner.First == old)
            {
                owner.NewFirst = next;
            }

            newNumber[old] = next;
            _owners[next] = owner;
            _lengths[next] = _lengths[old];
            next++;
        }

        Array.Clear(_owners, next, _limit - next);
        foreach (var file in _files.Values)
        {
            file.First = file.NewFirst;
        }

        _ownBytes = 0;
        foreach (ref var list in _postings.AsSpan(0, _vocabulary.Limit))
        {
            list.Renumber(newNumber);
            _ownBytes += list.OwnBytes;
        }

        (_limit, _image) = (next, []);
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
