using Microsoft.CodeAnalysis.Completion;
using Microsoft.CodeAnalysis.Tags;

namespace CodeComplete.Benchmarks;

/// <summary>The server's list against Roslyn's own, item for item, at one place after the other.</summary>
internal sealed class ListParity(ListServer server, ListReference reference, int seed)
{
    private const int MostItems = 1000;
    private const int ItemsTaken = 3;
    private const int CutItemsAsked = 2;
    private const int LettersTyped = 3;
    private const int Asks = 4;
    private const int Shown = 12;

    // What Roslyn finds in other namespaces is indexed anew, in the background, after each edit.
    private static readonly TimeSpan Indexing = TimeSpan.FromMilliseconds(700);

    private const string Cut = "Roslyn's: past the first 1,000, and the list says that it is incomplete";
    private const string Written = "Roslyn's: an override past the first 40, and the list says that it is incomplete";
    private const string OtherSnippets = "Roslyn's: its own snippets, which are no LSP snippets";
    private const string Snippets = "ours: snippets and templates";
    private const string RoslynsAlone = "Roslyn's: not explained";
    private const string OursAlone = "ours: not explained";

    private readonly Random _random = new(seed);
    private readonly Dictionary<string, (int Items, HashSet<ListPlace> Places)> _classes = [];
    private readonly List<string> _unexplained = [];
    private readonly List<string> _otherTexts = [];
    private readonly List<string> _lost = [];
    private readonly List<string> _otherOrder = [];
    private int _places;
    private int _common;
    private int _askedAgain;
    private int _taken;
    private int _typed;

    private sealed record Difference(string Class, string Item);

    /// <summary>Both must have entered the place.</summary>
    public async Task CompareAsync(ListPlace place, ListAnswer ours, CompletionList theirs)
    {
        var differences = Differences(ours, theirs);
        for (var ask = 1; ask < Asks && differences.Exists(d => d.Class is OursAlone or RoslynsAlone); ask++)
        {
            _askedAgain += ask == 1 ? 1 : 0;
            await Task.Delay(Indexing);
            (ours, theirs) = (await server.AskAsync(), (await reference.AskAsync()).List);
            differences = Differences(ours, theirs);
        }

        _places++;
        foreach (var difference in differences)
        {
            var (items, places) = _classes.GetValueOrDefault(difference.Class, (0, []));
            places.Add(place);
            _classes[difference.Class] = (items + 1, places);
            if (difference.Class is OursAlone or RoslynsAlone)
            {
                _unexplained.Add($"{place}: {difference.Class}: {difference.Item.Replace('\t', ' ')}");
            }
        }

        var byKey = theirs.ItemsList.Index().GroupBy(i => KeyOf(i.Item)).ToDictionary(g => g.Key, g => g.First());
        var common = ours.Items.Where(i => !i.IsSnippet && byKey.ContainsKey(i.Key)).ToList();
        _common += common.Count;
        var sorted = common
            .Where(i => !i.IsStarred)
            .OrderBy(i => i.SortText, StringComparer.OrdinalIgnoreCase)
            .ThenBy(i => byKey[i.Key].Index)
            .ToList();
        if (
            sorted.Zip(sorted.Skip(1)).Where(pair => byKey[pair.First.Key].Index > byKey[pair.Second.Key].Index).Take(1).ToList()
            is [var swapped]
        )
        {
            _otherOrder.Add($"{place}: {swapped.First.Key.Replace('\t', ' ')} before {swapped.Second.Key.Replace('\t', ' ')}");
        }

        foreach (var item in Some(common, ItemsTaken))
        {
            _taken++;
            var (own, roslyns) = ((await server.ResolveAsync(item)).Take(place.Text), await reference.TakeAsync(byKey[item.Key].Item));
            if (own != roslyns)
            {
                _otherTexts.Add($"{place}: {item.Key.Replace('\t', ' ')}: {DifferenceOf(own, roslyns)}");
            }
        }

        if (place.Kind != "inside a word")
        {
            var version = 1;
            foreach (var difference in Some(differences.FindAll(d => d.Class == Cut), CutItemsAsked))
            {
                var typed = new string([.. difference.Item.TakeWhile(c => char.IsLetterOrDigit(c) || c == '_').Take(LettersTyped)]);
                await server.TypeAsync(++version, typed);
                var found = (await server.AskAsync(typed)).Items.Any(i => i.Key == difference.Item);
                _typed++;
                if (!found)
                {
                    _lost.Add($"{place}: {difference.Item.Replace('\t', ' ')} after '{typed}'");
                }
            }
        }
    }

    public void Print()
    {
        Console.WriteLine(
            $"parity at {_places} places; {_common} items in both; {_askedAgain} places asked again while an index was renewed"
        );
        foreach (var (name, (items, places)) in _classes.OrderBy(c => c.Key, StringComparer.Ordinal))
        {
            Console.WriteLine($"  {items, 7} items at {places.Count, 4} places  {name}");
        }

        Console.WriteLine($"  {_otherOrder.Count} places where what is in both and has no star stands in another order");
        Console.WriteLine($"  {_taken} items taken in both: {_otherTexts.Count} leave another document");
        Console.WriteLine(
            $"  {_typed} items past the first 1,000 asked for again with {LettersTyped} letters typed: {_lost.Count} not there"
        );
        foreach (
            var line in _unexplained.Take(Shown).Concat(_otherOrder.Take(Shown)).Concat(_otherTexts.Take(Shown)).Concat(_lost.Take(Shown))
        )
        {
            Console.WriteLine("    " + line);
        }
    }

    private static string KeyOf(CompletionItem item) =>
        ListAnswerItem.KeyOf(
            item.DisplayTextPrefix + item.DisplayText,
            item.DisplayTextSuffix.Length > 0 ? item.DisplayTextSuffix : null,
            item.InlineDescription.Length > 0 ? item.InlineDescription : null
        );

    private static List<Difference> Differences(ListAnswer ours, CompletionList theirs)
    {
        var left = theirs.ItemsList.GroupBy(KeyOf).ToDictionary(g => g.Key, g => new Queue<CompletionItem>(g));
        var differences = new List<Difference>();
        foreach (var item in ours.Items)
        {
            if (!left.TryGetValue(item.Key, out var same) || !same.TryDequeue(out _))
            {
                differences.Add(new Difference(item.IsSnippet ? Snippets : OursAlone, item.Key));
            }
        }

        foreach (var item in left.Values.SelectMany(queue => queue))
        {
            var why =
                item.IsComplexTextEdit && item.Tags.Contains(WellKnownTags.Snippet) ? OtherSnippets
                : !ours.IsIncomplete ? RoslynsAlone
                : ours.Items.Count >= MostItems ? Cut
                : item.IsComplexTextEdit && item.InlineDescription.Length == 0 ? Written
                : RoslynsAlone;
            differences.Add(new Difference(why, KeyOf(item)));
        }

        return differences;
    }

    private IEnumerable<T> Some<T>(List<T> all, int count)
    {
        for (var i = 0; i < Math.Min(count, all.Count); i++)
        {
            yield return all[_random.Next(all.Count)];
        }
    }

    private static string DifferenceOf(string own, string roslyns)
    {
        var from = own.Zip(roslyns).TakeWhile(pair => pair.First == pair.Second).Count();
        return $"'{Part(own)}', not '{Part(roslyns)}'";

        string Part(string text) => text[Math.Max(0, from - 20)..Math.Min(text.Length, from + 40)].ReplaceLineEndings("\\n");
    }
}
