using CodeComplete.Engine;

namespace CodeComplete.Server.Documents;

/// <summary>Positions and ranges between the protocol and the engine. Both count alike; only nonsense is taken out on the way in.</summary>
internal static class Places
{
    /// <summary>A negative number, which some clients send for "nowhere", becomes 0.</summary>
    public static Position ToEngine(this Protocol.Position position) => new(Math.Max(0, position.Line), Math.Max(0, position.Character));

    public static TextRange ToEngine(this Protocol.Range range) => new(range.Start.ToEngine(), range.End.ToEngine());

    public static Protocol.Position ToLsp(this Position position) => new(position.Line, position.Character);

    public static Protocol.Range ToLsp(this TextRange range) => new(range.Start.ToLsp(), range.End.ToLsp());
}
