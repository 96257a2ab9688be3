using System.Runtime.InteropServices;
using CodeComplete.Memory.Snippets;

namespace CodeComplete.Memory.Lexical;

/// <summary>
/// BM25 (Robertson and Zaragoza, The Probabilistic Relevance Framework, 2009) over the identifiers of all snippets and the parts of those
/// identifiers, wholly in memory. One lock guards it, held for microseconds by <see cref="Put"/> and for as long as the scoring takes by
/// <see cref="Search"/>; cutting a file and choosing among what was found happen outside. The score depends on what is in the index
/// only, not on the order in which it came.
/// </summary>
internal sealed partial class LexicalIndex
{
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
}
