using System.Diagnostics;
using CodeComplete.Analysis;

namespace CodeComplete.Engine.Evaluation;

/// <summary>
/// Makes cases of a project and runs them through the engine as a user's request runs, each with its groundtruth taken out of the document and
/// of the memory. One case at a time. The project's files must not change meanwhile.
/// </summary>
public sealed class CaseRunner
{
    // A budget of tokens ends the recall, not a count.
    private const int MostSnippets = 16;

    private readonly CompletionEngine _engine;
    private readonly string _root;
    private readonly TimeSpan _timeout;
    private readonly WorkspaceCopies _copies;

    /// <param name="engine">With the folder as its only one; nobody else may ask it meanwhile. It stays the caller's.</param>
    /// <param name="root">The evaluated folder, absolute.</param>
    /// <param name="timeout">How long to wait for projects, model and index.</param>
    public CaseRunner(CompletionEngine engine, string root, TimeSpan timeout)
    {
        _engine = engine;
        _root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));
        _timeout = timeout;
        _copies = new WorkspaceCopies(_root);
    }

    /// <summary>Waits for all projects and cuts them; see <see cref="CaseKinds"/>.</summary>
    /// <returns>At most <paramref name="count"/>; the same for the same seed and files.</returns>
    /// <exception cref="TimeoutException">The projects did not load in time.</exception>
    public async Task<IReadOnlyList<EvaluationCase>> MakeAsync(int count, int seed, CancellationToken cancellation)
    {
        await _engine.WhenProjectsLoaded.WaitAsync(_timeout, cancellation);
        return await new CaseMaker(_engine.Workspace, _root, seed).MakeAsync(count, cancellation);
    }

    /// <inheritdoc cref="RunAsync(EvaluationCase, IReadOnlyList{ChainParts}, CancellationToken)"/>
    public async Task<CaseResult> RunAsync(EvaluationCase made, ChainParts parts, CancellationToken cancellation) =>
        (await RunAsync(made, [parts], cancellation))[0];

    /// <summary>
    /// Asks for ghost text at the case's place, as by hand: so no limit of time depends on how busy the machine is. Once for each way of asking,
    /// with the case taken out of the memory all the while.
    /// </summary>
    /// <returns>One result for each of <paramref name="ways"/>.</returns>
    /// <exception cref="CaseException">The case does not fit its file, the engine did not get ready, or there is no model.</exception>
    public async Task<IReadOnlyList<CaseResult>> RunAsync(
        EvaluationCase made,
        IReadOnlyList<ChainParts> ways,
        CancellationToken cancellation
    )
    {
        var (path, text) = await ReadyAsync(made, cancellation);
        _ = await _engine.WhenModelLoaded ?? throw new CaseException("there is no model to ask");
        await using var blanking = await Blanking.ApplyAsync(_engine, made, path, text, _copies, cancellation);
        var results = new List<CaseResult>(ways.Count);
        foreach (var parts in ways)
        {
            var answer = await _engine.CompleteInlineAsync(
                new GhostRequest(path, PositionOf(text, made.Offset), Invoked: true) { Parts = parts },
                cancellation
            );
            var prediction = answer.Ghost is { } ghost ? Lines.RestOf(ghost.Text, 0) : "";
            results.Add(
                new CaseResult
                {
                    Id = made.Id,
                    Kind = made.Kind,
                    Prediction = prediction,
                    Shown = prediction.Length > 0,
                    Why = answer.Why,
                    Verified = answer.Ghost?.Verified,
                    Scores = Scores.Of(Typed(text, made.Offset), prediction, made.Groundtruth),
                    Timings = answer.Timings,
                }
            );
        }

        return results;
    }

    /// <summary>Asks the memory alone, for as much as fits <paramref name="tokens"/>, once for each way of asking.</summary>
    /// <param name="ways">Of each <see cref="ChainParts.Query"/>.</param>
    /// <returns>One answer for each of <paramref name="ways"/>.</returns>
    /// <exception cref="CaseException">The case does not fit its file, or the engine did not get ready.</exception>
    public async Task<IReadOnlyList<CaseRecall>> RecallAsync(
        EvaluationCase made,
        int tokens,
        IReadOnlyList<ChainParts> ways,
        CancellationToken cancellation
    )
    {
        var (path, text) = await ReadyAsync(made, cancellation);
        var model = await _engine.WhenModelLoaded ?? throw new CaseException("there is no model to count tokens with");
        var typed = Typed(text, made.Offset);
        var names = Identifiers.In(typed + made.Groundtruth).Distinct(StringComparer.Ordinal).ToList();
        var own = (await NameUses.InAsync(_engine.Workspace.Take(path)!, cancellation))
            .Where(use => use.Start >= made.Offset - typed.Length && use.Start < made.Offset + made.Groundtruth.Length)
            .Select(use => use.Name)
            .ToHashSet(StringComparer.Ordinal);

        await using var blanking = await Blanking.ApplyAsync(_engine, made, path, text, _copies, cancellation);
        var blanked = made.Blank(text);
        var cursor = await CursorAnalysis.AtAsync(_engine.Workspace.Take(path)!, made.Offset, cancellation);
        var memory = _engine.Memories.For(path) ?? throw new CaseException("there is no memory to ask");
        var document = Words(blanked);
        var projectNames = names.Where(own.Contains).ToList();
        var unseen = projectNames.Where(name => !document.Contains(name)).ToList();
        var recalls = new List<CaseRecall>(ways.Count);
        foreach (var parts in ways)
        {
            var began = Stopwatch.GetTimestamp();
            var query = _engine.Recaller.Query(path, blanked, cursor.Context, model.Prompts) with
            {
                MaxSnippets = MostSnippets,
                Budget = tokens,
            };
            var answer = memory.Recall(parts.Query?.Invoke(query) ?? query);
            var took = Stopwatch.GetElapsedTime(began);
            recalls.Add(
                new CaseRecall
                {
                    Id = made.Id,
                    Kind = made.Kind,
                    Names = names,
                    ProjectNames = projectNames,
                    UnseenNames = unseen,
                    Recalled = answer.Snippets.SelectMany(snippet => Words(snippet.Text)).ToHashSet(StringComparer.Ordinal),
                    Tokens = answer.Snippets.Sum(query.Cost!),
                    Milliseconds = took.TotalMilliseconds,
                }
            );
        }

        return recalls;
    }

    private async Task<(string Path, string Text)> ReadyAsync(EvaluationCase made, CancellationToken cancellation)
    {
        var text = await CaseFile.ReadSourceAsync(made, _root, cancellation);
        var path = Path.GetFullPath(Path.Combine(_root, made.File));
        var missing = await _engine.WhenReadyAsync(path, _timeout, cancellation);
        return missing.Count == 0 ? (path, text) : throw new CaseException($"case '{made.Id}': {string.Join("; ", missing)}");
    }

    private static Position PositionOf(string text, int offset)
    {
        var line = 0;
        var start = Lines.StartOf(text, offset);
        for (var at = 0; at < start; at = Lines.NextOf(text, at))
        {
            line++;
        }

        return new Position(line, offset - start);
    }

    /// <summary>The letters of the identifier in which the cursor stands.</summary>
    private static string Typed(string text, int offset)
    {
        var start = offset;
        while (start > 0 && IsWord(text[start - 1]))
        {
            start--;
        }

        return text[start..offset];
    }

    private static HashSet<string> Words(string text)
    {
        var words = new HashSet<string>(StringComparer.Ordinal);
        for (var start = 0; start < text.Length; start++)
        {
            var end = start;
            while (end < text.Length && IsWord(text[end]))
            {
                end++;
            }

            if (end > start)
            {
                words.Add(text[start..end]);
                start = end;
            }
        }

        return words;
    }

    private static bool IsWord(char c) => char.IsLetterOrDigit(c) || c == '_';
}
