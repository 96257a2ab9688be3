using CodeComplete.Memory.Storage;
using LiteDB;

namespace CodeComplete.Memory.Tests;

public sealed class AcceptanceDocumentTests
{
    private static readonly Acceptance Sample = Opened.Acceptance("Total();") with { ReceiverType = "Invoice", Corrects = Guid.NewGuid() };

    [Fact]
    public void An_acceptance_comes_back_as_it_was_stored() =>
        Assert.Equal(
            Sample,
            AcceptanceDocument.Read(BsonSerializer.Deserialize(BsonSerializer.Serialize(AcceptanceDocument.Write(Sample))))
        );

    [Fact]
    public void Another_id_is_damage_and_no_other_acceptance()
    {
        var document = AcceptanceDocument.Write(Sample);
        document["_id"] = Guid.NewGuid();

        Assert.Throws<InvalidDataException>(() => AcceptanceDocument.Read(document));
    }

    [Fact]
    public void Without_a_checksum_it_is_of_the_first_version_and_read()
    {
        var document = AcceptanceDocument.Write(Sample);
        document.Remove("checksum");

        Assert.Equal(Sample, AcceptanceDocument.Read(document));
    }
}
