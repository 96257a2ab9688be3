using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Completion;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Tags;
using Microsoft.CodeAnalysis.Text;

namespace CodeComplete.Analysis;

/// <summary>Roslyn's completion list and what it says of an item; the product's own order and stars come later.</summary>
public static class ItemLister
{
    // Of a file in several projects or frameworks, in which of them the item is not known.
    private const string InvalidProjectsProperty = "InvalidProjects";

    // Working out what an override writes costs some ten milliseconds.
    private const int MostWritten = 40;

    // Roslyn tags obsolete symbols so; the constant is not public.
    private const string DeprecatedTag = "Deprecated";

    private static readonly Dictionary<string, ListedKind> Kinds = new(StringComparer.Ordinal)
    {
        [WellKnownTags.Class] = ListedKind.Class,
        [WellKnownTags.Constant] = ListedKind.Constant,
        [WellKnownTags.Delegate] = ListedKind.Delegate,
        [WellKnownTags.Enum] = ListedKind.Enum,
        [WellKnownTags.EnumMember] = ListedKind.EnumMember,
        [WellKnownTags.Event] = ListedKind.Event,
        [WellKnownTags.ExtensionMethod] = ListedKind.ExtensionMethod,
        [WellKnownTags.Field] = ListedKind.Field,
        [WellKnownTags.Interface] = ListedKind.Interface,
        [WellKnownTags.Keyword] = ListedKind.Keyword,
        [WellKnownTags.Local] = ListedKind.Local,
        [WellKnownTags.Method] = ListedKind.Method,
        [WellKnownTags.Namespace] = ListedKind.Namespace,
        [WellKnownTags.Operator] = ListedKind.Operator,
        [WellKnownTags.Parameter] = ListedKind.Parameter,
        [WellKnownTags.Property] = ListedKind.Property,
        [WellKnownTags.RangeVariable] = ListedKind.RangeVariable,
        [WellKnownTags.Snippet] = ListedKind.Snippet,
        [WellKnownTags.Structure] = ListedKind.Struct,
        [WellKnownTags.TypeParameter] = ListedKind.TypeParameter,
    };

    /// <param name="offset">The cursor, in UTF-16 units.</param>
    /// <param name="typed">The character that was just typed, where that is why the list is asked for.</param>
    /// <param name="snippets">Whether snippets and postfix templates are listed too.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled.</exception>
    public static async Task<ListedItems> ListAsync(
        DocumentSnapshot snapshot,
        int offset,
        char? typed,
        CancellationToken cancellation,
        bool snippets = false
    )
    {
        offset = Math.Clamp(offset, 0, snapshot.Text.Length);
        var service = Service(snapshot.Document);
        var trigger = typed is { } c ? CompletionTrigger.CreateInsertionTrigger(c) : CompletionTrigger.Invoke;
        if (typed is not null && !service.ShouldTriggerCompletion(snapshot.Text, offset, trigger))
        {
            return new ListedItems([], offset, offset);
        }

        var isMember = IsMemberAt(snapshot.Text, offset);
        var isWhole = ImportIndex.IsRead(snapshot.Document.Project, isMember);
        var list = await service.GetCompletionsAsync(snapshot.Document, offset, trigger, cancellationToken: cancellation);
        _ = CompiledAsync(snapshot.Document.Project);
        if (!isWhole && list.ItemsList.Count > 0)
        {
            _ = ImportIndex.Read(service, snapshot.Document, offset, isMember);
        }

        var commits = new CommitCharacters(service, list, snapshot.Text, offset);
        var written = await WrittenAsync(service, snapshot, list, offset, snippets, cancellation);
        var items = new List<ListedItem>(list.ItemsList.Count);
        foreach (var item in list.ItemsList.Where(i => !IsRoslynSnippet(i) && IsKnownTo(snapshot.Document.Project, i)))
        {
            var text = WrittenText.IsWorkedOut(item) ? written.GetValueOrDefault(item) : WrittenText.Of(item);
            if (text is not null)
            {
                var own = item.IsComplexTextEdit ? CopyAt(item, list.Span) : item;
                items.Add(
                    new ListedItem(own, KindOf(item), text.Text)
                    {
                        Deprecated = item.Tags.Contains(DeprecatedTag),
                        IsSnippet = text.IsSnippet,
                        ReplacesFrom = text.ReplacesFrom,
                        HasEditsElsewhere = text.HasEditsElsewhere,
                        CommitCharacters = commits.Of(item),
                    }
                );
            }
        }

        if (snippets && items.Count > 0)
        {
            var ours = await SnippetsAsync(snapshot.Document, list.Span.Start, items, cancellation);
            items = [.. items.Concat(ours).OrderBy(i => i.SortText, StringComparer.OrdinalIgnoreCase)];
        }

        return new ListedItems(items, list.Span.Start, list.Span.End)
        {
            IsIncomplete = !isWhole && items.Count > 0,
            IsCut = list.ItemsList.Count(IsWorkedOut) > MostWritten,
        };
    }

    /// <summary>
    /// Has the compiler do what the first list of statements in a document would wait for: the compilation, and what could be imported.
    /// </summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled.</exception>
    public static async Task PrepareAsync(DocumentSnapshot snapshot, CancellationToken cancellation)
    {
        if (
            await snapshot.Document.GetSyntaxRootAsync(cancellation) is not { } root
            || root.DescendantNodes().OfType<BlockSyntax>().FirstOrDefault() is not { } body
        )
        {
            return;
        }

        await snapshot.Document.Project.GetCompilationAsync(cancellation);
        var offset = body.OpenBraceToken.Span.End;
        await ListAsync(snapshot, offset, typed: null, cancellation);
        await ImportIndex.Read(Service(snapshot.Document), snapshot.Document, offset, isMember: false).WaitAsync(cancellation);
    }

