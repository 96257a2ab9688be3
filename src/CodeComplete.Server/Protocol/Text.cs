using System.Text.Json.Serialization;

namespace CodeComplete.Server.Protocol;

/// <summary>A place in a document: both numbers from 0, <paramref name="Character"/> in the units of the position encoding that was agreed on.</summary>
[method: JsonConstructor]
internal readonly record struct Position(int Line, int Character);

/// <summary>From <paramref name="Start"/> up to, not including, <paramref name="End"/>.</summary>
[method: JsonConstructor]
internal readonly record struct Range(Position Start, Position End);

internal sealed record TextEdit(Range Range, string NewText);
