using System.Globalization;
using LiteDB;

namespace CodeComplete.Memory.Storage;

/// <summary>One acceptance as one LiteDB document.</summary>
internal static class AcceptanceDocument
{
    private const string ChecksumField = "checksum";

    public static BsonDocument Write(Acceptance acceptance)
    {
        var document = new BsonDocument
        {
            ["_id"] = acceptance.Id,
            ["path"] = acceptance.Path,
            ["text"] = acceptance.Text,
            ["before"] = acceptance.Before,
            // As text: LiteDB's dates lose the offset and what is below a millisecond.
            ["when"] = acceptance.When.ToString("O", CultureInfo.InvariantCulture),
            ["kind"] = acceptance.Kind.ToString(),
            ["source"] = acceptance.Source.ToString(),
        };
        Add("receiver", acceptance.ReceiverType);
        Add("member", acceptance.EnclosingMember);
        Add("place", acceptance.Place);
        if (acceptance.Corrects is { } corrected)
        {
            document["corrects"] = corrected;
        }

        document[ChecksumField] = Checksum.Of(BsonSerializer.Serialize(document));
        return document;

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                document[name] = value;
            }
        }
    }

    /// <exception cref="InvalidDataException">The document is not what <see cref="Write"/> wrote.</exception>
    public static Acceptance Read(BsonDocument document) =>
        IsWhole(document)
        && document["_id"].IsGuid
        && document["path"].IsString
        && document["text"].IsString
        && document["before"].IsString
        && DateTimeOffset.TryParse(document["when"], CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var when)
        && Enum.TryParse<AcceptanceKind>(document["kind"], out var kind)
            ? new Acceptance
            {
                Id = document["_id"].AsGuid,
                Path = document["path"].AsString,
                Text = document["text"].AsString,
                Before = document["before"].AsString,
                When = when,
                Kind = kind,
                // What follows is missing in documents of the first version.
                Source = Enum.TryParse<SuggestionSource>(document["source"], out var source) ? source : default,
                ReceiverType = Text(document["receiver"]),
                EnclosingMember = Text(document["member"]),
                Place = Text(document["place"]),
                Corrects = document["corrects"].IsGuid ? document["corrects"].AsGuid : null,
            }
            : throw new InvalidDataException("A stored acceptance lacks a field, or its checksum is wrong.");

    // A changed byte of the id would be another acceptance beside the journal's. Documents of the first version have no checksum.
    private static bool IsWhole(BsonDocument document)
    {
        if (!document.TryGetValue(ChecksumField, out var checksum))
        {
            return true;
        }

        var rest = new BsonDocument(document.Where(static field => field.Key != ChecksumField).ToDictionary());
        return checksum.IsInt64 && checksum.AsInt64 == Checksum.Of(BsonSerializer.Serialize(rest));
    }

    private static string? Text(BsonValue value) => value.IsString ? value.AsString : null;
}
