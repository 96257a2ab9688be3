using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using CodeComplete.Memory.Graph;

namespace CodeComplete.Memory;

/// <summary>
/// <see cref="FileSymbols"/> as bytes: version, checksum, the texts, the nodes, the edges. The texts stand once each, sorted, each without
/// what it shares with the beginning of the one before: ids of one namespace are nearly alike.
/// </summary>
public static class FileSymbolsBlob
{
    private const byte Version = 1;
    private const int HeaderLength = 1 + sizeof(uint);

    public static byte[] Write(FileSymbols symbols)
    {
        ArgumentNullException.ThrowIfNull(symbols);
        var texts = symbols
            .Nodes.SelectMany(n => new[] { n.Id ?? "", n.Name, n.Signature })
            .Concat(symbols.Edges.Select(e => e.Target))
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)
            .ToArray();
        var numbers = texts.Index().ToDictionary(t => t.Item, t => t.Index, StringComparer.Ordinal);
        var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes, Encoding.UTF8, leaveOpen: true);
        writer.Write(new byte[HeaderLength]);
        writer.Write(symbols.IsBound);
        writer.Write7BitEncodedInt(texts.Length);
        var before = "";
        foreach (var text in texts)
        {
            var shared = text.AsSpan().CommonPrefixLength(before);
            // Half a surrogate pair cannot be written.
            shared -= shared > 0 && char.IsHighSurrogate(text[shared - 1]) ? 1 : 0;
            writer.Write7BitEncodedInt(shared);
            writer.Write(text[shared..]);
            before = text;
        }

        writer.Write7BitEncodedInt(symbols.Nodes.Count);
        foreach (var node in symbols.Nodes)
        {
            writer.Write7BitEncodedInt(numbers[node.Id ?? ""]);
            writer.Write7BitEncodedInt(numbers[node.Name]);
            writer.Write7BitEncodedInt(numbers[node.Signature]);
            writer.Write7BitEncodedInt(((int)node.Kind << 1) | (node.IsPrivate ? 1 : 0));
            writer.Write7BitEncodedInt(node.Container + 1);
            writer.Write7BitEncodedInt(node.FirstLine);
            writer.Write7BitEncodedInt(node.LastLine - node.FirstLine);
        }

        writer.Write7BitEncodedInt(symbols.Edges.Count);
        foreach (var edge in symbols.Edges)
        {
            writer.Write7BitEncodedInt(edge.From + 1);
            writer.Write7BitEncodedInt((int)edge.Relation);
            writer.Write7BitEncodedInt(numbers[edge.Target]);
            writer.Write7BitEncodedInt(edge.Line);
        }

        writer.Flush();
        var blob = bytes.ToArray();
        blob[0] = Version;
        BinaryPrimitives.WriteUInt32LittleEndian(blob.AsSpan(1), Checksum(blob));
        return blob;
    }

    /// <exception cref="InvalidDataException">The bytes are not what <see cref="Write"/> wrote, or come from another version.</exception>
    public static FileSymbols Read(byte[] blob)
    {
        ArgumentNullException.ThrowIfNull(blob);
        if (blob.Length < HeaderLength || blob[0] != Version || BinaryPrimitives.ReadUInt32LittleEndian(blob.AsSpan(1)) != Checksum(blob))
        {
            throw new InvalidDataException("The stored symbols of a file are damaged, or of another version.");
        }

        var reader = new ByteReader(blob.AsSpan(HeaderLength));
        var isBound = reader.Number(1) == 1;
        var texts = new string[reader.Length()];
        for (var i = 0; i < texts.Length; i++)
        {
            var before = i == 0 ? "" : texts[i - 1];
            texts[i] = string.Concat(before.AsSpan(0, reader.Number(before.Length)), reader.Text());
        }

        var nodes = new SymbolNode[reader.Length()];
        for (var i = 0; i < nodes.Length; i++)
        {
            var id = Text(ref reader);
            var name = Text(ref reader);
            var signature = Text(ref reader);
            var kind = reader.Number(((int)SymbolKind.EnumMember << 1) | 1);
            var container = reader.Number(i) - 1;
            var first = reader.Number(int.MaxValue);
            var last = first + reader.Number(int.MaxValue - first);
            nodes[i] = new SymbolNode(
                id.Length == 0 ? null : id,
                name,
                (SymbolKind)(kind >> 1),
                container,
                signature,
                first,
                last,
                (kind & 1) != 0
            );
        }

        var edges = new SymbolEdge[reader.Length()];
        for (var i = 0; i < edges.Length; i++)
        {
            var from = reader.Number(nodes.Length) - 1;
            var relation = (SymbolRelation)reader.Number((int)SymbolRelation.Returns);
            var target = Text(ref reader);
            edges[i] = new SymbolEdge(from, relation, target, reader.Number(int.MaxValue));
        }

        return reader.AtEnd
            ? new FileSymbols(isBound, nodes, edges)
            : throw new InvalidDataException("The stored symbols of a file go on after their end.");

        string Text(ref ByteReader from) => texts[from.Number(texts.Length - 1)];
    }

    private static uint Checksum(byte[] blob)
    {
        var sum = uint.MaxValue;
        foreach (var value in blob.AsSpan(HeaderLength))
        {
            sum = BitOperations.Crc32C(sum, value);
        }

        return sum;
    }
}
