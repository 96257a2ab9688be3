using CodeComplete.Memory.Snippets;
using CodeComplete.Memory.Storage;
using CsCheck;
using LiteDB;

namespace CodeComplete.Memory.Tests;

public sealed class FileDocumentTests
{
    private static CutFile Sample =>
        SnippetCutter.Cut("Größe/A.cs", Guid.NewGuid(), new FileStamp(1234, 638_000_000_000_000_000), Samples.Synthetic(4));

    [Fact]
    public void A_file_comes_back_as_it_was_stored()
    {
        var file = Sample;

        var again = FileDocument.Read(BsonSerializer.Deserialize(BsonSerializer.Serialize(FileDocument.Write(file))));

        Assert.Equal((file.File.Path, file.File.Hash, file.File.Stamp), (again.File.Path, again.File.Hash, again.File.Stamp));
        Assert.Equal(file.File.Text, again.File.Text);
        Assert.Equal(file.File.Spans, again.File.Spans);
        Assert.Equal(file.Words.Names, again.Words.Names);
        Assert.Equal(file.Words.Starts, again.Words.Starts);
        Assert.Equal(file.Words.Counts, again.Words.Counts);
    }

    [Theory]
    [InlineData("path")]
    [InlineData("hash")]
    [InlineData("text")]
    [InlineData("words")]
    [InlineData("checksum")]
    public void A_document_without_a_field_is_damaged(string field)
    {
        var document = FileDocument.Write(Sample);
        document.Remove(field);

        Assert.True(MemoryDatabase.IsDamage(Assert.ThrowsAny<Exception>(() => FileDocument.Read(document))));
    }

    [Fact]
    public void Any_changed_byte_of_text_or_words_is_noticed()
    {
        var document = FileDocument.Write(Sample);
        Gen.Select(Any.Of("text", "words"), Gen.Int[0, 1_000_000], Gen.Byte[1, 255])
            .Sample(change =>
            {
                var (field, at, difference) = change;
                var bytes = (byte[])document[field].AsBinary.Clone();
                bytes[at % bytes.Length] ^= difference;
                var damaged = new BsonDocument(document) { [field] = bytes };
                Assert.Throws<InvalidDataException>(() => FileDocument.Read(damaged));
            });
    }

    [Fact]
    public void Bytes_that_are_no_numbers_are_refused()
    {
        Gen.Byte.Array[0, 30]
            .Sample(bytes =>
            {
                var reader = new ByteReader(bytes);
                try
                {
                    while (!reader.AtEnd)
                    {
                        Assert.InRange(reader.Number(1000), 0, 1000);
                        Assert.InRange(reader.Text().Length, 0, bytes.Length);
                    }
                }
                catch (InvalidDataException)
                {
                    // the one way to say no
                }
            });
    }
}
