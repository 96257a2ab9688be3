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

    /// <summary>Waits for all projects and cuts them.</summary>
    /// <param name="kinds">Of <see cref="CaseKinds"/>; <see langword="null"/>: <see cref="CaseKinds.Default"/>.</param>
    /// <returns>At most <paramref name="count"/>; the same for the same seed, kinds and files.</returns>
    /// <exception cref="TimeoutException">The projects did not load in time.</exception>
    public async Task<IReadOnlyList<EvaluationCase>> MakeAsync(
        int count,
        int seed,
        CancellationToken cancellation,
        IReadOnlyCollection<string>? kinds = null
    )
    {
        await _engine.WhenProjectsLoaded.WaitAsync(_timeout, cancellation);
        await _engine.GenerateAsync(_engine.Workspace.SourceFiles, cancellation);
        return await new CaseMaker(_engine.Workspace, _root, seed, kinds ?? CaseKinds.Default).MakeAsync(count, cancellation);
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
        var original = _engine.Workspace.Take(path)!;
        var results = new List<CaseResult>(ways.Count);
        await using (await BlankAsync(made, path, text, cancellation))
        {
            foreach (var parts in ways)
            {
                results.Add(await AskAsync(made, path, text, parts, cancellation));
            }
        }

        for (var i = 0; i < results.Count; i++)
        {
            results[i] = await CompiledAsync(results[i], made, original, cancellation);
        }

        return results;
    }

    /// <summary>As a user sees the place: ghost text first, then the list, which waits for its stars; and what the compiler says.</summary>
    /// <exception cref="CaseException">The case does not fit its file, the engine did not get ready, or there is no model.</exception>
    public async Task<CaseResult> EvaluateAsync(EvaluationCase made, CancellationToken cancellation)
    {
        var (path, text) = await ReadyAsync(made, cancellation);
        var original = _engine.Workspace.Take(path)!;
        CaseResult result;
        await using (await BlankAsync(made, path, text, cancellation))
        {
            result = await AskAsync(made, path, text, ChainParts.All, cancellation);
            var list = await _engine.CompleteListAsync(
                new ListRequest(path, PositionOf(text, made.Offset), WaitForStars: true),
                cancellation
            );
            var name = Identifiers.In(Typed(text, made.Offset) + made.Wanted) is [var first, ..] ? first : null;
            result = result with
            {
                Name = name,
                Rank = RankOf(name, list.Items),
                Timings = result.Timings with { List = list.Timings.List },
            };
        }

        return await CompiledAsync(result, made, original, cancellation);
    }

    private async Task<CaseResult> AskAsync(EvaluationCase made, string path, string text, ChainParts parts, CancellationToken cancellation)
    {
        _ = await _engine.WhenModelLoaded ?? throw new CaseException("there is no model to ask");
        _engine.Recaller.Forget();
        var answer = await _engine.CompleteInlineAsync(
            new GhostRequest(path, PositionOf(text, made.Offset), Invoked: true) { Thorough = true, Parts = parts },
            cancellation
        );
        var prediction = answer.Ghost is { } ghost ? Lines.RestOf(ghost.Text, 0) : "";
        return new CaseResult
        {
            Id = made.Id,
            Kind = made.Kind,
            File = made.File,
            Offset = made.Offset,
            Groundtruth = made.Groundtruth,
            Standing = made.Standing,
            Prediction = prediction,
            Lines = answer.Ghost is { } lines && lines.Text.AsSpan().TrimEnd().ContainsAny('\r', '\n') ? lines.Text : null,
            Shown = prediction.Length > 0,
            Why = answer.Why,
            Verified = answer.Ghost?.Verified,
            Probability = answer.Ghost?.Probability,
            LowestProbability = answer.Ghost?.LowestProbability,
            Compiles = null,
            Scores = Scores.Of(Typed(text, made.Offset), prediction, made.Wanted),
            Timings = answer.Timings,
        };
    }

    /// <param name="original">The document with the groundtruth.</param>
    private static async Task<CaseResult> CompiledAsync(
        CaseResult result,
        EvaluationCase made,
        DocumentSnapshot original,
        CancellationToken cancellation
    )
    {
        if (!result.Shown)
        {
            return result;
        }

        var finding = await CompileCheck.ReplacedAsync(
            original,
            made.Offset,
            made.Offset + made.Wanted.Length,
            result.Lines ?? result.Prediction,
            cancellation
        );
        return result with
        {
            Compiles = finding.Compiles,
            BringsNoError = finding.BringsNoError,
            Errors = finding.NewErrors.Count > 0 ? finding.NewErrors : null,
        };
    }

    private static int? RankOf(string? name, IReadOnlyList<CompletionEntry> items)
    {
        var at = items
            .OrderBy(item => item.SortText, StringComparer.Ordinal)
            .Index()
            .FirstOrDefault(item => item.Item.Label == name || item.Item.InsertText == name, (-1, null!))
            .Index;
        return at < 0 ? null : at + 1;
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
        var names = Identifiers.In(typed + made.Wanted).Distinct(StringComparer.Ordinal).ToList();
        var own = (await NameUses.InAsync(_engine.Workspace.Take(path)!, cancellation))
            .Where(use => use.Start >= made.Offset - typed.Length && use.Start < made.Offset + made.Wanted.Length)
            .Select(use => use.Name)
            .ToHashSet(StringComparer.Ordinal);

        await using var blanking = await BlankAsync(made, path, text, cancellation);
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

    /// <summary>Takes the case out of all that the engine knows, until what is returned is disposed.</summary>
    /// <param name="text">The file's text, or what is to be taken for it.</param>
    internal Task<Blanking> BlankAsync(EvaluationCase made, string path, string text, CancellationToken cancellation) =>
        Blanking.ApplyAsync(_engine, made, path, text, _copies, cancellation);

    /// <summary>The case's file and text, when all that a request needs is loaded.</summary>
    /// <exception cref="CaseException">The file is not there, or the engine did not get ready.</exception>
    internal async Task<(string Path, string Text)> ReadyAsync(EvaluationCase made, CancellationToken cancellation)
    {
        var text = await CaseFile.ReadSourceAsync(made, _root, cancellation);
        var path = Path.GetFullPath(Path.Combine(_root, made.File));
        var missing = await _engine.WhenReadyAsync(path, _timeout, cancellation);
        return missing.Count == 0
            ? (path, text)
            : throw new CaseException($"case '{made.Id}': {string.Join("; ", missing)} when the time was over");
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