    /// <summary>The signature, the documentation and the edits of one item of a list of this very snapshot.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled.</exception>
    public static async Task<ListedDetail> DescribeAsync(DocumentSnapshot snapshot, ListedItem item, CancellationToken cancellation)
    {
        if (item.Kind == ListedKind.Snippet)
        {
            return new ListedDetail(Snippet.Preview(item.InsertText), "", []);
        }

        var service = Service(snapshot.Document);
        var description = await service.GetDescriptionAsync(snapshot.Document, item.Item, cancellation);
        var parts = (description?.TaggedParts ?? []).ToList();
        var lineBreak = parts.FindIndex(p => p.Tag == TextTags.LineBreak);
        var signature = string.Concat(parts.Take(lineBreak < 0 ? parts.Count : lineBreak).Select(p => p.Text));
        var documentation = lineBreak < 0 ? "" : string.Concat(parts.Skip(lineBreak).Select(p => p.Text)).Trim();

        var change = await service.GetChangeAsync(snapshot.Document, item.Item, commitCharacter: null, cancellation);
        var edits = change.TextChanges.Select(c => new ListedEdit(c.Span.Start, c.Span.End, c.NewText ?? "")).ToList();
        return new ListedDetail(signature.Trim(), documentation, edits);
    }

    /// <summary>
    /// Roslyn shares the items of what is not imported among its lists, and the next list moves them to its place, maybe before this one is done with them:
    /// a copy stays, at the place of its own list.
    /// </summary>
    private static CompletionItem CopyAt(CompletionItem item, TextSpan span)
    {
        var copy = item.WithTags([.. item.Tags]);
        SetSpan(copy, span);
        return copy;
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_Span")]
    private static extern void SetSpan(CompletionItem item, TextSpan span);

    /// <summary>Roslyn lists from what is compiled already. Whoever asks for no more than lists would never know of changes in other files.</summary>
    private static async Task CompiledAsync(Project project)
    {
        try
        {
            if (!project.TryGetCompilation(out _))
            {
                await Task.Run(() => project.GetCompilationAsync(CancellationToken.None));
            }
        }
        catch (Exception)
        {
            // Who needs the compilation asks again, and is told.
        }
    }

    private static async Task<IReadOnlyList<ListedItem>> SnippetsAsync(
        Document document,
        int wordStart,
        List<ListedItem> listed,
        CancellationToken cancellation
    )
    {
        var model =
            await document.GetSemanticModelAsync(cancellation)
            ?? throw new InvalidOperationException("A C# document has a semantic model.");
        var root = await model.SyntaxTree.GetRootAsync(cancellation);
        return [.. PostfixTemplates.At(model, root, wordStart), .. KeywordSnippets.At(root, wordStart, listed)];
    }

    private static bool IsMemberAt(SourceText text, int offset)
    {
        while (offset > 0 && (char.IsLetterOrDigit(text[offset - 1]) || text[offset - 1] == '_'))
        {
            offset--;
        }

        return offset > 0 && text[offset - 1] == '.';
    }

    private static CompletionService Service(Document document) =>
        CompletionService.GetService(document)
        ?? throw new InvalidOperationException("The C# completion service is not in the composition: CSharp.Features is missing.");

    /// <summary>What those items write of which only Roslyn's change tells: the first of them, those that go on with what is typed before all others.</summary>
    private static async Task<Dictionary<CompletionItem, WrittenText?>> WrittenAsync(
        CompletionService service,
        DocumentSnapshot snapshot,
        CompletionList list,
        int offset,
        bool snippets,
        CancellationToken cancellation
    )
    {
        var typed = snapshot.Text.ToString(TextSpan.FromBounds(list.Span.Start, Math.Max(list.Span.Start, offset)));
        var wanted = list
            .ItemsList.Where(IsWorkedOut)
            .OrderByDescending(i => i.FilterText.StartsWith(typed, StringComparison.OrdinalIgnoreCase));
        // Each takes a fork of the document and knows nothing of the others.
        var texts = await Task.WhenAll(
            wanted
                .Take(MostWritten)
                .Select(item =>
                    Task.Run(
                        async () =>
                            (item, await WrittenText.WorkOutAsync(service, snapshot.Document, item, list.Span, snippets, cancellation)),
                        cancellation
                    )
                )
        );
        return texts.ToDictionary();
    }

    /// <summary>Roslyn lists what any of the file's projects knows, with a warning; what does not compile in the one that answers is left out.</summary>
    private static bool IsKnownTo(Project project, CompletionItem item) =>
        !item.Properties.TryGetValue(InvalidProjectsProperty, out var invalid)
        || !invalid.Contains(project.Id.Id.ToString(), StringComparison.OrdinalIgnoreCase);

    private static bool IsWorkedOut(CompletionItem item) => WrittenText.IsWorkedOut(item) && !IsRoslynSnippet(item);

    /// <summary>They are written by Roslyn's own editors alone; ours are LSP's.</summary>
    private static bool IsRoslynSnippet(CompletionItem item) => item.IsComplexTextEdit && item.Tags.Contains(WellKnownTags.Snippet);

    private static ListedKind KindOf(CompletionItem item)
    {
        foreach (var tag in item.Tags)
        {
            if (Kinds.TryGetValue(tag, out var kind))
            {
                return kind;
            }
        }

        return ListedKind.Other;
    }
}
