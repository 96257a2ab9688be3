namespace CodeComplete.Engine;

public enum EngineState
{
    Starting,
    Loading,
    Indexing,
    Ready,
    Paused,
}

/// <summary>What the engine is doing. <paramref name="Percent"/> is 0 to 100 where the end is known.</summary>
public sealed record EngineStatus(EngineState State, int? Percent, string Message);

public enum NoticeLevel
{
    Information,
    Warning,
    Error,
}

/// <summary>One line to the user, said once: what is missing or broken, and what to do.</summary>
public sealed record Notice(NoticeLevel Level, string Message);

/// <summary>How long each stage of one request took, in milliseconds; 0 where a stage did not run.</summary>
public sealed record StageTimings
{
    public double Context { get; init; }
    public double Recall { get; init; }
    public double Prompt { get; init; }
    public double Prefill { get; init; }
    public double Decode { get; init; }
    public double Verify { get; init; }
    public double List { get; init; }
    public double Total { get; init; }
}
