using CodeComplete.Memory.Snippets;
using CodeComplete.Memory.Storage;
using CsCheck;
using LiteDB;

namespace CodeComplete.Memory.Tests;

public sealed class FileDocumentTests
{
    private static StoredFile Sample =>
        StoredFile.Of(SnippetCutter.Cut("Größe/A.cs", Guid.NewGuid(), new FileStamp(1234, 638_000_000_000_000_000), Samples.Synthetic(4)));

    [Fact]
    public void A_file_comes_back_as_it_was_stored()
    {
        var file = SnippetCutter.Cut("Größe/A.cs", Guid.NewGuid(), new FileStamp(1234, 638_000_000_000_000_000), Samples.Synthetic(4));

        var again = FileDocument.Read(BsonSerializer.Deserialize(BsonSerializer.Serialize(FileDocument.Write(StoredFile.Of(file))))).Cut();

        Assert.Equal(
            (file.File.Path, file.File.Hash, file.File.Stamp, file.File.State),
            (again.File.Path, again.File.Hash, again.File.Stamp, again.File.State)
        );
        Assert.Equal(file.Text, again.Text);
        Assert.Equal(file.File.Spans, again.File.Spans);
        Assert.Equal(file.Words.Names, again.Words.Names);
        Assert.Equal(file.Words.Starts, again.Words.Starts);
        Assert.Equal(file.Words.Counts, again.Words.Counts);
    }

    [Theory]
    [InlineData(nameof(FileState.KeptOut))]
    [InlineData(nameof(FileState.Evicted))]
    public void A_noted_file_has_no_text(string name)
    {
        var state = Enum.Parse<FileState>(name);
        var noted = RememberedFile.Noted("A.cs", Guid.NewGuid(), new FileStamp(1, 2), state);

        var again = FileDocument.Read(FileDocument.Write(StoredFile.Of(CutFile.Noted(noted)))).Cut();

        Assert.Equal((noted.Path, noted.Hash, noted.Stamp, state), (again.File.Path, again.File.Hash, again.File.Stamp, again.File.State));
        Assert.Empty(again.Text);
        Assert.Empty(again.File.Spans);
    }

    [Theory]
    [InlineData("path")]
    [InlineData("hash")]
    [InlineData("text")]
    [InlineData("length")]
    [InlineData("state")]
    [InlineData("checksum")]
    public void A_document_without_a_field_is_damaged(string field)
    {
        var document = FileDocument.Write(Sample);
        document.Remove(field);

        Assert.True(MemoryDatabase.IsDamage(Assert.ThrowsAny<Exception>(() => FileDocument.Read(document))));
    }

    [Fact]
    public void Any_changed_byte_of_the_text_is_noticed()
    {
        var document = FileDocument.Write(Sample);
        Gen.Select(Gen.Int[0, 1_000_000], Gen.Byte[1, 255])
            .Sample(change =>
            {
                var (at, difference) = change;
                var bytes = (byte[])document["text"].AsBinary.Clone();
                bytes[at % bytes.Length] ^= difference;
                var damaged = new BsonDocument(document) { ["text"] = bytes };
                Assert.Throws<InvalidDataException>(() => FileDocument.Read(damaged));
            });
    }
}
