using CodeComplete.Analysis;

namespace CodeComplete.Engine.Documents;

/// <summary>Between the contract's positions and the snapshot's offsets.</summary>
internal static class Positions
{
    /// <returns><see langword="null"/> where the position's line is not in the text.</returns>
    public static int? OffsetOf(this DocumentSnapshot snapshot, Position position) => snapshot.OffsetOf(position.Line, position.Character);

    public static Position PositionOf(this DocumentSnapshot snapshot, int offset)
    {
        var (line, character) = snapshot.PlaceOf(offset);
        return new Position(line, character);
    }

    public static TextRange RangeOf(this DocumentSnapshot snapshot, int start, int end) =>
        new(snapshot.PositionOf(start), snapshot.PositionOf(end));
}
