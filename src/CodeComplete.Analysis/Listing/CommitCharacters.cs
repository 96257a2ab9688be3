using System.Collections.Immutable;
using Microsoft.CodeAnalysis.Completion;
using Microsoft.CodeAnalysis.Text;

namespace CodeComplete.Analysis;

/// <summary>The characters that take the selected item of one list.</summary>
internal sealed class CommitCharacters
{
    private readonly string _all;
    private readonly bool _isOn;

    // Items share a handful of rules, and a list has thousands of items.
    private readonly Dictionary<ImmutableArray<CharacterSetModificationRule>, string> _known = [];

    /// <param name="offset">The cursor, in UTF-16 units.</param>
    public CommitCharacters(CompletionService service, CompletionList list, SourceText text, int offset)
    {
        // Roslyn would only suggest where a new name may be meant, and editors of LSP know no such state. Nor may the first operator typed
        // where nothing was begun take an item; after a dot nothing but a name can come.
        var begun = offset > list.Span.Start || (offset > 0 && text[offset - 1] == '.');
        _isOn = begun && list.SuggestionModeItem is null;
        _all = _isOn ? string.Concat(service.GetRules().DefaultCommitCharacters) : "";
    }

    public string Of(CompletionItem item)
    {
        if (!_isOn)
        {
            return "";
        }

        var rules = item.Rules.CommitCharacterRules;
        if (rules.IsDefaultOrEmpty)
        {
            return _all;
        }

        if (!_known.TryGetValue(rules, out var characters))
        {
            IEnumerable<char> set = _all;
            foreach (var rule in rules)
            {
                set = rule.Kind switch
                {
                    CharacterSetModificationKind.Add => set.Union(rule.Characters),
                    CharacterSetModificationKind.Remove => set.Except(rule.Characters),
                    _ => rule.Characters,
                };
            }

            _known[rules] = characters = string.Concat(set);
        }

        return characters;
    }
}
