using System.Diagnostics;
using System.Globalization;
using CodeComplete.Analysis;
using CodeComplete.Engine.Documents;
using CodeComplete.Engine.Learning;
using CodeComplete.Engine.Ranking;
using CodeComplete.Engine.Startup;

namespace CodeComplete.Engine.Listing;

/// <summary>The list: Roslyn's items, those the model expects put first and starred.</summary>
/// <param name="time">The clock by which scores are late.</param>
internal sealed class ListCompleter(ListScorer scorer, Learner learner, TimeProvider time)
{
    public const int MostItems = 1000;
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(20);

    // A list of stars alone has nothing to send before they are there, and VS Code asks no second time for a list that came empty. Another C#
    // server's list may wait for ours, so this is no longer than a person takes for at once.
    private static readonly TimeSpan LongestWaitForStars = TimeSpan.FromMilliseconds(250);
    private readonly SentLists _sent = new();

    /// <param name="model">The model where it is ready and can score names, or <see langword="null"/>: the list answers without it.</param>
    /// <param name="isModelComing">There is no model yet, but it is being loaded.</param>
    /// <param name="offered">Learns what the list offers, to know it again in the text.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled.</exception>
    public async Task<CompletionAnswer> CompleteAsync(
        DocumentSnapshot snapshot,
        int offset,
        ListRequest request,
        LoadedModel? model,
        bool isModelComing,
        EngineSettings settings,
        OfferedList offered,
        CancellationToken cancellation
    )
    {
        var began = Stopwatch.GetTimestamp();
        var listed = await ItemLister.ListAsync(snapshot, offset, request.TriggerCharacter, cancellation, request.Snippets);
        var range = snapshot.RangeOf(listed.SpanStart, listed.SpanEnd);
        var typed = snapshot.TextOf()[listed.SpanStart..Math.Min(offset, listed.SpanEnd)];

        IReadOnlyDictionary<string, double>? scores = null;
        // Stars alone: an empty list that said it was whole would stay empty as long as the user is in the word.
        var late = isModelComing && settings.List == ListMode.Starred;
        var names = listed.Items.Where(CanBeStarred).Select(i => i.InsertText).Distinct(StringComparer.Ordinal).ToList();
        if (model is not null && names.Count > 0)
        {
            var scoring = scorer.ScoreAsync(snapshot, listed.SpanStart, offset, names, model);
            var longest = settings.List == ListMode.Starred ? LongestWaitForStars : LongestWait;
            scores = await WaitAsync(scoring, request.WaitForStars ? Timeout.InfiniteTimeSpan : longest, cancellation);
            if (scores is null && scoring.IsCompletedSuccessfully)
            {
                scores = await scoring;
            }

            // Cancelled for another place counts as late: the client asks again at the next keystroke.
            late = scores is null && !scoring.IsFaulted;
        }

        var ranked = Rank(listed, typed, scores, name => learner.WeightOf(snapshot.Path, name));
        var stars = scores is null ? 0 : Stars.Count([.. ranked.Select(r => r.Relevance)]);
        var cut = listed.IsCut;
        var chosen = new List<(ListedItem Item, bool Starred)>(Math.Min(MostItems, listed.Items.Count));
        foreach (var (item, relevance) in ranked.Take(stars))
        {
            chosen.Add((item, true));
        }

        if (settings.List == ListMode.Full)
        {
            var starred = chosen.Select(c => c.Item).ToHashSet();
            var known = listed.Items.Count > MostItems ? Identifiers.In(snapshot.TextOf()).ToHashSet(StringComparer.Ordinal) : [];
            foreach (var item in listed.Items.Where(i => !starred.Contains(i)).OrderBy(i => Fit(i, typed, known)))
            {
                if (chosen.Count == MostItems)
                {
                    cut = true;
                    break;
                }

                chosen.Add((item, false));
            }
        }

        offered.Ready(name => chosen.Exists(c => c.Item.InsertText == name));
        var list = _sent.Add(snapshot, listed, [.. chosen.Select(c => c.Item)]);
        var items = chosen.Select((c, i) => Entry(c.Item, new ItemKey(list, i), c.Starred, Removed(snapshot, listed, c.Item))).ToList();
        var took = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        return new CompletionAnswer(
            items,
            cut || late || (listed.IsIncomplete && settings.List == ListMode.Full),
            range,
            new StageTimings { List = took, Total = took }
        );
    }

    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled.</exception>
    public async Task<ItemDetail?> ResolveAsync(ItemKey key, CancellationToken cancellation)
    {
        if (_sent.Find(key) is not { } found)
        {
            return null;
        }

        var (snapshot, listed, item) = found;
        var detail = await ItemLister.DescribeAsync(snapshot, item, cancellation);

        var additional = detail
            .Edits.Where(e =>
                item.HasEditsElsewhere && e.NewText != item.InsertText && (e.End < listed.SpanStart || e.Start > listed.SpanEnd)
            )
            .Select(e => new AdditionalEdit(snapshot.RangeOf(e.Start, e.End), e.NewText))
            .ToList();
        return new ItemDetail(detail.Signature, detail.Documentation, InsertText: null, additional);
    }

