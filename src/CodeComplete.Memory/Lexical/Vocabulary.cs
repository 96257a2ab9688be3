using CodeComplete.Memory.Snippets;

namespace CodeComplete.Memory.Lexical;

/// <summary>Numbers the words of an index: identifiers, in which case counts, and their lower-cased parts, which are words of another kind.</summary>
internal sealed class Vocabulary
{
    private readonly Dictionary<string, int> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _parts = new(StringComparer.Ordinal);
    private readonly List<Word> _words = [];

    // Typing brings and takes away a name at each keystroke, so numbers are used again.
    private readonly Stack<int> _free = new();

    /// <summary>How many words there are.</summary>
    public int Count => _words.Count - _free.Count;

    /// <summary>One more than the largest number in use.</summary>
    public int Limit => _words.Count;

    public int? FindName(string name) => _names.TryGetValue(name, out var id) ? id : null;

    public int? FindPart(string part) => _parts.TryGetValue(part, out var id) ? id : null;

    public int AddName(string name)
    {
        if (!_names.TryGetValue(name, out var id))
        {
            id = Next(new Word(name, IsPart: false, [.. NameParts.Of(name).Select(AddPart)]));
            _names.Add(name, id);
        }

        return id;
    }

    /// <summary>The numbers of the parts of the name with this number.</summary>
    public ReadOnlySpan<int> PartsOf(int name) => _words[name].Parts;

    /// <summary>Forgets a word that is in no snippet any more. A name goes before its parts do.</summary>
    public void Remove(int id)
    {
        var word = _words[id];
        (word.IsPart ? _parts : _names).Remove(word.Text);
        _words[id] = default;
        _free.Push(id);
    }

    public void Clear()
    {
        _names.Clear();
        _parts.Clear();
        _words.Clear();
        _free.Clear();
    }

    private int AddPart(string part)
    {
        if (!_parts.TryGetValue(part, out var id))
        {
            id = Next(new Word(part, IsPart: true, []));
            _parts.Add(part, id);
        }

        return id;
    }

    private int Next(Word word)
    {
        if (_free.TryPop(out var id))
        {
            _words[id] = word;
            return id;
        }

        _words.Add(word);
        return _words.Count - 1;
    }

    private readonly record struct Word(string Text, bool IsPart, int[] Parts);
}
