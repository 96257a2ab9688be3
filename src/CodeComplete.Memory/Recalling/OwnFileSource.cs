using System.Text;
using CodeComplete.Memory.Snippets;

namespace CodeComplete.Memory.Recalling;

/// <summary>Windows of the file being edited. What is far from the cursor is not in the prompt, and often the likeliest place to look.</summary>
internal static class OwnFileSource
{
    private const int Most = 20;

    /// <returns>Best first; nothing of <see cref="RecallQuery.OwnLines"/>.</returns>
    public static List<Hit> Search(RecallQuery query, WordWeights weights)
    {
        if (query.OwnText is not { } own || weights.Total <= 0)
        {
            return [];
        }

        // As it would be stored: secrets stay out of prompts, too.
        var lines = SourceCleaner.Clean(own).Split('\n');
        var first = Math.Clamp(query.OwnLines.First, 0, lines.Length);
        var end = Math.Clamp(query.OwnLines.End, first, lines.Length);
        return
        [
            .. Windows(query.Path, lines, 0, first, weights)
                .Concat(Windows(query.Path, lines, end, lines.Length, weights))
                .Where(static hit => hit.Coverage > 0)
                .OrderByDescending(static hit => hit.Coverage)
                .ThenBy(static hit => hit.StartLine)
                .Take(Most),
        ];
    }

    private static IEnumerable<Hit> Windows(string path, string[] lines, int first, int end, WordWeights weights)
    {
        var part = string.Join('\n', lines, first, end - first);
        var cut = SnippetCutter.Cut(path, default, FileStamp.None, part);
        foreach (var span in cut.File.Spans)
        {
            var text = Encoding.UTF8.GetString(cut.Text.AsSpan(span.Offset, span.Length));
            yield return new Hit
            {
                Source = RecallSources.OwnFile,
                Path = path,
                StartLine = first + span.StartLine,
                Lines = span.Lines,
                Text = () => text,
                Reason = "further up or down in this file",
                Coverage = weights.Coverage(text),
            };
        }
    }
}
