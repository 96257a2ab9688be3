using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace CodeComplete.Memory.Snippets;

/// <summary>
/// Cuts a file into overlapping windows of twelve lines. Sliding windows beat chunks made of whole functions (cAST's measurements,
/// arXiv 2506.15655), and windows of twelve are what the model saw in training.
/// </summary>
internal static class SnippetCutter
{
    public const int WindowLines = 12;

    /// <summary>Every line but the first ones is in two windows, so that what belongs together stands whole in one.</summary>
    public const int Stride = 6;

    /// <summary>A window with fewer different names (closing braces, a lone attribute) shows nothing.</summary>
    private const int FewestNames = 3;

    private const int ShortestName = 3;
    private const int LongestName = 128;

    /// <summary>Names a text: equal texts have equal hashes.</summary>
    public static Guid Hash(string text)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(MemoryMarshal.AsBytes(text.AsSpan()), hash);
        return new Guid(hash[..16]);
    }

    /// <summary>Is it an identifier worth looking for?</summary>
    public static bool Counts(ReadOnlySpan<char> name) => name.Length is >= ShortestName and <= LongestName && !StopWords.IsName(name);

    /// <param name="text">As <see cref="SourceCleaner"/> left it.</param>
    public static CutFile Cut(string path, Guid hash, FileStamp stamp, string text)
    {
        var lines = LineStarts(text);
        var names = NamesByLine(text, lines.Count, out var ofLine, out var firstOfLine);
        var spans = new List<SnippetSpan>();
        var starts = new List<int> { 0 };
        var counts = new List<NameCount>();
        var countOf = new int[names.Length];
        int bytesUpTo = 0,
            bytesLine = 0;

        for (var start = FirstCodeLine(text, lines); start < lines.Count; start += Stride)
        {
            var (first, end) = Trim(text, lines, start, Math.Min(start + WindowLines, lines.Count));
            var before = counts.Count;
            if (first < end)
            {
                Count(CollectionsMarshal.AsSpan(ofLine)[firstOfLine[first]..firstOfLine[end]], countOf, counts);
            }

            if (counts.Count - before < FewestNames)
            {
                counts.RemoveRange(before, counts.Count - before);
            }
            else
            {
                bytesUpTo += Encoding.UTF8.GetByteCount(Slice(text, lines, bytesLine, first));
                bytesLine = first;
                var length = Encoding.UTF8.GetByteCount(WithoutLineEnd(Slice(text, lines, first, end)));
                spans.Add(new SnippetSpan(first, end - first, bytesUpTo, length));
                starts.Add(counts.Count);
            }

            if (start + WindowLines >= lines.Count)
            {
                break;
            }
        }

        var bytes = Encoding.UTF8.GetBytes(text);
        var file = new RememberedFile(path, hash, stamp, FileState.Kept, bytes.Length, [.. spans]);
        return new CutFile(file, new FileWords(names, [.. starts], [.. counts]), bytes);
    }

    private static List<int> LineStarts(string text)
    {
        var lines = new List<int>(text.Length / 24 + 1) { 0 };
        for (var at = text.IndexOf('\n'); at >= 0; at = text.IndexOf('\n', at + 1))
        {
            lines.Add(at + 1);
        }

        return lines;
    }

    private static ReadOnlySpan<char> Slice(string text, List<int> lines, int first, int end) =>
        text.AsSpan()[lines[first]..(end < lines.Count ? lines[end] : text.Length)];

    private static ReadOnlySpan<char> WithoutLineEnd(ReadOnlySpan<char> text) => text.EndsWith("\n") ? text[..^1] : text;

    // Usings, a licence and blank lines are alike in every file.
    private static int FirstCodeLine(string text, List<int> lines)
    {
        var inComment = false;
        for (var i = 0; i < lines.Count; i++)
        {
            var line = Slice(text, lines, i, i + 1).Trim();
            if (inComment)
            {
                inComment = !line.Contains("*/", StringComparison.Ordinal);
            }
            else if (line.StartsWith("/*", StringComparison.Ordinal))
            {
                inComment = !line.Contains("*/", StringComparison.Ordinal);
            }
            else if (
                !line.IsEmpty
                && !line.StartsWith("//")
                && !line.StartsWith("#")
                && !line.StartsWith("using ")
                && !line.StartsWith("global using ")
            )
            {
                return i;
            }
        }

        return lines.Count;
    }

    private static (int First, int End) Trim(string text, List<int> lines, int first, int end)
    {
        while (first < end && Slice(text, lines, first, first + 1).IsWhiteSpace())
        {
            first++;
        }

        while (first < end && Slice(text, lines, end - 1, end).IsWhiteSpace())
        {
            end--;
        }

        return (first, end);
    }

    // The file's different names; the names of all lines one after the other; where each line's begin.
    private static string[] NamesByLine(string text, int lineCount, out List<int> ofLine, out int[] firstOfLine)
    {
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        var bySpan = ids.GetAlternateLookup<ReadOnlySpan<char>>();
        ofLine = [];
        firstOfLine = new int[lineCount + 1];
        var line = 0;
        var scanner = new IdentifierScanner(text);
        while (scanner.MoveNext())
        {
            if (!Counts(scanner.Current))
            {
                continue;
            }

            while (line < scanner.Line)
            {
                firstOfLine[++line] = ofLine.Count;
            }

            if (!bySpan.TryGetValue(scanner.Current, out var id))
            {
                id = ids.Count;
                bySpan[scanner.Current] = id;
            }

            ofLine.Add(id);
        }

        while (line < lineCount)
        {
            firstOfLine[++line] = ofLine.Count;
        }

        return [.. ids.Keys]; // a dictionary that only grew lists its keys in the order of their ids
    }

    private static void Count(ReadOnlySpan<int> names, int[] countOf, List<NameCount> counts)
    {
        var first = counts.Count;
        foreach (var name in names)
        {
            if (countOf[name]++ == 0)
            {
                counts.Add(new NameCount(name, 0));
            }
        }

        foreach (ref var entry in CollectionsMarshal.AsSpan(counts)[first..])
        {
            entry = entry with { Count = countOf[entry.Name] };
            countOf[entry.Name] = 0;
        }
    }
}
