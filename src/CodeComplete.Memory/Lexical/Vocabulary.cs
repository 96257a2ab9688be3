using System.Runtime.InteropServices;
using System.Text;
using CodeComplete.Memory.Storage;

namespace CodeComplete.Memory.Lexical;

/// <summary>
/// Numbers the words of an index: identifiers, in which case counts, and their lower-cased parts, which are words of another kind. All is in flat
/// arrays, so that a hundred thousand words are no objects and come back from an image as they are: the texts one after the other in UTF-8, and
/// a hash table with open addressing over their numbers.
/// </summary>
internal sealed class Vocabulary
{
    private const ushort PartBit = 0x8000;
    private const int LongestWord = 1024;
    private const int SmallestTable = 256;

    // Texts of removed words stay until they are this many bytes and more than half of all.
    private const int LeastGarbage = 64 * 1024;

    private byte[] _texts = [];
    private int _textsEnd;
    private int _garbage;

    // By number: where the text begins, and its length in bytes with the bit of its kind; 0 for a number that is free.
    private int[] _starts = [];
    private ushort[] _lengths = [];

    // A number and one; 0 where nothing is. At most two thirds are taken.
    private int[] _slots = new int[SmallestTable];

    // Typing brings and takes away a name at each keystroke, so numbers are used again.
    private readonly Stack<int> _free = new();

    /// <summary>How many words there are.</summary>
    public int Count => Limit - _free.Count;

    /// <summary>One more than the largest number in use.</summary>
    public int Limit { get; private set; }

    /// <summary>What it takes in memory.</summary>
    public long Bytes => _texts.Length + (_starts.Length * 6L) + (_slots.Length * 4L);

    public int? FindName(string name) => Find(name, 0);

    public int? FindPart(string part) => Find(part, PartBit);

    public int AddName(string name) => Add(name, 0);

    public int AddPart(string part) => Add(part, PartBit);

    /// <summary>Forgets a word that is in no snippet any more.</summary>
    public void Remove(int number)
    {
        var mask = _slots.Length - 1;
        var hole = Slot(Text(number), (ushort)(_lengths[number] & PartBit));
        for (var next = (hole + 1) & mask; _slots[next] != 0; next = (next + 1) & mask)
        {
            // What stands behind the hole moves into it, unless it would come to stand before its own place.
            var home = Home(_slots[next] - 1);
            if (((next - home) & mask) >= ((next - hole) & mask))
            {
                _slots[hole] = _slots[next];
                hole = next;
            }
        }

        _slots[hole] = 0;
        _garbage += Text(number).Length;
        _lengths[number] = 0;
        _free.Push(number);
        if (_garbage > LeastGarbage && _garbage > _textsEnd / 2)
        {
            CloseGaps();
        }
    }

    public void Clear()
    {
        (_texts, _starts, _lengths, _slots) = ([], [], [], new int[SmallestTable]);
        (_textsEnd, _garbage, Limit) = (0, 0, 0);
        _free.Clear();
    }

    /// <summary>The state as sections of an image; <see cref="Restore"/> takes them back.</summary>
    public IEnumerable<byte[]> Sections()
    {
        CloseGaps(); // a word that is forgotten must not reach the disk
        return
        [
            _texts.AsSpan(0, _textsEnd).ToArray(),
            MemoryMarshal.AsBytes(_starts.AsSpan(0, Limit)).ToArray(),
            MemoryMarshal.AsBytes(_lengths.AsSpan(0, Limit)).ToArray(),
            MemoryMarshal.AsBytes<int>(_slots).ToArray(),
        ];
    }

    /// <exception cref="InvalidDataException">The sections do not fit together.</exception>
    public void Restore(ref SectionReader sections)
    {
        _texts = sections.Bytes();
        _starts = sections.Items<int>();
        _lengths = sections.Items<ushort>();
        _slots = sections.Items<int>();
        if (_starts.Length != _lengths.Length || !int.IsPow2(_slots.Length))
        {
            throw new InvalidDataException("The words of an image do not fit together.");
        }

        (_textsEnd, Limit, _garbage) = (_texts.Length, _starts.Length, _texts.Length);
        _free.Clear();
        for (var number = Limit - 1; number >= 0; number--)
        {
            _garbage -= _lengths[number] & ~PartBit;
            if (_lengths[number] == 0)
            {
                _free.Push(number);
            }
        }
    }

    private static uint Hash(ReadOnlySpan<byte> text, ushort kind)
    {
        // FNV-1a; the tables of an image are read by other processes, so it must be the same in all of them.
        var hash = 2166136261u ^ kind;
        foreach (var letter in text)
        {
            hash = (hash ^ letter) * 16777619;
        }

        return hash ^ (hash >> 15);
    }

    private ReadOnlySpan<byte> Text(int number) => _texts.AsSpan(_starts[number], _lengths[number] & ~PartBit);

    private int Home(int number) => (int)(Hash(Text(number), (ushort)(_lengths[number] & PartBit)) & (uint)(_slots.Length - 1));

    // Where the word is, or the empty place where it would be.
    private int Slot(ReadOnlySpan<byte> text, ushort kind)
    {
        var mask = (uint)(_slots.Length - 1);
        for (var slot = Hash(text, kind) & mask; ; slot = (slot + 1) & mask)
        {
            var number = _slots[slot] - 1;
            if (number < 0 || (_lengths[number] == (kind | text.Length) && text.SequenceEqual(Text(number))))
            {
                return (int)slot;
            }
        }
    }

    private int? Find(string word, ushort kind)
    {
        Span<byte> text = stackalloc byte[LongestWord];
        return Encoding.UTF8.TryGetBytes(word, text, out var length) && _slots[Slot(text[..length], kind)] is > 0 and var found
            ? found - 1
            : null;
    }

    private int Add(string word, ushort kind)
    {
        Span<byte> buffer = stackalloc byte[LongestWord];
        var text = buffer[..Encoding.UTF8.GetBytes(word, buffer)];
        var slot = Slot(text, kind);
        if (_slots[slot] > 0)
        {
            return _slots[slot] - 1;
        }

        if ((Count + 1) * 3L > _slots.Length * 2L)
        {
            Widen();
            slot = Slot(text, kind);
        }

        var number = _free.TryPop(out var free) ? free : Limit++;
        if (number >= _starts.Length)
        {
            var size = Math.Max(64, Limit + (Limit / 4));
            Array.Resize(ref _starts, size);
            Array.Resize(ref _lengths, size);
        }

        if (_texts.Length - _textsEnd < text.Length)
        {
            Array.Resize(ref _texts, Math.Max(1024, _texts.Length + (_texts.Length / 4) + text.Length));
        }

        text.CopyTo(_texts.AsSpan(_textsEnd));
        _starts[number] = _textsEnd;
        _lengths[number] = (ushort)(kind | text.Length);
        _textsEnd += text.Length;
        _slots[slot] = number + 1;
        return number;
    }

    private void Widen()
    {
        _slots = new int[_slots.Length * 2];
        for (var number = 0; number < Limit; number++)
        {
            if (_lengths[number] != 0)
            {
                _slots[Slot(Text(number), (ushort)(_lengths[number] & PartBit))] = number + 1;
            }
        }
    }

    private void CloseGaps()
    {
        var texts = new byte[_textsEnd - _garbage];
        var end = 0;
        for (var number = 0; number < Limit; number++)
        {
            var text = Text(number);
            text.CopyTo(texts.AsSpan(end));
            _starts[number] = end;
            end += text.Length;
        }

        (_texts, _textsEnd, _garbage) = (texts, end, 0);
    }
}