    private async Task<IReadOnlyDictionary<string, double>?> WaitAsync(
        Task<IReadOnlyDictionary<string, double>> scoring,
        TimeSpan longest,
        CancellationToken cancellation
    )
    {
        try
        {
            return await scoring.WaitAsync(longest, time, cancellation);
        }
        catch (Exception) when (!cancellation.IsCancellationRequested)
        {
            // Late, superseded by the list of another place, or failed: the list goes without stars (invariant 5).
            return null;
        }
    }

    private static List<(ListedItem Item, Relevance Relevance)> Rank(
        ListedItems listed,
        string typed,
        IReadOnlyDictionary<string, double>? scores,
        Func<string, double> accepted
    )
    {
        if (scores is null)
        {
            return [];
        }

        var best = new Dictionary<string, (ListedItem Item, Relevance Relevance)>(StringComparer.Ordinal);
        foreach (var item in listed.Items.Where(CanBeStarred))
        {
            if (!scores.TryGetValue(item.InsertText, out var p) || !item.InsertText.StartsWith(typed, StringComparison.Ordinal))
            {
                continue;
            }

            var relevance = new Relevance
            {
                LogProbability = p,
                MatchPriority = item.MatchPriority,
                Acceptances = accepted(item.InsertText),
                MatchesCase = typed.Length > 0,
            };
            best.TryAdd(item.InsertText, (item, relevance));
        }

        return [.. best.Values.OrderByDescending(x => x.Relevance.Score)];
    }

    /// <summary>An item that writes more than its name is no continuation of the text that the model could have scored.</summary>
    private static bool CanBeStarred(ListedItem item) => !item.IsComplex && item.Kind != ListedKind.Snippet && item.InsertText.Length > 0;

    /// <summary>
    /// What must not be lost first when the list is cut: what begins with the typed part, and of that what is at hand before types, and types that the
    /// document names before others, and before those that must be imported; then what holds the typed letters, then the rest.
    /// </summary>
    /// <param name="known">The names in the document.</param>
    private static int Fit(ListedItem item, string typed, HashSet<string> known)
    {
        if (item.FilterText.StartsWith(typed, StringComparison.OrdinalIgnoreCase))
        {
            return item is { HasEditsElsewhere: true, Description.Length: > 0 } ? 2
                : IsType(item.Kind) && !known.Contains(item.FilterText) ? 1
                : 0;
        }

        var at = 0;
        foreach (var c in item.FilterText)
        {
            if (at < typed.Length && char.ToUpperInvariant(c) == char.ToUpperInvariant(typed[at]))
            {
                at++;
            }
        }

        return at == typed.Length ? 3 : 4;
    }

    private static bool IsType(ListedKind kind) =>
        kind
            is ListedKind.Class
                or ListedKind.Delegate
                or ListedKind.Enum
                or ListedKind.Interface
                or ListedKind.Struct
                or ListedKind.Namespace;

    private static TextRange? Removed(DocumentSnapshot snapshot, ListedItems listed, ListedItem item) =>
        item.ReplacesFrom is { } start ? snapshot.RangeOf(start, listed.SpanStart) : null;

    private static CompletionEntry Entry(ListedItem item, ItemKey key, bool starred, TextRange? removed) =>
        new()
        {
            Key = key,
            Label = item.Label,
            Kind = KindOf(item.Kind),
            FilterText = item.FilterText,
            // Digits sort before letters, so the stars come first, in their order.
            SortText = starred ? string.Create(CultureInfo.InvariantCulture, $"0{key.Index:D4}") : $"1{item.SortText}",
            InsertText = item.InsertText,
            IsSnippet = item.IsSnippet,
            Removes = removed,
            NeedsResolve = item.HasEditsElsewhere,
            CommitCharacters = item.CommitCharacters,
            Starred = starred,
            Preselected = key.Index == 0 && starred,
            Deprecated = item.Deprecated,
            LabelDetail = item.Suffix.Length > 0 ? item.Suffix : null,
            Description = item.Description.Length > 0 ? item.Description : null,
        };

    private static ItemKind KindOf(ListedKind kind) =>
        kind switch
        {
            ListedKind.Class or ListedKind.Delegate => ItemKind.Class,
            ListedKind.Constant => ItemKind.Constant,
            ListedKind.Constructor => ItemKind.Constructor,
            ListedKind.Enum => ItemKind.Enum,
            ListedKind.EnumMember => ItemKind.EnumMember,
            ListedKind.Event => ItemKind.Event,
            ListedKind.ExtensionMethod or ListedKind.Method => ItemKind.Method,
            ListedKind.Field => ItemKind.Field,
            ListedKind.Interface => ItemKind.Interface,
            ListedKind.Keyword => ItemKind.Keyword,
            ListedKind.Local or ListedKind.Parameter or ListedKind.RangeVariable => ItemKind.Variable,
            ListedKind.Namespace => ItemKind.Module,
            ListedKind.Operator => ItemKind.Operator,
            ListedKind.Property => ItemKind.Property,
            ListedKind.Snippet => ItemKind.Snippet,
            ListedKind.Struct => ItemKind.Struct,
            ListedKind.TypeParameter => ItemKind.TypeParameter,
            _ => ItemKind.Text,
        };
}
