using System.Globalization;
using LiteDB;

namespace CodeComplete.Memory.Storage;

/// <summary>One acceptance as one LiteDB document.</summary>
internal static class AcceptanceDocument
{
    public static BsonDocument Write(Acceptance acceptance) =>
        new()
        {
            ["_id"] = acceptance.Id,
            ["path"] = acceptance.Path,
            ["text"] = acceptance.Text,
            ["before"] = acceptance.Before,
            // As text: LiteDB's dates lose the offset and what is below a millisecond.
            ["when"] = acceptance.When.ToString("O", CultureInfo.InvariantCulture),
            ["kind"] = acceptance.Kind.ToString(),
        };

    /// <exception cref="InvalidDataException">The document is not what <see cref="Write"/> wrote.</exception>
    public static Acceptance Read(BsonDocument document) =>
        document["_id"].IsGuid
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
            }
            : throw new InvalidDataException("A stored acceptance lacks a field.");
}
