using System.Text;

namespace CodeComplete.Memory.Graph;

/// <summary>Reads what <see cref="BinaryWriter"/> wrote, and says so where the bytes cannot be that.</summary>
internal ref struct ByteReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _at;

    public readonly bool AtEnd => _at == _bytes.Length;

    /// <summary>A number from 0 to <paramref name="most"/>, as <see cref="BinaryWriter.Write7BitEncodedInt"/> writes it.</summary>
    /// <exception cref="InvalidDataException">The bytes end, or the number is out of bounds.</exception>
    public int Number(int most)
    {
        uint value = 0;
        for (var shift = 0; shift < 35; shift += 7)
        {
            if (_at == _bytes.Length)
            {
                break;
            }

            var next = _bytes[_at++];
            value |= (uint)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return most >= 0 && value <= (uint)most ? (int)value : throw Damaged();
            }
        }

        throw Damaged();
    }

    /// <summary>How many items follow; never more than there are bytes left.</summary>
    public int Length() => Number(_bytes.Length - _at);

    public string Text()
    {
        var length = Length();
        if (length > _bytes.Length - _at)
        {
            throw Damaged();
        }

        _at += length;
        return Encoding.UTF8.GetString(_bytes.Slice(_at - length, length));
    }

    private static InvalidDataException Damaged() => new("The stored symbols of a file are damaged.");
}
