using System.Runtime.InteropServices;
using System.Text;
using CodeComplete.Memory.Snippets;
using CodeComplete.Memory.Storage;

namespace CodeComplete.Memory.Lexical;

// The index as flat sections and back, and what it takes in memory.
internal sealed partial class LexicalIndex
{
    /// <summary>Goes up when the sections, or the way files are cut and words are split, change.</summary>
    public const string ImageProducer = "lexical 1";

    // The lists that no change has touched since stand in it.
    private byte[] _image = [];

    /// <summary>About what the index takes in memory, in bytes.</summary>
    public long Bytes
    {
        get
        {
            lock (_gate)
            {
                return _vocabulary.Bytes
                    + _image.Length
                    + _ownBytes
                    + _filesBytes
                    + (_postings.Length * (24L + sizeof(int)))
                    + (_owners.Length * (8L + 1 + sizeof(float)));
            }
        }
    }

    /// <summary>
    /// The whole index as sections that nothing changes any more. The lists move into the section they are written to, which frees what was
    /// scattered.
    /// </summary>
    /// <param name="underTheLock">Called while no change can come between: what it reads belongs to the sections.</param>
    public IReadOnlyList<byte[]> Save(Action? underTheLock = null)
    {
        lock (_gate)
        {
            underTheLock?.Invoke();
            var lists = _postings.AsSpan(0, _vocabulary.Limit);
            var rows = new ListRow[lists.Length];
            var image = GC.AllocateUninitializedArray<byte>(lists.Length == 0 ? 0 : SumOfLengths(lists));
            var end = 0;
            for (var term = 0; term < lists.Length; term++)
            {
                var length = lists[term].Count == 0 ? 0 : lists[term].MoveTo(image, end);
                rows[term] = new ListRow(length, lists[term].Count, lists[term].Last);
                end += length;
            }

            (_image, _ownBytes) = (image, 0);
            return
            [
                MemoryMarshal.AsBytes([_clock]).ToArray(),
                .. _vocabulary.Sections(),
                MemoryMarshal.AsBytes<ListRow>(rows).ToArray(),
                image,
                _lengths.AsSpan(0, _limit).ToArray(),
                .. FileSections(),
            ];
        }
    }

    /// <summary>Takes the place of all there is.</summary>
    /// <exception cref="InvalidDataException">The sections do not fit together; the index is empty.</exception>
    public void Restore(IReadOnlyList<byte[]> sections)
    {
        lock (_gate)
        {
            Clear();
            try
            {
                RestoreInside(sections);
            }
            catch (Exception exception) when (exception is InvalidDataException or ArgumentException or IndexOutOfRangeException)
            {
                Clear();
                throw new InvalidDataException("The sections of an index do not fit together.", exception);
            }
        }
    }

    private static int SumOfLengths(ReadOnlySpan<PostingList> lists)
    {
        var sum = 0;
        foreach (ref readonly var list in lists)
        {
            sum = checked(sum + list.Bytes.Length);
        }

        return sum;
    }

    // Objects, a path in two bytes a letter, spans of sixteen bytes; an entry of the dictionary.
    private static long BytesOf(IndexedFile file) =>
        220 + (2L * file.File.Path.Length) + (16L * file.File.Spans.Length) + file.Terms.Length;

    private IEnumerable<byte[]> FileSections()
    {
        var rows = new FileRow[_files.Count];
        var paths = new MemoryStream();
        var spans = new List<SnippetSpan>(_live);
        var terms = new MemoryStream();
        var next = 0;
        foreach (var file in _files.Values)
        {
            var path = Encoding.UTF8.GetBytes(file.File.Path);
            rows[next++] = new FileRow(
                file.File.Hash,
                file.File.Stamp,
                file.LastUse,
                file.First,
                file.File.Spans.Length,
                path.Length,
                file.Terms.Length,
                file.File.TextLength,
                file.Recalls,
                (int)file.File.State,
                (int)file.Parts
            );
            paths.Write(path);
            spans.AddRange(file.File.Spans);
            terms.Write(file.Terms.Span);
        }

        return
        [
            MemoryMarshal.AsBytes<FileRow>(rows).ToArray(),
            paths.ToArray(),
            MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(spans)).ToArray(),
            terms.ToArray(),
        ];
    }

    private void RestoreInside(IReadOnlyList<byte[]> sections)
    {
        var reader = new SectionReader(sections);
        _clock = reader.Items<long>() is [var clock] ? clock : throw new InvalidDataException("An image has no clock.");
        _vocabulary.Restore(ref reader);
        var lists = reader.Items<ListRow>();
        _image = reader.Bytes();
        var lengths = reader.Bytes();
        if (lists.Length != _vocabulary.Limit)
        {
            throw new InvalidDataException("An image has other lists than words.");
        }

        EnsureCapacity(lengths.Length);
        _limit = lengths.Length;
        lengths.CopyTo(_lengths, 0);
        var end = 0;
        for (var term = 0; term < lists.Length; term++)
        {
            var (length, count, last) = lists[term];
            _postings[term] = count == 0 ? default : new PostingList(_image, end, length, count, last);
            end += length;
        }

        RestoreFiles(ref reader);
    }

    private void RestoreFiles(ref SectionReader reader)
    {
        var rows = reader.Items<FileRow>();
        var paths = reader.Bytes();
        var spans = reader.Items<SnippetSpan>();
        var terms = reader.Bytes();
        _files.EnsureCapacity(rows.Length);
        int pathAt = 0,
            spanAt = 0,
            termAt = 0;
        foreach (ref readonly var row in rows.AsSpan())
        {
            var path = Encoding.UTF8.GetString(paths, pathAt, row.PathLength);
            var ofFile = row.Spans == 0 ? [] : spans.AsSpan(spanAt, row.Spans).ToArray();
            var remembered = new RememberedFile(path, row.Hash, row.Stamp, (FileState)row.State, row.TextLength, ofFile);
            var file = new IndexedFile(remembered, row.First)
            {
                Terms = terms.AsMemory(termAt, row.TermsLength),
                Parts = (PartKinds)row.Parts,
                LastUse = row.LastUse,
                Recalls = row.Recalls,
            };
            _files.Add(path, file);
            _filesBytes += BytesOf(file);
            for (var snippet = row.First; snippet < row.First + row.Spans; snippet++)
            {
                _owners[snippet] = file;
                _totalLength += _lengths[snippet];
            }

            (pathAt, spanAt, termAt) = (pathAt + row.PathLength, spanAt + row.Spans, termAt + row.TermsLength);
            _live += row.Spans;
        }
    }

    private readonly record struct ListRow(int Length, int Count, int Last);

    private readonly record struct FileRow(
        Guid Hash,
        FileStamp Stamp,
        long LastUse,
        int First,
        int Spans,
        int PathLength,
        int TermsLength,
        int TextLength,
        int Recalls,
        int State,
        int Parts
    );
}
