using CsCheck;

namespace CodeComplete.Memory.Tests.Graph;

public sealed class FileSymbolsBlobTests
{
    private static readonly Gen<string> Text = Any.Of(
        "T:Shop.Money",
        "T:Shop.Mon",
        "M:Shop.Money.Add(System.Int32)",
        "",
        "Größe",
        "😀a",
        "😁",
        "a\nb"
    );

    private static readonly Gen<FileSymbols> Symbols =
        from nodes in Gen.Select(Text, Text, Gen.Enum<SymbolKind>(), Gen.Int[-1, 20], Gen.Int[0, 100_000], Gen.Int[0, 300], Gen.Bool).Array[
            0,
            12
        ]
        from edges in Gen.Select(Gen.Int[-1, 20], Gen.Enum<SymbolRelation>(), Text, Gen.Int[0, 100_000]).Array[0, 12]
        from bound in Gen.Bool
        select new FileSymbols(
            bound,
            [
                .. nodes.Select(
                    (n, i) =>
                    {
                        var (id, name, kind, container, line, lines, isPrivate) = n;
                        return new SymbolNode(
                            id.Length == 0 ? null : id,
                            name,
                            kind,
                            Math.Min(container, i - 1),
                            name + id,
                            line,
                            line + lines,
                            isPrivate
                        );
                    }
                ),
            ],
            [
                .. edges.Select(e =>
                {
                    var (start, relation, target, line) = e;
                    return new SymbolEdge(Math.Min(start, nodes.Length - 1), relation, target, line);
                }),
            ]
        );

    [Fact]
    public void Symbols_come_back_as_they_were_stored()
    {
        Symbols.Sample(symbols =>
        {
            var again = FileSymbolsBlob.Read(FileSymbolsBlob.Write(symbols));

            Assert.Equal(symbols.IsBound, again.IsBound);
            Assert.Equal(symbols.Nodes, again.Nodes);
            Assert.Equal(symbols.Edges, again.Edges);
        });
    }

    [Fact]
    public void Any_changed_byte_and_any_cut_is_noticed()
    {
        Gen.Select(Symbols, Gen.Int[0, 1_000_000], Gen.Byte[1, 255])
            .Sample(
                (symbols, at, difference) =>
                {
                    var blob = FileSymbolsBlob.Write(symbols);
                    Assert.Throws<InvalidDataException>(() => FileSymbolsBlob.Read(blob[..(at % blob.Length)]));
                    blob[at % blob.Length] ^= difference;
                    Assert.Throws<InvalidDataException>(() => FileSymbolsBlob.Read(blob));
                }
            );
    }

    [Fact]
    public void Ids_that_begin_alike_take_little_room()
    {
        var nodes = Enumerable
            .Range(0, 100)
            .Select(i => new SymbolNode(
                $"M:A.Long.Name.Space.Of.A.Project.Type.Member{i}",
                "M",
                SymbolKind.Method,
                -1,
                "void M()",
                i,
                i,
                false
            ));

        Assert.InRange(FileSymbolsBlob.Write(new FileSymbols(IsBound: true, [.. nodes], [])).Length, 1, 100 * 14);
    }
}
