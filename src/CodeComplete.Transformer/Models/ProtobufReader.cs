using System.Text;

namespace CodeComplete.Transformer;

/// <summary>
/// Reads Protocol Buffers' wire format from a seekable stream and skips what nobody asks for, so that a graph with its weights inside
/// costs no more memory than one without (https://protobuf.dev/programming-guides/encoding/).
/// </summary>
internal sealed class ProtobufReader(Stream stream)
{
    private readonly byte[] _small = new byte[8];

    public long Position => stream.Position;

    public long Length => stream.Length;

    /// <summary>The next field's number and wire type.</summary>
    public (int Field, int Wire) Tag()
    {
        var tag = Varint();
        return ((int)(tag >> 3), (int)(tag & 7));
    }

    /// <exception cref="InvalidDataException">The number does not end.</exception>
    public ulong Varint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = stream.ReadByte();
            if (next < 0)
            {
                throw new EndOfStreamException();
            }

            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw new InvalidDataException();
    }

    /// <summary>Where the length-delimited field that begins here ends.</summary>
    /// <exception cref="InvalidDataException">It would end outside the file.</exception>
    public long Message()
    {
        var length = Varint();
        var end = stream.Position + (long)length;
        return length <= (ulong)stream.Length && end <= stream.Length ? end : throw new InvalidDataException();
    }

    public string Text()
    {
        var bytes = new byte[checked((int)(Message() - stream.Position))];
        stream.ReadExactly(bytes);
        return Encoding.UTF8.GetString(bytes);
    }

    public void Skip(int wire)
    {
        switch (wire)
        {
            case 0:
                Varint();
                break;
            case 1:
                stream.ReadExactly(_small, 0, 8);
                break;
            case 2:
                var end = Message();
                stream.Seek(end, SeekOrigin.Begin);
                break;
            case 5:
                stream.ReadExactly(_small, 0, 4);
                break;
            default:
                throw new InvalidDataException();
        }
    }
}
