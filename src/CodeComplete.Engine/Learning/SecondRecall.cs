using CodeComplete.Analysis;
using CodeComplete.Engine.Inline;

namespace CodeComplete.Engine.Learning;

/// <summary>
/// The memory is asked again as if the line that the model wrote stood there, and the model writes again with what that recalls: right or wrong, the line
/// names what is wanted better than the code above it (iterative retrieval and generation, RepoCoder: Zhang et al., EMNLP 2023, arXiv 2303.12570).
/// </summary>
internal static class SecondRecall
{
    // The probability of its least likely token. Of 81 lines that the model was surer of, none was another one then (docs/RESULTS.md).
    private const double Sure = 0.8;

    /// <returns>The line to ask with: the likeliest, even where nothing of it compiles; <see langword="null"/> where the model is sure of it, or wrote none.</returns>
    public static string? LineOf(WrittenLines written)
    {
        if (written.Lines is [{ Lowest: >= Sure }, ..])
        {
            return null;
        }

        var text = written.Lines is [var first, ..] ? first.Verdict.Text : written.Likeliest;
        var line = text.AsSpan().IndexOf('\n') is >= 0 and var end ? text[..end] : text;
        return string.IsNullOrWhiteSpace(line) ? null : line;
    }

    /// <summary>The cursor behind that line.</summary>
    /// <param name="snapshot">In which <paramref name="cursor"/> stands.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled.</exception>
    public static Task<CursorAnalysis> BehindAsync(
        DocumentSnapshot snapshot,
        CursorAnalysis cursor,
        string line,
        CancellationToken cancellation
    )
    {
        var offset = cursor.Context.Offset;
        return CursorAnalysis.AtAsync(snapshot.With(offset, offset, line), offset + line.Length, cancellation);
    }
}
