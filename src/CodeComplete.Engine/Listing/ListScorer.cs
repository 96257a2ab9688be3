using CodeComplete.Analysis;
using CodeComplete.Engine.Learning;
using CodeComplete.Engine.Startup;
using Microsoft.Extensions.Logging;

namespace CodeComplete.Engine.Listing;

/// <summary>
/// The model's probabilities of the names in a list. They are worked out beside the list, which does not wait for them longer than it may,
/// and kept for the word: while the user types on in it, the next list finds them ready and its order stays.
/// </summary>
internal sealed class ListScorer(Recaller recaller, ILogger log)
{
    // Single reads that tell names apart whose first tokens are the same; each costs one decoder step.
    private const int ExtraReads = 6;

    private readonly Lock _gate = new();
    private Running? _latest;

    private sealed record Running(
        string Document,
        string TextBefore,
        string TextAfter,
        string Typed,
        Task<IReadOnlyDictionary<string, double>> Scores,
        CancellationTokenSource Stop
    );

    /// <summary>Starts to score, or finds what was scored for this word already. Never throws for what goes wrong in the scoring.</summary>
    /// <param name="names">Whole names, each once.</param>
    /// <param name="model">One that has a scorer.</param>
    /// <returns>The natural logarithm of each possible name's probability; names that were not looked at are not in it.</returns>
    public Task<IReadOnlyDictionary<string, double>> ScoreAsync(
        DocumentSnapshot snapshot,
        int wordStart,
        int offset,
        IReadOnlyList<string> names,
        LoadedModel model
    )
    {
        var text = snapshot.TextOf();
        var typed = text[wordStart..offset];
        lock (_gate)
        {
            if (
                _latest is { } running
                && running.Document == snapshot.Path
                && typed.StartsWith(running.Typed, StringComparison.Ordinal)
                && text.AsSpan(0, wordStart).SequenceEqual(running.TextBefore)
                && text.AsSpan(offset).SequenceEqual(running.TextAfter)
                && !running.Scores.IsFaulted
                && !running.Scores.IsCanceled
            )
            {
                return running.Scores;
            }

            _latest?.Stop.Cancel();
            var stop = new CancellationTokenSource();
            var scores = Task.Run(() => WorkAsync(snapshot, offset, names, model, stop.Token), stop.Token);
            _ = scores.ContinueWith(t => log.LogWarning(t.Exception, "Scoring the list failed"), TaskContinuationOptions.OnlyOnFaulted);
            _latest = new Running(snapshot.Path, text[..wordStart], text[offset..], typed, scores, stop);
            return scores;
        }
    }

    /// <summary>Ghost text is wanted somewhere else: the scores of the place before are of no use any more, and there is one decoder.</summary>
    /// <param name="wordStart">Where the word at the cursor starts: its own list may go on.</param>
    public void MakeWay(string document, int wordStart)
    {
        lock (_gate)
        {
            if (
                _latest is { Scores.IsCompleted: false } running
                && !(running.Document == document && running.TextBefore.Length == wordStart)
            )
            {
                running.Stop.Cancel();
            }
        }
    }

    private async Task<IReadOnlyDictionary<string, double>> WorkAsync(
        DocumentSnapshot snapshot,
        int offset,
        IReadOnlyList<string> names,
        LoadedModel model,
        CancellationToken cancellation
    )
    {
        var cursor = await CursorAnalysis.AtAsync(snapshot, offset, cancellation);
        var prompt = recaller.PromptAt(cursor, snapshot.Path, model.Prompts);
        var lead = MissingIndentation(cursor.Text, offset);
        var scored = await model.Queue.RunAsync(
            () =>
                model.Scorer!.Score(
                    prompt.Tokens,
                    prompt.PrefixEnd,
                    prompt.Typed,
                    [.. names.Select(n => lead + n)],
                    ExtraReads,
                    cancellation
                ),
            cancellation
        );
        return scored
            .Where(s => !double.IsNegativeInfinity(s.LogProbability))
            .ToDictionary(s => s.Text[lead.Length..], s => s.LogProbability, StringComparer.Ordinal);
    }

    /// <summary>
    /// On a line that is still blank the model would first write the indentation; without it every name would seem unlikely. The line below
    /// tells it best, since the one above may go on from a statement further up.
    /// </summary>
    internal static string MissingIndentation(string text, int offset)
    {
        var lineStart = offset == 0 ? 0 : text.LastIndexOf('\n', offset - 1) + 1;
        var typed = text.AsSpan(lineStart, offset - lineStart);
        var before = text.AsSpan(0, lineStart).TrimEnd();
        if (!typed.IsWhiteSpace() || before.IsEmpty)
        {
            return "";
        }

        var above = before[(before.LastIndexOf('\n') + 1)..];
        var after = text.AsSpan(offset);
        var firstBelow = after.IndexOfAnyExcept(" \t\r\n");
        var below = firstBelow < 0 ? default : after[(after[..firstBelow].LastIndexOf('\n') + 1)..];
        var indentation =
            above[^1] == '{' ? Deeper(above)
            : firstBelow < 0 || after[..firstBelow].IndexOf('\n') < 0 ? IndentationOf(above)
            : after[firstBelow] == '}' ? Deeper(below)
            : IndentationOf(below);
        return indentation.StartsWith(typed, StringComparison.Ordinal) ? indentation[typed.Length..] : "";
    }

    private static string IndentationOf(ReadOnlySpan<char> line) => line[..^line.TrimStart().Length].ToString();

    private static string Deeper(ReadOnlySpan<char> line)
    {
        var indentation = IndentationOf(line);
        return indentation + (indentation.StartsWith('\t') ? "\t" : "    ");
    }
}
