using System.Globalization;

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

    /// <summary>All stages in their order, the whole last.</summary>
    public static IReadOnlyList<(string Name, Func<StageTimings, double> Of)> Stages { get; } =
    [
        ("context", static t => t.Context),
        ("recall", static t => t.Recall),
        ("prompt", static t => t.Prompt),
        ("prefill", static t => t.Prefill),
        ("decode", static t => t.Decode),
        ("verify", static t => t.Verify),
        ("list", static t => t.List),
        ("total", static t => t.Total),
    ];

    /// <summary>As people read it: each stage's name and whole milliseconds.</summary>
    public override string ToString() =>
        string.Join("  ", Stages.Select(stage => string.Create(CultureInfo.InvariantCulture, $"{stage.Name} {stage.Of(this):0}")));
}

/// <summary>What the model read and wrote for one request, over all lines that were tried. All 0 where nothing was asked of it.</summary>
public sealed record DecodingCounts
{
    /// <summary>The prompt's tokens; of both, where two were read (<see cref="GhostRequest.Thorough"/>).</summary>
    public int Prompt { get; init; }

    /// <summary>How many of them the decoder still held when the request came.</summary>
    public int Reused { get; init; }

    /// <summary>Tokens that were written.</summary>
    public int Written { get; init; }

    /// <summary>How many of those had been guessed.</summary>
    public int Drafted { get; init; }

    /// <summary>Calls of the model.</summary>
    public int Calls { get; init; }
}
