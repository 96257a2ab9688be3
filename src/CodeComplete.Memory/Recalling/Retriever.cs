using System.Text;
using CodeComplete.Memory.Lexical;
using CodeComplete.Memory.Parts;
using CodeComplete.Memory.Snippets;

namespace CodeComplete.Memory.Recalling;

/// <summary>
/// Asks every source, fuses what they found, and chooses. A source that fails would be an error of ours: none of them reads the disk but to
/// fetch a chosen text.
/// </summary>
/// <param name="textOf">The cleaned text of a file, UTF-8; <see langword="null"/> where it cannot be had any more.</param>
internal sealed class Retriever(
    LexicalIndex index,
    Func<RememberedFile, byte[]?> textOf,
    RecentEdits edits,
    Func<IEnumerable<Acceptance>> acceptances,
    TimeProvider time
)
{
    /// <summary>The windows nearest to the query, best first.</summary>
    public VectorPart? Vectors { get; init; }

    public SymbolGraph? Graph { get; init; }

    /// <summary>So many of a source's best are looked at; more only where everything repeats itself.</summary>
    private const int Candidates = 200;

    public List<Snippet> Recall(RecallQuery query)
    {
        // An encoder takes milliseconds for the query: they pass while the others search.
        var near = Vectors is { } vectors && query.Sources.HasFlag(RecallSources.Vectors) ? Task.Run(() => vectors.Search(query)) : null;
        var words = QueryWords.Of(query.Text);
        var matches = index.Search(words, query.Path, Candidates);
        var weights = new WordWeights(words, matches.Weights, matches.RarestFrequency);
        var rankings = new List<IReadOnlyList<Hit>>();
        Add(RecallSources.Lexical, () => Lexical(matches, weights.Total));
        Add(RecallSources.OwnFile, () => OwnFileSource.Search(query, weights));
        if (Graph is not null)
        {
            var symbols = new SymbolSources(Graph, LinesOf);
            Add(RecallSources.Signatures, () => symbols.Signatures(query, weights));
            Add(RecallSources.Usages, () => symbols.Usages(query, weights));
        }

        Add(RecallSources.RecentEdits, () => edits.Search(query, weights, LinesOf));
        Add(RecallSources.Accepted, () => AcceptedSource.Search(acceptances(), weights, time.GetUtcNow(), OthersLineOf, LinesOf));
        if (near is not null)
        {
            rankings.Add(near.GetAwaiter().GetResult());
        }

        var fused = Fusion.Fuse(rankings, source => RecallGate.Weight(source, vectorsAreLexical: Vectors?.IsLexical != false));
        fused.RemoveAll(found => found.Hit.Coverage < query.LeastCoverage);
        return SnippetSelection.Choose(fused, weights, query);

        // Of the file being edited nothing is returned as it was remembered.
        int OthersLineOf(string path, string line) => WorkspacePath.Comparer.Equals(path, query.Path) ? -1 : LineOf(path, line);

        void Add(RecallSources source, Func<IReadOnlyList<Hit>> search)
        {
            if (query.Sources.HasFlag(source))
            {
                rankings.Add(search());
            }
        }
    }

    private List<Hit> Lexical(LexicalMatches matches, double total) =>
        [
            .. matches.Candidates.Select(candidate => new Hit
            {
                Source = RecallSources.Lexical,
                Path = candidate.File.Path,
                StartLine = candidate.Span.StartLine,
                Lines = candidate.Span.Lines,
                Text = () => TextOf(candidate.File, candidate.Span),
                // BM25 gives a word that stands once in a window of average length about its weight.
                Coverage = total > 0 ? Math.Min(1, candidate.Score / total) : 0,
            }),
        ];

    private string? TextOf(RememberedFile file, SnippetSpan span) =>
        textOf(file) is { } text ? Encoding.UTF8.GetString(text.AsSpan(span.Offset, span.Length)) : null;

    private byte[]? BytesOf(string path) => index.Find(path) is { TextLength: > 0 } file ? textOf(file) : null;

    private int LineOf(string path, string line)
    {
        if (line.Length == 0 || BytesOf(path) is not { } bytes)
        {
            return -1;
        }

        var at = bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(line));
        return at < 0 ? -1 : bytes.AsSpan(0, at).Count((byte)'\n');
    }

    private string? LinesOf(string path, int first, int lines)
    {
        if (BytesOf(path) is not { } bytes)
        {
            return null;
        }

        // Only those lines become a string: many places of many files are looked at.
        var rest = bytes.AsSpan();
        for (var line = 0; line < first; line++)
        {
            var end = rest.IndexOf((byte)'\n');
            if (end < 0)
            {
                return null;
            }

            rest = rest[(end + 1)..];
        }

        var length = 0;
        for (var line = 0; line < lines && length < rest.Length; line++)
        {
            var from = length + (line > 0 ? 1 : 0);
            var end = rest[from..].IndexOf((byte)'\n');
            length = end < 0 ? rest.Length : from + end;
        }

        return Encoding.UTF8.GetString(rest[..length]);
    }
}
